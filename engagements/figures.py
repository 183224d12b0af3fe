"""Attendance over time, and which figures are too small to tell. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from statistics import fmean, median
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CategoryKind = Literal["ordinary", "other", "not_stated"]

MINIMUM_PEOPLE: Final = 20
"""With fewer attendees no figure by category is published (record 13)."""

MINIMUM_CATEGORY: Final = 5
"""With fewer people a category has no figure of its own (record 13)."""

STEP: Final = timedelta(minutes=5)

Interval = tuple[datetime, datetime]


@dataclass(frozen=True)
class Presence:
    """One person: when they were there, in any order, perhaps overlapping.

    `seconds` is how long, where a source tells that and no times.
    """

    intervals: tuple[Interval, ...] = ()
    seconds: int | None = None


@dataclass(frozen=True)
class Step:
    """From `at` on, for the length of `STEP`."""

    at: datetime
    present: int
    """People who were there at some time in it."""
    arrived: int
    """People who came for the first time."""


@dataclass(frozen=True)
class Course:
    """How attendance went, as far as times are known."""

    steps: tuple[Step, ...]
    peak: Step | None
    """The step with most people, the first of several; None when no time is known."""
    timed: int
    """People whose times are known."""
    outside: int
    """People of these who were there only before or after the steps told."""
    measured: int
    """People whose time of presence is known to have a length."""
    mean_minutes: int | None
    median_minutes: int | None


def course(people: Iterable[Presence], *, window: Interval) -> Course:
    """The steps begin and end with somebody's presence, inside the window.

    Raises ValueError for an interval that ends before it begins.
    """
    first, last = window
    unions = [(union(person.intervals), person.seconds) for person in people]
    timed = [stretches for stretches, _seconds in unions if stretches]
    clipped = [found for stretches in timed if (found := clip(stretches, first, last))]
    steps = _steps(clipped)
    lengths = [
        length
        for stretches, seconds in unions
        if (length := _length(stretches, clip(stretches, first, last), seconds))
    ]
    return Course(
        steps=steps,
        peak=max(steps, key=lambda step: step.present, default=None),
        timed=len(timed),
        outside=len(timed) - len(clipped),
        measured=len(lengths),
        mean_minutes=_minutes(fmean(lengths)) if lengths else None,
        median_minutes=_minutes(median(lengths)) if lengths else None,
    )


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The same presence in stretches that neither overlap nor touch, in order of time."""
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if end < start:
            raise ValueError(f"{end} is before {start}")
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def clip(stretches: Iterable[Interval], first: datetime, last: datetime) -> list[Interval]:
    """What of them lies inside."""
    return [
        (max(start, first), min(end, last))
        for start, end in stretches
        if start <= last and end >= first
    ]


def too_small(
    figures: Sequence[tuple[CategoryKind, int]],
    *,
    people: int,
    minimum_people: int = MINIMUM_PEOPLE,
    minimum_category: int = MINIMUM_CATEGORY,
) -> set[int] | None:
    """Places of the categories that have no figure of their own; None when none has (record 13).

    *Not stated* is never small: it tells nobody's role. Where no role with people would remain no
    figure is told, because "everybody identified as other" would be untrue.
    """
    if people < minimum_people:
        return None
    small = {
        place
        for place, (kind, count) in enumerate(figures)
        if kind == "ordinary" and 0 < count < minimum_category
    }
    remain = any(
        kind == "ordinary" and count and place not in small
        for place, (kind, count) in enumerate(figures)
    )
    return None if small and not remain else small


def told(figures: Sequence[tuple[CategoryKind, int]], *, people: int) -> list[int | None] | None:
    """The figures with small ones told as part of *other*, and None in their own places.

    None when no figure by category is told, also where there is no *other* to hold the small ones.
    """
    small = too_small(figures, people=people)
    other = next((place for place, (kind, _count) in enumerate(figures) if kind == "other"), None)
    if small is None or (small and other is None):
        return None
    hidden = sum(figures[place][1] for place in small)
    return [
        None if place in small else count + (hidden if place == other else 0)
        for place, (_kind, count) in enumerate(figures)
    ]


def shares(people: Sequence[int]) -> list[int]:
    """Whole percents by largest remainder: they sum to 100, or are all 0 when nobody is there.

    A tie of remainders goes to the larger part, then to the earlier one. Whole numbers
    throughout, so no figure depends on how a float rounds.
    """
    if any(count < 0 for count in people):
        raise ValueError("a part cannot have fewer than 0 people")
    total = sum(people)
    if not total:
        return [0] * len(people)
    percents = [count * 100 // total for count in people]
    by_claim = sorted(range(len(people)), key=lambda i: (-(people[i] * 100 % total), -people[i], i))
    for i in by_claim[: 100 - sum(percents)]:
        percents[i] += 1
    return percents


def _steps(people: Sequence[Sequence[Interval]]) -> tuple[Step, ...]:
    if not people:
        return ()
    begin = _floor(min(stretches[0][0] for stretches in people))
    changes: Counter[int] = Counter()
    arrivals: Counter[int] = Counter()
    for stretches in people:
        arrivals[(stretches[0][0] - begin) // STEP] += 1
        for start, end in _places(stretches, begin):
            changes[start] += 1
            changes[end + 1] -= 1
    present = list(accumulate(changes[place] for place in range(max(changes))))
    return tuple(
        Step(begin + place * STEP, count, arrivals[place]) for place, count in enumerate(present)
    )


def _places(stretches: Iterable[Interval], begin: datetime) -> list[tuple[int, int]]:
    """The steps that a person was there in, as runs: each step once, whatever the stretches."""
    runs: list[tuple[int, int]] = []
    for start, end in stretches:
        first = (start - begin) // STEP
        # Who leaves as a step begins was not there in it; who looked in for a moment was.
        last = max(first, (end - begin - timedelta.resolution) // STEP)
        if runs and first <= runs[-1][1]:
            first = runs[-1][1] + 1
        if first <= last:
            runs.append((first, last))
    return runs


def _floor(moment: datetime) -> datetime:
    """The five minutes of the clock that it lies in."""
    return moment - timedelta(
        minutes=moment.minute % 5, seconds=moment.second, microseconds=moment.microsecond
    )


def _length(
    stretches: Sequence[Interval], inside: Sequence[Interval], seconds: int | None
) -> float:
    """In seconds; 0 when nothing is known but that somebody was there, or only at another time."""
    if stretches and not inside:
        return 0
    measured = sum((end - start).total_seconds() for start, end in inside)
    return measured or seconds or 0


def _minutes(seconds: float) -> int:
    return round(seconds / 60)
