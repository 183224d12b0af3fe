"""Text as a table can hold it: what has no place there is made visible, and can be had back."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST_TEXT: Final = 32_767
"""UTF-16 units in one cell; spreadsheet programs cut what is longer."""

# Controls but tab and line ends, lone surrogates, and U+FFFE and U+FFFF: no XML holds them.
_NOT_XML: Final = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
_NAMED: Final = re.compile(r"⟦U\+([0-9A-F]{4,6})⟧")
_TO_NAME: Final = re.compile(f"[{_NOT_XML}]|⟦(?=U\\+[0-9A-F]{{4,6}}⟧)")

# In the order of ASVS 5.0, 1.2.10, then what some programs take for one of these, and our own mark.
_GUARDED: Final = frozenset("=+-@\t\x00\r\n\uff1d\uff0b\uff0d\uff20\ufeff'")
_GUARD: Final = "'"

_WIDTH_OF_NAME: Final = len("⟦U+FFFF⟧")
_LONGEST_NAME: Final = len("⟦U+10FFFF⟧")

_LOOKED_BACK: Final = 200
"""Characters that a cut may go back in search of a good place."""


def visible(text: str) -> str:
    """The text with each character that no XML can hold as its name, such as ⟦U+0007⟧.

    `restored` gives back exactly what came in, also of a text that has such a name in it.
    """
    return _TO_NAME.sub(lambda found: f"⟦U+{ord(found[0]):04X}⟧", text)


def restored(text: str) -> str:
    """What `visible` was given. A name of no character stays as it is."""
    return _NAMED.sub(_character, text)


def units(text: str) -> int:
    """Length as spreadsheet programs count it: in UTF-16."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def pieces(text: str, longest: int = LONGEST_TEXT) -> list[str]:
    """A text in parts that a cell holds once they are visible, which read in turn are the text.

    No part ends within a character, within what looks like a name or, where it can be helped,
    beside white space or before a mark, so that what trims or composes cells does no harm.
    """
    parts: list[str] = []
    while units(visible(text)) > longest:
        cut = _cut(text, longest)
        parts.append(text[:cut])
        text = text[cut:]
    return [*parts, text]


def guarded(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet could take it for a formula."""
    return _GUARD + text if text[:1] in _GUARDED else text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if text[:1] == _GUARD and text[1:2] in _GUARDED else text


def _character(found: re.Match[str]) -> str:
    number = int(found[1], 16)
    return chr(number) if number <= 0x10FFFF else found[0]


def _cut(text: str, longest: int) -> int:
    end, room = 0, longest - _width(text, 0)
    while room >= 0:
        end += 1
        room -= _width(text, end)
    looked_at = range(end, max(end - _LOOKED_BACK, 0), -1)
    whole = [place for place in looked_at if not _is_in_name(text, place)]
    return next((place for place in whole if _is_quiet(text, place)), whole[0])


def _width(text: str, place: int) -> int:
    if _TO_NAME.match(text, place):
        return _WIDTH_OF_NAME
    return 2 if text[place] > "\uffff" else 1


def _is_in_name(text: str, place: int) -> bool:
    opened = text.rfind("⟦", max(0, place - _LONGEST_NAME), place)
    found = _NAMED.match(text, opened) if opened >= 0 else None
    return found is not None and found.end() > place


def _is_quiet(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    return not (before.isspace() or after.isspace() or unicodedata.category(after)[0] == "M")
