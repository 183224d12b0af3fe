"""Which $words each phrase may and must have, and what is wrong with a house. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from string import Template
from typing import TYPE_CHECKING, Final, NamedTuple

from readouts.wording.house import HOUSE, House
from readouts.wording.parts import begins_with
from readouts.wording.sentences import VARIANTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST: Final = 600
"""Characters of a phrase."""

MOST_NUMBERS: Final = 101
"""Zero to one hundred."""

_ENDING: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that end a line, or can turn the rest of it around."""

FIGURES: Final = frozenset({"people", "questions", "hundreds"})
"""$words that stand for a figure. A sentence never begins with one."""

_KIND: Final = ("kind", "a_kind", "this_kind")
_NAMES: Final = ("office", "agency")


@dataclass(frozen=True)
class Phrase:
    """`needed` are $words without which it would say too little, `others` those it may have."""

    needed: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    joins: bool = False
    """Stands between parts of a sentence: blanks at its ends count."""
    is_sentence: bool = False
    """Its figures come from the facts only: none is typed into it."""

    @property
    def words(self) -> tuple[str, ...]:
        return (*self.needed, *self.others)


PLAIN: Final = Phrase()
JOINT: Final = Phrase(joins=True)
PHRASES: Final[Mapping[str, Phrase]] = {
    **dict.fromkeys(
        (
            "label speakers materials answers chart chart_category chart_people chart_share others"
        ).split(),
        PLAIN,
    ),
    "version": Phrase(("version", "date")),
    "page": Phrase(("page", "pages")),
    "calendar_date": Phrase(("month", "day", "year")),
    "thousands": JOINT,
    "opening": Phrase(("date", "office", "about"), ("department", "departments", "agency", *_KIND)),
    "joined": Phrase(("people",), _KIND, is_sentence=True),
    "joined_by_one": Phrase((), _KIND, is_sentence=True),
    "joined_by_nobody": Phrase((), _KIND, is_sentence=True),
    "rounded": Phrase(("hundreds",), _KIND, is_sentence=True),
    "including": Phrase(("people", "names"), _KIND, is_sentence=True),
    "including_uncounted": Phrase(("names",), _KIND, is_sentence=True),
    "between_names": JOINT,
    "before_last_name": JOINT,
    "first_share": Phrase(("share", "verb", "noun_phrase"), is_sentence=True),
    "next_share": Phrase(("share", "verb", "noun_phrase"), is_sentence=True),
    "percent_in_words": Phrase(("number",), is_sentence=True),
    "percent_in_figures": Phrase(("number",), is_sentence=True),
    "exactly": Phrase(("share",), is_sentence=True),
    "less_than": Phrase(("share",), is_sentence=True),
    "more_than": Phrase(("share",), is_sentence=True),
    "between_shares": JOINT,
    "before_last_share": JOINT,
    "questions": Phrase(("questions", "answered"), _KIND, is_sentence=True),
    "questions_uncounted": Phrase(("answered",), _KIND, is_sentence=True),
    "one_question": Phrase(("answered",), _KIND, is_sentence=True),
    "no_question": Phrase((), is_sentence=True),
    "answered_could": Phrase((), is_sentence=True),
    "answered_possible": Phrase((), is_sentence=True),
    "answered_all": Phrase((), is_sentence=True),
    "answered_one": Phrase((), is_sentence=True),
    "feedback": Phrase(("questions",), ("answered", *_KIND), is_sentence=True),
    "feedback_uncounted": Phrase((), ("answered", *_KIND), is_sentence=True),
    "one_feedback": Phrase((), ("answered", *_KIND), is_sentence=True),
    "no_feedback": Phrase((), is_sentence=True),
    "sample": Phrase((), is_sentence=True),
    "whole_list": Phrase((), is_sentence=True),
    "whole_list_of_one": Phrase((), is_sentence=True),
    "feedback_sample": Phrase((), is_sentence=True),
    "feedback_list": Phrase((), is_sentence=True),
    "share_list": Phrase(("agency",), ("office", *_KIND)),
    "share_one": Phrase(("agency",), ("office", *_KIND)),
    "share_unattributed": Phrase(("agency",), ("office", *_KIND)),
    "post": Phrase((), (*_NAMES, "this_kind")),
    "post_too": Phrase((), (*_NAMES, "this_kind")),
}
"""Every phrase of a house that is one text, by the name of its field."""

HABITS: Final[Mapping[str, tuple[str, ...]]] = {
    **{f"{slot}_by": tuple(variants) for slot, variants in VARIANTS.items()},
    "subject": ("questions", "feedback"),
    "percent_by": ("sign", "spelled", "in_words"),
    "numbers_by": ("figures", "below_ten"),
}
"""What a house may choose from, the original's habit first."""

TABLES: Final = ("months", "number_words", "kinds", "categories")


class Problem(NamedTuple):
    """`field` is not right, for the reason `code`; `words` are those that it is about."""

    field: str
    code: str
    words: tuple[str, ...] = ()


def problems(house: House) -> Iterator[Problem]:
    """What keeps a house from wording every readout."""
    for name, phrase in PHRASES.items():
        yield from _problems_of(name, phrase, getattr(house, name))
    for name, choices in HABITS.items():
        if getattr(house, name) not in choices:
            yield Problem(name, "unknown_choice")
    for name, number in (("months", 12), ("number_words", MOST_NUMBERS)):
        yield from _problems_of_list(name, getattr(house, name), number)
    for name in ("kinds", "categories"):
        for key, words in getattr(house, name).items():
            if not all(words):
                yield Problem(name, "incomplete", (key,))
            if any(len(word) > LONGEST or _is_broken(word) for word in words):
                yield Problem(name, "broken", (key,))


def left_in_english(house: House) -> list[str]:
    """Phrases of a house in another language that are still the original's."""
    if house.language == HOUSE.language:
        return []
    names = [name for name, phrase in PHRASES.items() if _has_words(getattr(HOUSE, name))]
    return [name for name in (*names, *TABLES) if getattr(house, name) == getattr(HOUSE, name)]


def _has_words(phrase: str) -> bool:
    """Of a language, beside those that are filled in."""
    return re.search(r"[^\W\d_]", re.sub(r"\$\w+", "", phrase)) is not None


def _problems_of(name: str, phrase: Phrase, text: str) -> Iterator[Problem]:
    if not text.strip() and name != "thousands":
        yield Problem(name, "empty")
        return
    if len(text) > LONGEST or _is_broken(text):
        yield Problem(name, "broken")
        return
    template = Template(text)
    if not template.is_valid():
        yield Problem(name, "lone_sign")
        return
    found = template.get_identifiers()
    if unknown := tuple(word for word in found if word not in phrase.words):
        yield Problem(name, "unknown_word", unknown)
    if missing := tuple(word for word in phrase.needed if word not in found):
        yield Problem(name, "missing_word", missing)
    if phrase.is_sentence and any(sign.isdecimal() for sign in text):
        yield Problem(name, "typed_figure")
    if begun := tuple(word for word in FIGURES if begins_with(text, word)):
        yield Problem(name, "begins_with_figure", begun)


def _problems_of_list(name: str, entries: tuple[str, ...], number: int) -> Iterator[Problem]:
    if len(entries) != number:
        yield Problem(name, "wrong_number", (str(number), str(len(entries))))
    elif len({entry.casefold() for entry in entries}) < number:
        yield Problem(name, "repeated")
    if any(not entry or _is_broken(entry) or len(entry) > LONGEST for entry in entries):
        yield Problem(name, "broken")


def _is_broken(text: str) -> bool:
    return any(sign in _TURNING or unicodedata.category(sign) in _ENDING for sign in text)
