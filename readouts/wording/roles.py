"""Each role with its people and its share, as a chart and its table say it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from engagements.figures import shares
from readouts.wording.house import HOUSE, House
from readouts.wording.parts import Unsupported, stated_share, words_of
from readouts.wording.sentences import present

if TYPE_CHECKING:
    from readouts.facts import CategoryCount, Facts


class Role(NamedTuple):
    """Its words begin with a capital; its share is in figures, as in "less than 1%"."""

    words: str
    people: int
    share: str


def roles(facts: Facts, *, house: House = HOUSE) -> tuple[Role, ...]:
    """Those that somebody had, in the order of the sentence; none where no shares are told."""
    percents = shares([category.people for category in facts.categories])
    try:
        found = present(facts, percents)
    except Unsupported:
        return ()
    joined = facts.joined or 0
    return tuple(
        Role(
            _words(category, house),
            category.people,
            stated_share(category.people, joined, percent, house=house),
        )
        for category, percent in found
    )


def _words(category: CategoryCount, house: House) -> str:
    own = words_of(category, house)
    is_role = category.kind != "not_stated"
    words = own.noun_phrase if is_role else f"{own.verb} {own.noun_phrase}"
    return words[:1].upper() + words[1:]
