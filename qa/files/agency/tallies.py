"""What is on a list, counted by disposition, label and role category."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from engagements.figures import MINIMUM_PEOPLE
from qa.files.agency import statuses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.forwarded import ListFacts, ListRow

Counts = list[tuple[str, int]]


def check(facts: ListFacts, rows: Sequence[ListRow]) -> None:
    """Raises ValueError when facts and rows contradict each other, since a list whose own figures
    do not add up must not leave the house."""
    listed = sum(not row.is_withdrawn for row in rows)
    if listed != facts.questions or listed > facts.received:
        raise ValueError(
            f"{facts.questions} questions of {facts.received} are stated, {listed} listed"
        )
    if len(rows) - listed != facts.withdrawn:
        raise ValueError(
            f"{facts.withdrawn} withdrawn questions are stated, {len(rows) - listed} listed"
        )
    if len({row.number for row in rows}) != len(rows):
        raise ValueError("a number stands twice on the list")


def by_status(rows: Sequence[ListRow]) -> Counts:
    """By key, in the order in which statuses are explained."""
    counted = Counter(row.status for row in rows if not row.is_withdrawn)
    return [(key, counted[key]) for key in statuses.STATUSES if counted[key]]


def by_label(rows: Sequence[ListRow]) -> Counts:
    """The most frequent first, those without one last."""
    return _named(Counter(row.label for row in rows if not row.is_withdrawn), _("No label"))


def by_category(facts: ListFacts, rows: Sequence[ListRow]) -> Counts:
    """Role categories that travel, and all other questions together; nothing where so few people
    attended that figures by category are not told at all (record 13)."""
    if facts.joined is None or facts.joined < MINIMUM_PEOPLE:
        return []
    return _named(Counter(row.category for row in rows if not row.is_withdrawn), _("Not told"))


def _named(counted: Counter[str], without: str) -> Counts:
    rest = counted.pop("", 0)
    named = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return [*named, *([(without, rest)] if rest else [])]
