"""How words are compared in a search: found in a text, folded, and asked for. Pure.

Both databases are given folded words only, so that they find the same: all they add is the stem of
an English word. A word is a run of letters, digits and marks; in scripts that are written without
spaces each character is one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST_WORD: Final = 40
"""Characters of a word that count."""

LONGEST_QUERY: Final = 400
"""Characters of a query that are read."""

MOST_TERMS: Final = 16
"""Of a query; more would only slow the search down."""

MOST_BYTES: Final = 500_000
"""Of one text's folded words. PostgreSQL keeps at most a megabyte of index for a row, and nothing
but different short words takes twice its length there."""

# Thai, Lao, Burmese, Khmer, Han, Hiragana, Katakana: no spaces between words.
_UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Python's \w leaves out the marks that vowels are written with in many scripts.
_MARKS: Final = "".join(
    char for char in map(chr, range(0x300, 0xFE30)) if unicodedata.category(char)[0] == "M"
)
_LETTER: Final = f"[^\\W_{_UNSPACED}]"
_WORD: Final = re.compile(f"[{_UNSPACED}][{_MARKS}]*|{_LETTER}(?:{_LETTER}+|[{_MARKS}]+)*")
_ASCII_WORD: Final = re.compile("[A-Za-z0-9]+")
_CHUNK: Final = re.compile(r'(-?)"([^"]*)"?|(-?)([^\s"]+)')


class Word(NamedTuple):
    """A word of a text, folded, and where it stands there."""

    folded: str
    start: int
    end: int


class Piece(NamedTuple):
    """A part of an excerpt, as it stands in the text: found, or around it."""

    text: str
    is_hit: bool = False


@dataclass(frozen=True)
class Term:
    """Words that follow each other."""

    words: tuple[str, ...]
    is_excluded: bool = False


@dataclass(frozen=True)
class Query:
    """All terms have to be met. Without a wanted one nothing is found."""

    terms: tuple[Term, ...] = ()

    @property
    def has_words(self) -> bool:
        return any(not term.is_excluded for term in self.terms)


def words(text: str) -> Iterator[Word]:
    for found in _pattern(text).finditer(text):
        if folded := _fold(found[0]):
            yield Word(folded, found.start(), found.end())


def indexed(text: str) -> str:
    """The folded words of a text in their order, one space between, as far as there is room."""
    folded = " ".join(filter(None, map(_fold, _pattern(text).findall(text))))
    if len(folded) * 4 <= MOST_BYTES or len(folded.encode()) <= MOST_BYTES:
        return folded
    cut = folded.encode()[: MOST_BYTES + 1].decode(errors="ignore")
    return cut.rpartition(" ")[0]


def asked(text: str) -> Query:
    """What somebody typed into the search box. No text is an error.

    Words in quotation marks, and parts of one word such as `I-485`, have to follow each other; `-`
    before a word leaves out what has it.
    """
    terms = []
    for chunk in _CHUNK.finditer(text[:LONGEST_QUERY]):
        quoted, plain = chunk[2], chunk[4]
        found = tuple(word.folded for word in words(plain if quoted is None else quoted))
        if found:
            terms.append(Term(found, is_excluded=bool(chunk[1] or chunk[3])))
    return Query(tuple(terms[:MOST_TERMS]))


def marked(folded: str) -> list[bool]:
    """Which words were found, of folded words that a database put in square brackets."""
    flags, is_open = [], False
    for piece in folded.split(" "):
        is_open = is_open or "[" in piece
        flags.append(is_open)
        is_open = is_open and "]" not in piece
    return flags


def excerpt(text: str, flags: Sequence[bool], *, most: int = 45) -> list[Piece]:
    """Where in the text most was found, so many words of it; without a find, how it begins.

    `flags` are those of its words in their order. They may end early: the rest was not searched.
    """
    spans = [found.span() for found in _pattern(text).finditer(text) if _fold(found[0])]
    hits = [place for place, is_hit in enumerate(flags[: len(spans)]) if is_hit]
    first = max(0, _densest(hits, most) - most // 5)
    last = min(first + most, len(spans)) - 1
    if last < first:
        return []
    pieces = [] if first == 0 else [Piece("… ")]
    start = 0 if first == 0 else spans[first][0]
    for place in (hit for hit in hits if first <= hit <= last):
        word_start, word_end = spans[place]
        pieces += [Piece(text[start:word_start]), Piece(text[word_start:word_end], True)]
        start = word_end
    end = len(text) if last == len(spans) - 1 else spans[last][1]
    pieces.append(Piece(text[start:end]))
    if end < len(text):
        pieces.append(Piece(" …"))
    return [piece for piece in pieces if piece.text]


def _densest(hits: Sequence[int], most: int) -> int:
    """The first hit that has most others within so many words."""
    best, most_there, end = 0, 0, 0
    for start, hit in enumerate(hits):
        while end < len(hits) and hits[end] < hit + most - most // 5:
            end += 1
        if end - start > most_there:
            best, most_there = hit, end - start
    return best


def _pattern(text: str) -> re.Pattern[str]:
    return _ASCII_WORD if text.isascii() else _WORD


def _fold(word: str) -> str:
    """Without case, accents and the like; "" where nothing is left that can be looked for."""
    if word.isascii():
        return word.lower()[:LONGEST_WORD]
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    kept = (char for char in apart if char.isalnum() or _is_vowel(char))
    return unicodedata.normalize("NFC", "".join(kept))[:LONGEST_WORD]


def _is_vowel(mark: str) -> bool:
    """Written as a mark, and no less of the word for it; what only changes a letter is left out."""
    return unicodedata.category(mark)[0] == "M" and not unicodedata.combining(mark)
