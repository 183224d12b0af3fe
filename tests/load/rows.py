"""The table of targets, from what was measured. Pure: figures in, rows out.

Processor time of a broadcast is *marginal*: what an event costs with one watcher (a transaction, a
row of the log, a reply to the desk) is subtracted, so that what remains is the cost of telling one
more person. The idiomatic server and the floor broadcast without a database, and the same is
subtracted from them. The whole cost per delivery stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tests.load import plans
from tests.load.bench import POSTGRES, SQLITE, Measurement
from tests.load.servers import BARE, DAPHNE, FLOOR, IDIOMATIC, OURS, UVICORN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.load.bench import Figures, Results

NOTHING: Final = "not measured"
FRAME_SECONDS: Final = 0.25
LATEST_COUNT: Final = FRAME_SECONDS + 0.2
FLAT: Final = 1.2 / 0.8
"""Within 20% of the middle, both ways."""


@dataclass(frozen=True, slots=True)
class Row:
    """A figure; with a target it says whether that was met."""

    what: str
    figure: str
    target: str = ""
    met: bool | None = None


class Table:
    def __init__(self, results: Results, *, quick: bool) -> None:
        self.results = results
        self.sizes = plans.sizes(quick=quick)
        self.storm = plans.storm(quick=quick)

    def parts(self) -> Iterator[tuple[str, list[Row]]]:
        for people in self.sizes:
            yield f"Broadcast to {people:,}", list(self._broadcast(people))
        yield "The same behind daphne", list(self._daphne())
        yield "50 events a second to 1,000", list(self._fifty())
        yield "Vote storm: 1,000 votes in 10 s, all watching", list(self._votes())
        yield "Asking, acknowledged after commit, 1,000 askers", list(self._asks())
        yield f"Connect storm of {self.storm:,} with 50 questions each", list(self._connects())
        yield "Memory of a connection", list(self._memory())
        yield "Slow readers, cost curve, workers", list(self._rest())

    def _step(self, step: str, system: str, people: int, server: str = UVICORN) -> Figures:
        wanted = Measurement(system=system, people=people, server=server)
        return self.results.get(str(wanted), {}).get(step, {})

    def _marginal(
        self, system: str, people: int, step: str = "events", server: str = UVICORN
    ) -> float | None:
        """Seconds of the server's processor for telling one more person of one event."""
        many = self._step(step, system, people, server)
        one = self._step(step, system, plans.ONE, server)
        if not many or not one or many["deliveries"] <= many["events"]:
            return None
        before = one["server_cpu"] / one["events"] * many["events"]
        more: int = many["deliveries"] - many["events"]
        cost: float = many["server_cpu"] - before
        return cost / more

    def _cost(self, system: str, people: int, step: str = "events", server: str = UVICORN) -> Row:
        figures = self._step(step, system, people, server)
        marginal = self._marginal(system, people, step, server)
        if marginal is None:
            return Row(system, NOTHING)
        whole = figures["server_cpu"] / figures["deliveries"]
        text = f"{_micro(marginal)} a delivery ({_micro(whole)} in all)"
        if figures["deliveries"] < figures["wanted"]:
            text += f", {figures['deliveries']:,} of {figures['wanted']:,} arrived"
        return Row(system, f"{text}, {_spread(figures)}, {_client(figures)}")

    def _broadcast(self, people: int) -> Iterator[Row]:
        systems = [FLOOR, OURS, *([IDIOMATIC] if people in plans.IDIOMATIC_SIZES else [])]
        for system in systems:
            yield self._cost(system, people)
        ours = self._marginal(OURS, people)
        if people in plans.IDIOMATIC_SIZES:
            least = {1_000: 15.0, 3_000: 40.0}.get(people)
            yield _times_less(self._marginal(IDIOMATIC, people), ours, least)
        most = 2.0 if people >= 1_000 else None
        yield _of_the_floor(ours, self._marginal(FLOOR, people), most)
        if people == 10_000:
            yield _at_most("p99 to all 10,000", self._step("events", OURS, people).get("p99"), 250)

    def _daphne(self) -> Iterator[Row]:
        people = plans.DAPHNE_SIZE
        for system in (OURS, IDIOMATIC):
            yield self._cost(system, people, server=DAPHNE)
        ours = self._marginal(OURS, people, server=DAPHNE)
        yield _times_less(self._marginal(IDIOMATIC, people, server=DAPHNE), ours, 5)
        yield _of_the_floor(ours, self._marginal(FLOOR, people), 7)

    def _fifty(self) -> Iterator[Row]:
        for system in (FLOOR, OURS):
            yield self._cost(system, 1_000, "fifty")
        ours, floor = (self._marginal(system, 1_000, "fifty") for system in (OURS, FLOOR))
        yield _of_the_floor(ours, floor, 0.65)

    def _votes(self) -> Iterator[Row]:
        found = {one: self._step("votes", one, 1_000) for one in (FLOOR, OURS, IDIOMATIC)}
        for system, figures in found.items():
            yield Row(system, _vote_text(figures))
        cost = {system: figures.get("server_cpu") for system, figures in found.items()}
        ratio = _times_less(cost[IDIOMATIC], cost[OURS], 10)
        if found[IDIOMATIC] and not _is_final(found[IDIOMATIC]):
            # It would have cost more: too little here says nothing.
            ratio = replace(ratio, figure=f"> {ratio.figure}", met=ratio.met or None)
        yield ratio
        yield _of_the_floor(cost[OURS], cost[FLOOR], 0.25)
        ours = found[OURS]
        last = ours["final_after"] * 1000 if _is_final(ours) else None
        yield _at_most("last count on every screen after", last, LATEST_COUNT * 1000)

    def _asks(self) -> Iterator[Row]:
        for database in (SQLITE, POSTGRES):
            found = {
                system: self.results.get(str(plans.asking(system, database)), {}).get("asks", {})
                for system in (OURS, IDIOMATIC)
            }
            for system, figures in found.items():
                yield Row(f"{database}, {system}", _ask_text(figures))
            ours, other = (found[one].get("a_second") for one in (OURS, IDIOMATIC))
            yield _times_less(ours, other, 8, f"{database}: asks a second, ours ÷ idiomatic")
            cost = [_each(found[one], "asks") for one in (IDIOMATIC, OURS)]
            yield _times_less(
                cost[0], cost[1], None, f"{database}: CPU of an ask, idiomatic ÷ ours"
            )
            yield _at_most(f"{database}: p99 of ours", found[OURS].get("p99"), 200)

    def _connects(self) -> Iterator[Row]:
        systems = (FLOOR, BARE, OURS, IDIOMATIC)
        found = {one: self._step("connect", one, self.storm) for one in systems}
        for system, figures in found.items():
            yield Row(system, _connect_text(figures))
        cost = {system: figures.get("server_cpu") for system, figures in found.items()}
        yield _times_less(cost[IDIOMATIC], cost[OURS], 5)
        yield _of_the_floor(cost[OURS], cost[FLOOR], 3)

    def _memory(self) -> Iterator[Row]:
        for people in self.sizes:
            if people >= 1_000:
                for system in (FLOOR, BARE, OURS, IDIOMATIC):
                    each = self._step("connect", system, people).get("bytes_each")
                    if each is not None and system != OURS:
                        yield Row(f"{people:,}, {system}", f"{each / 1000:.1f} KB")
                    if system == OURS:
                        thousands = None if each is None else each / 1000
                        yield _at_most(f"{people:,}, {system}", thousands, 30, "KB")

    def _rest(self) -> Iterator[Row]:
        yield self._stalled()
        costs = [self._marginal(OURS, people) for people in self.sizes]
        known = [one for one in costs if one is not None]
        ratio = max(known) / min(known) if len(known) > 1 else None
        span = f"{self.sizes[0]:,} to {self.sizes[-1]:,}"
        yield _at_most(f"CPU a delivery from {span} watchers: most / least", ratio, FLAT, "times")
        yield self._workers()

    def _stalled(self) -> Row:
        figures = self.results.get(str(plans.stalled()), {})
        what = "five who do not read: change of the others' p99"
        if "after" not in figures:
            return Row(what, NOTHING, "< 10 %")
        before, during, after = (figures[one]["p99"] for one in ("before", "stalled", "after"))
        change = during / ((before + after) / 2) - 1
        text = f"{change:+.0%} ({before:.1f}, {during:.1f}, {after:.1f} ms)"
        return Row(what, text, "< 10 %", change < 0.1)

    def _workers(self) -> Row:
        """Deliveries for a second of the busier one's processor, two against one."""
        people = plans.WORKERS_SIZE
        wanted = Measurement(system=OURS, people=people, workers=2)
        two = self.results.get(str(wanted), {}).get("events", {})
        one = self._step("events", OURS, people)
        what = "two workers with Redis carry, by CPU time of the busier one"
        if not one or not two:
            return Row(what, NOTHING, "≥ 1.8 times")
        carry = [each["deliveries"] / each["busiest_cpu"] for each in (two, one)]
        ratio = carry[0] / carry[1]
        return Row(what, f"{ratio:.2f} times of one", "≥ 1.8 times", ratio >= 1.8)


def _times_less(
    other: float | None, ours: float | None, least: float | None, what: str = ""
) -> Row:
    what = what or "idiomatic ÷ ours"
    target = f"≥ {least:g} times" if least else ""
    if not other or not ours:
        return Row(what, NOTHING, target)
    ratio = other / ours
    return Row(what, f"{ratio:.1f} times", target, ratio >= least if least else None)


def _of_the_floor(ours: float | None, floor: float | None, most: float | None) -> Row:
    target = f"≤ {most:g} times" if most else ""
    if not ours or not floor:
        return Row("ours ÷ floor", NOTHING, target)
    ratio = ours / floor
    return Row("ours ÷ floor", f"{ratio:.2f} times", target, ratio <= most if most else None)


def _at_most(what: str, figure: float | None, most: float, unit: str = "ms") -> Row:
    target = f"≤ {most:g} {unit}"
    if figure is None:
        return Row(what, NOTHING, target)
    return Row(what, f"{figure:.3g} {unit}", target, figure <= most)


def _each(figures: Figures, what: str) -> float | None:
    """The server's processor time for one of them."""
    if not figures.get(what):
        return None
    cost: float = figures["server_cpu"] / figures[what]
    return cost


def _micro(seconds: float) -> str:
    return f"{seconds * 1e6:.1f} µs"


def _spread(figures: Figures) -> str:
    if "p50" not in figures:
        return "nothing arrived"
    return f"p50 / p99 {figures['p50']:,.1f} / {figures['p99']:,.1f} ms"


def _client(figures: Figures) -> str:
    return f"client {figures['client_share']:.0%}, others {figures['others_share']:.0%}"


def _is_final(votes: Figures) -> bool:
    """Whether every screen had every last count before the time was over."""
    return bool(votes) and votes["screens"] == votes["people"]


def _vote_text(figures: Figures) -> str:
    if not figures:
        return NOTHING
    text = f"{figures['server_cpu']:.2f} s of CPU, {figures['frames']:,} frames"
    if not _is_final(figures):
        text += f", given up after {figures['seconds']:.0f} s"
        return f"{text} with {figures['screens']} screens up to date, {_client(figures)}"
    last = f"last count everywhere after {figures['final_after'] * 1000:.0f} ms"
    return f"{text}, {last}, acknowledged {_spread(figures)}, {_client(figures)}"


def _ask_text(figures: Figures) -> str:
    if not figures:
        return NOTHING
    each = _each(figures, "asks")
    pace = f"{figures['a_second']:,.0f} a second, {_micro(each) if each else 'none'} of CPU each"
    busy = f"server {figures['server_cpu'] / figures['seconds']:.0%}"
    return f"{pace}, {_spread(figures)}, {busy}, {_client(figures)}"


def _connect_text(figures: Figures) -> str:
    if not figures:
        return NOTHING
    failed = sum(figures["failures"].values())
    text = f"{figures['server_cpu']:.2f} s of CPU, all there after {figures['seconds']:.2f} s"
    return f"{text}{f', {failed} failed' if failed else ''}, {_client(figures)}"
