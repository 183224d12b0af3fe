"""How the chosen questions spread over all written ones, and which would mend a gap. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

from engagements.figures import shares

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

Dimension = Literal["label", "category", "votes", "disposition"]
Gap = tuple[Dimension, str]
"""A group that a choice leaves out: a dimension and the key in it."""

DIMENSIONS: Final[tuple[Dimension, ...]] = get_args(Dimension)

NOTABLE_PERCENT: Final = 10
"""A group with this share of all questions should not be missing in a choice."""

MOST_SUGGESTED: Final = 5

_BANDS: Final = (1, 5, 20, 100)
"""Votes from which on the next band begins."""

BANDS: Final = tuple(str(least) for least in (0, *_BANDS))


@dataclass(frozen=True)
class Asked:
    """A written question, as far as a choice looks at it: no words and nobody's name."""

    pk: int
    groups: Mapping[Dimension, str]
    """Key of its group in each dimension; "" for none."""
    people: int
    votes: int
    is_quotable: bool
    is_chosen: bool = False
    is_public: bool = True
    """The room saw it. To quote another one makes it public."""


@dataclass(frozen=True)
class Group:
    """Written questions that are alike in one dimension. Percents of all groups make 100."""

    key: str
    asked: int
    chosen: int
    asked_percent: int
    chosen_percent: int
    is_notable: bool
    """It has at least `NOTABLE_PERCENT` of all questions, exactly counted, not rounded."""
    is_quotable: bool
    """A question of it is chosen or could be."""

    @property
    def gap(self) -> int:
        """In points: above 0 the choice has more of it than everything that was asked."""
        return self.chosen_percent - self.asked_percent

    @property
    def is_missing(self) -> bool:
        """The choice leaves a notable group out, and need not."""
        return self.is_notable and self.is_quotable and not self.chosen


@dataclass(frozen=True)
class Suggestion:
    """A question that would bring these missing groups in."""

    pk: int
    mends: tuple[Gap, ...]


def band_of(votes: int) -> str:
    """The least number of votes in the band of this one, as a key of a group."""
    return str(max((least for least in _BANDS if least <= votes), default=0))


def spread(
    questions: Sequence[Asked], dimension: Dimension, *, order: Iterable[str]
) -> list[Group]:
    """The groups of one dimension that have questions: in the order given, others after them."""
    asked = Counter(one.groups[dimension] for one in questions)
    chosen = Counter(one.groups[dimension] for one in questions if one.is_chosen)
    quotable = {one.groups[dimension] for one in questions if one.is_quotable or one.is_chosen}
    keys = [key for key in dict.fromkeys((*order, *asked)) if asked[key]]
    percents = zip(
        shares([asked[key] for key in keys]), shares([chosen[key] for key in keys]), strict=True
    )
    return [
        Group(
            key=key,
            asked=asked[key],
            chosen=chosen[key],
            asked_percent=all_of_them,
            chosen_percent=of_chosen,
            is_notable=asked[key] * 100 >= len(questions) * NOTABLE_PERCENT,
            is_quotable=key in quotable,
        )
        for key, (all_of_them, of_chosen) in zip(keys, percents, strict=True)
    ]


def missing(questions: Sequence[Asked]) -> list[Gap]:
    """Groups that a choice should not leave out, and does. Without a choice: all of them.

    In a dimension that tells nothing apart there is nothing to miss.
    """
    found = ((dimension, spread(questions, dimension, order=())) for dimension in DIMENSIONS)
    return [
        (dimension, group.key)
        for dimension, groups in found
        if len(groups) > 1
        for group in groups
        if group.is_missing
    ]


def suggestions(questions: Sequence[Asked], *, most: int = MOST_SUGGESTED) -> list[Suggestion]:
    """Few questions that together bring the missing groups in.

    Each time the one that brings in most of what is still missing, of those that are public if
    any does; of several the one that more people asked, then that with more votes, then the
    earlier one.
    """
    gaps = set(missing(questions))
    left = [one for one in questions if one.is_quotable and not one.is_chosen]
    found: list[Suggestion] = []
    while gaps and len(found) < most:
        best = min(left, key=lambda one: _rank(one, len(mended(one, gaps))))
        found.append(Suggestion(best.pk, mended(best, gaps)))
        gaps.difference_update(found[-1].mends)
    return found


def _rank(one: Asked, mends: int) -> tuple[object, ...]:
    return not mends, not one.is_public, -mends, -one.people, -one.votes, one.pk


def mended(one: Asked, gaps: Collection[Gap]) -> tuple[Gap, ...]:
    """Which of these groups the question is in."""
    return tuple(gap for gap in one.groups.items() if gap in gaps)
