"""What the last paragraph of a readout promises. Pure.

The house's own sentences are recognized in any language, because a promise is what the paragraph
says only when there is something to promise. In words that an editor has written, the promise is
looked for in English and Spanish; what is not found is added by hand.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from readouts.facts import Facts

SHARE_LIST: Final = "share_list"
POST_PRESENTATION: Final = "post_presentation"

LONGEST: Final = 500
"""Characters of a promise that are kept."""

_ENDS: Final = re.compile(r"(?<=[.!?])\s+")
_WORDS: Final = {
    SHARE_LIST: re.compile(
        r"\b(?:shar|forward|send|provid|pass|submit|compart|envi|remit)\w*\b.*"
        r"\b(?:inquir|question|concern|pregunta|consulta)",
        re.IGNORECASE | re.DOTALL,
    ),
    POST_PRESENTATION: re.compile(
        r"\b(?:post|publish|public|upload|make available)\w*\b.*\b(?:presentation|slide|presentaci|"
        r"diapositiva)",
        re.IGNORECASE | re.DOTALL,
    ),
}
_IN_FUTURE: Final = re.compile(
    r"\b(?:will|shall|going to|plans? to|\w+(?:rá|rán|remos))\b", re.IGNORECASE
)


class Promise(NamedTuple):
    kind: str
    text: str
    """The sentence that promises it, as it was published."""


def of_house(facts: Facts, closing: Callable[[Facts], str]) -> list[Promise]:
    """What the house's closing of these facts promises.

    A sentence promises to share the list when it would not stand there without questions, and to
    post the presentation when it would not without one.
    """
    said = closing(facts)
    without = {
        SHARE_LIST: closing(_without_questions(facts)),
        POST_PRESENTATION: closing(replace(facts, posts_presentation=False)),
    }
    applies = {SHARE_LIST: facts.questions > 0, POST_PRESENTATION: facts.posts_presentation}
    found = []
    for kind, less in without.items():
        text = _gained(said, less, without[_other(kind)])
        if applies[kind] and said != less and text:
            found.append(Promise(kind, text[:LONGEST]))
    return found


def of_words(closing: str) -> list[Promise]:
    """What a closing in somebody's own words, as plain text, promises: each kind once."""
    found: dict[str, Promise] = {}
    for sentence in _sentences(closing):
        if not _IN_FUTURE.search(sentence):
            continue
        for kind, words in _WORDS.items():
            if kind not in found and words.search(sentence):
                found[kind] = Promise(kind, sentence[:LONGEST])
    return list(found.values())


def _without_questions(facts: Facts) -> Facts:
    return replace(facts, questions=0, dispositions=(), labels=())


def _other(kind: str) -> str:
    return SHARE_LIST if kind == POST_PRESENTATION else POST_PRESENTATION


def _gained(said: str, less: str, other: str) -> str:
    """The sentences that are there only because of this promise: a sentence that is put a little
    differently beside another promise belongs to that other one."""
    sentences = [one for one in _sentences(said) if one not in _sentences(less)]
    own = [one for one in sentences if one in _sentences(other)]
    return " ".join(own or sentences)


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in _ENDS.split(" ".join(text.split())) if sentence]
