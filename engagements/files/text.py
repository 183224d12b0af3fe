"""Typed text made safe to keep: the same for a form, a frame and a file, for every database."""

from __future__ import annotations

import re
import unicodedata
from itertools import count
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

MARKS_PER_CHARACTER: Final = 8
"""Stacked marks that a character may carry. No living script needs more."""

BLANK_LINES: Final = 3
"""Blank lines that may follow each other."""

_NEW_LINE: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")

_NONCHARACTERS: Final = "".join(
    chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
)

# Controls, lone surrogates, noncharacters, the byte order mark, annotation marks; and the
# embeddings, overrides and isolates (U+202A-202E, U+2066-2069) that can turn a line around.
# The plain direction marks and the joiners stay: Arabic, Hebrew, Persian and emoji need them.
_DROPPED: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb"
    f"\u202a-\u202e\u2066-\u2069{_NONCHARACTERS}]"
)

# Running text in the usual faces is narrower than digits, capitals are wider.
_LETTERS_PER_DIGIT: Final = 1.18
_CAPITAL: Final = 1.25

# str.strip() knows white space only; these two look like it.
_EDGES: Final = (
    " \t\n\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u202f\u205f\u3000\u200b\u2060"
)

# Unassigned and private characters count as seen: they may be an emoji newer than this Python.
_UNSEEN: Final = frozenset({"Zs", "Cf", "Cc", "Mn", "Me", "Mc"})

# Letters and symbols by their category that show nothing: fillers and the empty Braille cell.
_FILLERS: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800")


def clean_text(text: str) -> str:
    """Text of several lines as it may be stored, sent and printed anywhere.

    Drops what no database or file can carry and what can disguise other text, composes (NFC), ends
    lines with LF, and contains towers of marks and stretches of blank lines. What shows nothing at
    all becomes "". Cleaning twice changes nothing.
    """
    text = _DROPPED.sub("", _NEW_LINE.sub("\n", text))
    if not text.isascii():
        # Capped before composing, because ordering a long run of marks takes quadratic time,
        # and after it, because composing can take one mark apart into two.
        text = _with_few_marks(unicodedata.normalize("NFC", _with_few_marks(text)))
    return _without_gaps(text).strip(_EDGES)


def clean_line(text: str) -> str:
    """Text of one line, such as a name: cleaned, every stretch of white space one space."""
    return " ".join(clean_text(text).split())


def first_free(stem: str, taken: Collection[str]) -> str:
    """The stem, or the stem with the first number, from 2 on, that nobody has taken."""
    numbered = (f"{stem}-{number}" for number in count(2))
    return stem if stem not in taken else next(name for name in numbered if name not in taken)


def wrapped_lines(text: str, width: float) -> int:
    """Lines that text takes in a column as wide as so many digits: an estimate, rather too many."""
    room = width * _LETTERS_PER_DIGIT
    return sum(_lines_of_paragraph(paragraph, room) for paragraph in text.split("\n"))


def _with_few_marks(text: str) -> str:
    kept = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        if category in {"Mn", "Me"}:
            marks += 1
            if marks > MARKS_PER_CHARACTER:
                continue
        elif category != "Cf":
            # A joiner between two marks starts no new character.
            marks = 0
        kept.append(char)
    return "".join(kept)


def _without_gaps(text: str) -> str:
    kept = []
    blank = 0
    for line in text.split("\n"):
        shows = any(map(_shows, line))
        blank = 0 if shows else blank + 1
        if blank <= BLANK_LINES:
            kept.append(line if shows else "")
    return "\n".join(kept)


def _shows(char: str) -> bool:
    return unicodedata.category(char) not in _UNSEEN and char not in _FILLERS


def _lines_of_paragraph(paragraph: str, room: float) -> int:
    lines, used = 1, 0.0
    for word in paragraph.split(" "):
        long = _width(word)
        if used and used + 1 + long > room:
            lines, used = lines + 1, long
        else:
            used += long + (1 if used else 0)
        if used > room:
            lines += int(used // room)
            used %= room
    return lines


def _width(word: str) -> float:
    if word.isascii():
        return len(word) if word.islower() else sum(map(_width_of, word))
    return sum(0.0 if unicodedata.combining(char) else _width_of(char) for char in word)


def _width_of(char: str) -> float:
    if unicodedata.east_asian_width(char) in {"W", "F"}:
        return 2.0
    return _CAPITAL if char.isupper() else 1.0
