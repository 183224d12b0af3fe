"""What a stakeholder is told of a question before it is sent. Only ever a hint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qa import identifiers, likeness, states
from qa.queries.kinds import name_of

if TYPE_CHECKING:
    from qa import messages
    from qa.models import Floor

MOST_LIKE: Final = 2
CLOSE: Final = 0.85
"""So alike that it is offered before sending, and not only while somebody types."""
MOST_LOOKED_AT: Final = 200
"""Shown questions that are compared letter by letter: everybody who types asks for hints."""
LONGEST_WORDS: Final = 60


def hints(floor: Floor, text: str, *, by: int) -> messages.Hints:
    """What looks like a personal identifier in a text, and shown questions that ask alike.

    The questions of the registration `by` are left out: nobody is sent to vote for the own one.
    """
    return {
        "identifiers": [
            {"kind": found.kind, "name": name_of(found.kind), "words": found.words[:LONGEST_WORDS]}
            for found in identifiers.find(text)
        ],
        "similar": _similar(floor, text, by),
    }


def _similar(floor: Floor, text: str, by: int) -> list[messages.Similar]:
    shown = floor.questions.filter(state=states.SHOWN).exclude(asker=by).order_by()
    texts = dict(shown.values_list("number", "text"))
    near = likeness.nearest(text, texts.items(), most=MOST_LOOKED_AT)
    return [
        {"number": number, "text": texts[number], "is_close": alike >= CLOSE}
        for number, alike in likeness.likely(text, near, most=MOST_LIKE)
    ]


def is_worth_a_stop(found: messages.Hints) -> bool:
    """Whether a question is held up once to tell of these."""
    return bool(found["identifiers"]) or any(one["is_close"] for one in found["similar"])
