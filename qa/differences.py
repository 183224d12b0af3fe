"""What was changed between two texts, word by word. Pure."""

from __future__ import annotations

import unicodedata
from difflib import SequenceMatcher
from itertools import groupby
from typing import Final, NamedTuple

KEPT: Final = "kept"
REMOVED: Final = "removed"
ADDED: Final = "added"

LONGEST_COMPARED: Final = 12_000
"""Characters of two texts together. To compare two words by words costs up to the product of their
lengths: of this, seconds, and of two answers as long as they may be, most of an hour."""

_APOSTROPHES: Final = "'\N{RIGHT SINGLE QUOTATION MARK}"


class Piece(NamedTuple):
    """`kind` is KEPT, REMOVED or ADDED. Each piece is whole words in their logical order, so that
    a page may set each off by its own direction."""

    kind: str
    text: str


def differences(before: str, after: str) -> list[Piece]:
    """Pieces in reading order: kept and removed ones together are `before`, kept and added ones
    `after`, to the letter. Of texts that are too long to compare, one is removed and the other
    added."""
    if before == after:
        return [Piece(KEPT, before)] if before else []
    if len(before) + len(after) > LONGEST_COMPARED:
        return _changed(before, after)
    old, new = _tokens(before), _tokens(after)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            _add(pieces, KEPT, old[a:b])
        else:
            _add(pieces, REMOVED, old[a:b])
            _add(pieces, ADDED, new[c:d])
    return _without_islands(pieces)


def _tokens(text: str) -> list[str]:
    """White space, words with their marks and apostrophes, and signs one by one: of any script."""
    tokens: list[str] = []
    for kind, letters in groupby(text, key=_kind):
        found = "".join(letters)
        tokens += found if kind == "sign" else [found]
    return tokens


def _kind(letter: str) -> str:
    if letter.isspace():
        return "space"
    is_sign = unicodedata.category(letter)[0] in "PS" and letter not in _APOSTROPHES
    return "sign" if is_sign else "word"


def _add(pieces: list[Piece], kind: str, tokens: list[str]) -> None:
    if tokens:
        pieces.append(Piece(kind, "".join(tokens)))


def _without_islands(pieces: list[Piece]) -> list[Piece]:
    """White space alone that was kept between two changes makes one change of them: a sentence
    put anew reads as one, not as a word here and a word there."""
    joined: list[Piece] = []
    removed, added = "", ""
    for index, piece in enumerate(pieces):
        is_last = index == len(pieces) - 1
        if piece.kind == REMOVED:
            removed += piece.text
        elif piece.kind == ADDED:
            added += piece.text
        elif piece.text.isspace() and removed and added and not is_last:
            removed += piece.text
            added += piece.text
        else:
            joined += _changed(removed, added)
            removed, added = "", ""
            joined.append(piece)
    return joined + _changed(removed, added)


def _changed(removed: str, added: str) -> list[Piece]:
    both = (Piece(REMOVED, removed), Piece(ADDED, added))
    return [piece for piece in both if piece.text]
