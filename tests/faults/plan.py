"""What befalls the servers, and when: the same for the same seed."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

KILL: Final = signal.SIGKILL
ALL: Final = (
    *[("worker", KILL)] * 3, ("worker", signal.SIGTERM), *[("valkey", KILL)] * 2,
    *[("postgres", KILL)] * 2,
)  # fmt: skip
SQLITE: Final = (("worker", KILL),) * 2
QUIET: Final = 2.0
"""Seconds without a fault at the beginning, and half of those at the end: all happen amid asks."""

AWAY: Final = (0.3, 2.0)
LAST: Final = ("valkey", KILL)
LAST_WORDS: Final = 2.0
"""For so long the announcements are away at the end, while one last thing is done that nothing
follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """In seconds, `at` counts from the first ask, `away` until the server is started again.

    It happens right after the next acknowledgement: if that was not true yet, it never will be.
    """

    server: str
    how: signal.Signals
    at: float
    away: float


def faults(
    kinds: Sequence[tuple[str, signal.Signals]], seconds: float, workers: int, rng: Random
) -> list[Fault]:
    """All of these, in any order and spread over the time."""
    shuffled = rng.sample(kinds, len(kinds))
    first = rng.randrange(workers)
    step = (seconds - 3 * QUIET) / len(kinds)
    return [
        Fault(
            server=f"worker-{(first + turn) % workers}" if kind == "worker" else kind,
            how=how,
            at=QUIET + step * (turn + rng.uniform(0, 0.8)),
            away=rng.uniform(*AWAY),
        )
        for turn, (kind, how) in enumerate(shuffled)
    ]
