"""What was answered in a poll, counted; and which of it is told by role category. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engagements.figures import MINIMUM_CATEGORY, MINIMUM_PEOPLE, shares
from qa import states

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engagements.figures import CategoryKind

STEPS: Final = 5
"""A scale goes from 1 to this."""


@dataclass(frozen=True)
class Counted:
    """How many people answered, and how many of them chose the first, second … of the answers."""

    answers: int
    counts: tuple[int, ...]

    def __add__(self, other: Counted) -> Counted:
        both = zip(self.counts, other.counts, strict=True)
        return Counted(self.answers + other.answers, tuple(one + more for one, more in both))


@dataclass(frozen=True)
class Group:
    """A role category and what its people answered."""

    label: str
    kind: CategoryKind
    counted: Counted


def count(chosen: Iterable[tuple[Sequence[int], int]], *, places: int) -> Counted:
    """Of what was chosen, as places from 1, and by how many people each. A place that there is
    not is left out: what is stored may be older than the poll's answers."""
    counts = [0] * places
    answers = 0
    for choice, people in chosen:
        answers += people
        for place in set(choice):
            if 1 <= place <= places:
                counts[place - 1] += people
    return Counted(answers, tuple(counts))


def percents(counted: Counted, *, kind: str) -> list[int]:
    """Whole percents of who answered. They sum to 100 but where several answers may be chosen."""
    if kind != states.SEVERAL_CHOICES:
        return shares(counted.counts)
    people = counted.answers
    # Half a percent counts as a whole one; in whole numbers, so that no float decides.
    return [(200 * one + people) // (2 * people) if people else 0 for one in counted.counts]


def mean(counted: Counted) -> float | None:
    """Of a scale, to a tenth; None when nobody answered."""
    people = sum(counted.counts)
    if not people:
        return None
    total = sum(step * one for step, one in enumerate(counted.counts, 1))
    return (20 * total + people) // (2 * people) / 10


def told_by_group(groups: Sequence[Group], *, other: str) -> list[tuple[str, Counted]] | None:
    """The answers by role category, so that none points at a person; None when none are told.

    Stricter than attendance (record 13), because here a figure is an opinion: with fewer than
    `MINIMUM_PEOPLE` answers nothing is told; a category with fewer than `MINIMUM_CATEGORY`, *not
    stated* too, is told within *other*; and where *other* would itself be as small, the next
    smallest category joins it. `other` is its label where no category is.
    """
    present = [group for group in groups if group.counted.answers]
    if sum(group.counted.answers for group in present) < MINIMUM_PEOPLE:
        return None
    own = [group for group in present if group.kind != "other"]
    rest = [group for group in present if group.kind == "other"]
    own.sort(key=lambda group: -group.counted.answers)
    while own and (_is_small([own[-1]]) or _is_small(rest)):
        rest.append(own.pop())
    if not any(group.kind == "ordinary" for group in own):
        return None
    kept = [(group.label, group.counted) for group in present if group in own]
    if rest:
        label = next((group.label for group in groups if group.kind == "other"), other)
        kept.append((label, _sum(rest)))
    return kept


def _is_small(groups: Sequence[Group]) -> bool:
    return 0 < sum(group.counted.answers for group in groups) < MINIMUM_CATEGORY


def _sum(groups: Sequence[Group]) -> Counted:
    first, *others = (group.counted for group in groups)
    for one in others:
        first = first + one
    return first
