"""Which measurements are made: all of them, or in quick mode enough for a look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.load.bench import POSTGRES, SQLITE, Measurement
from tests.load.servers import BARE, DAPHNE, FLOOR, IDIOMATIC, OURS

if TYPE_CHECKING:
    from collections.abc import Iterator

Step = dict[str, Any]

ONE: Final = 1
"""With one watcher: what an event costs before anybody else is told."""

ASKERS: Final = 1_000
VOTERS: Final = 1_000
STALLED: Final = 5
SIZES: Final = (200, 1_000, 3_000, 10_000)
QUICK_SIZES: Final = (200, 1_000)
IDIOMATIC_SIZES: Final = (200, 1_000, 3_000)
DAPHNE_SIZE: Final = 1_000
WORKERS_SIZE: Final = 3_000
# It falls behind at once, and each event takes the longer the more there are.
IDIOMATIC_EVENTS: Final = {ONE: 40, 200: 40, 1_000: 15, 3_000: 5}


def sizes(*, quick: bool) -> tuple[int, ...]:
    return QUICK_SIZES if quick else SIZES


def storm(*, quick: bool) -> int:
    """How many connect at once, in the row of that name."""
    return QUICK_SIZES[-1] if quick else IDIOMATIC_SIZES[-1]


def measurements(*, quick: bool) -> Iterator[Measurement]:
    """What is compared comes close together: a machine is not the same all the time."""
    idiomatic = {ONE, 1_000} if quick else {ONE, *IDIOMATIC_SIZES}
    for people in (ONE, *sizes(quick=quick)):
        for system in (FLOOR, OURS, IDIOMATIC):
            if system != IDIOMATIC or people in idiomatic:
                steps = _broadcast(system, people, quick=quick)
                yield Measurement(system=system, people=people, steps=steps)
    yield Measurement(system=BARE, people=storm(quick=quick))
    for system in (OURS, IDIOMATIC):
        for people in (ONE, DAPHNE_SIZE):
            events = {"events": _ten_a_second(system, people, quick=quick)}
            yield Measurement(system=system, people=people, steps=events, server=DAPHNE)
        for database in (SQLITE,) if quick else (SQLITE, POSTGRES):
            steps = {"asks": {"do": "asks", "seconds": 4 if quick else 10, "limit": 60}}
            yield asking(system, database, steps)
    if not quick:
        yield stalled()
        events = {"events": _ten_a_second(OURS, WORKERS_SIZE, quick=quick)}
        yield Measurement(system=OURS, people=WORKERS_SIZE, steps=events, workers=2)


def asking(system: str, database: str, steps: dict[str, Step] | None = None) -> Measurement:
    return Measurement(
        name="asking", system=system, people=ASKERS, steps=steps or {}, database=database
    )


def stalled() -> Measurement:
    """Slower than frames are gathered, so that each event leaves at once, and long."""
    before: Step = {"do": "events", "count": 64, "rate": 8.0, "limit": 60}
    steps: dict[str, Step] = {
        "before": before,
        "stall": {"do": "stall"},
        "stalled": before | {"count": 160},
        "after": before,
    }
    return Measurement(system=OURS, people=1_000, steps=steps, stalled=STALLED)


def _broadcast(system: str, people: int, *, quick: bool) -> dict[str, Step]:
    steps: dict[str, Step] = {"events": _ten_a_second(system, people, quick=quick)}
    if system != IDIOMATIC and people in {ONE, 1_000}:
        count = 100 if quick else 250
        steps["fifty"] = {"do": "events", "count": count, "rate": 50.0, "limit": 40}
    if people == VOTERS:
        limit = 12 if quick and system == IDIOMATIC else 60
        steps["votes"] = {"do": "votes", "seconds": 10, "limit": limit}
    return steps


def _ten_a_second(system: str, people: int, *, quick: bool) -> Step:
    """Three a second for ten thousand, which is as much for one core."""
    step: Step = {"do": "events", "count": 30 if quick else 60, "rate": 10.0, "limit": 60}
    if system == IDIOMATIC:
        return step | {"count": IDIOMATIC_EVENTS[people]}
    if people == 10_000:
        return step | {"count": 30, "rate": 3.0}
    if people in {ONE, 200} and not quick:
        # Little is done for each, and much of it is the transaction of the mark.
        return step | {"count": 150}
    return step
