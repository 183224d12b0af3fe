"""Take words out of a text and leave a mark, so that all can be brought back. Pure."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MARKS: Final = {
    "identifier": "[redacted: personal identifier]",
    "person": "[redacted: personal data]",
    "health": "[redacted: sensitive matter]",
    "security": "[redacted: security]",
    "offensive": "[redacted: offensive words]",
}
"""By code of the reason. They are part of the text, so they are the same in every language."""

SHORT_MARK: Final = "[…]"
"""Where the others would make the text too long."""

_ANY_MARK: Final = re.compile("|".join(map(re.escape, [*MARKS.values(), SHORT_MARK])))
_TOKEN: Final = re.compile(r"\w+|\W")
_WORD: Final = re.compile(r"[^\W_]+")


class Hidden(NamedTuple):
    """Words to take out wherever they stand, and the code of the reason."""

    words: str
    reason: str


class Span(NamedTuple):
    """A mark from `start` to `end` of the masked text stands for `words` of the whole one."""

    start: int
    end: int
    words: str


class Masked(NamedTuple):
    text: str
    spans: list[Span]


class DoesNotFitError(ValueError):
    """Even with short marks the text is longer than it may be."""


def mask(text: str, hidden: Sequence[Hidden], *, most: int) -> Masked:
    """The text without the words, at most `most` characters long.

    Where the words of two overlap, one mark stands for both, with the reason of the first.
    """
    places = list(_places(text, hidden))
    masked = _written(text, places, None)
    if len(masked.text) > max(most, len(text)):
        masked = _written(text, places, SHORT_MARK)
    if len(masked.text) > max(most, len(text)):
        raise DoesNotFitError
    return masked


def mask_told(text: str, hidden: Sequence[Hidden], *, most: int) -> str:
    """The same for a text that may hold marks already, which stay; cut where it is too long."""
    pieces = []
    last = 0
    for mark in _ANY_MARK.finditer(text):
        pieces += [mask(text[last : mark.start()], hidden, most=most).text, mark[0]]
        last = mark.end()
    pieces.append(mask(text[last:], hidden, most=most).text)
    return "".join(pieces)[:most]


def can_be_read(words: str, text: str) -> bool:
    """Whether they stand in a masked text: spacing, dashes and case hide nothing. What holds a
    number or an address counts wherever it stands, other words as whole ones."""
    wanted = letters(words)
    if not wanted:
        return words in text
    plain = ""
    starts, ends = set(), set()
    for word in _WORD.findall(_ANY_MARK.sub(" ", text)):
        starts.add(len(plain))
        plain += letters(word)
        ends.add(len(plain))
    places = (match.start() for match in re.finditer(f"(?={re.escape(wanted)})", plain))
    return any(
        _stands_anywhere(words) or (at in starts and at + len(wanted) in ends) for at in places
    )


def unmask(masked: Masked, edited: str) -> str:
    """The whole text of which `edited` is an edited masked one: marks that an edit left standing
    are the words again, others stay as they are written."""
    old, words = _tokens(masked)
    new = [token for _place, token in _split(edited)]
    whole = list(new)
    for a, b, size in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        for step in range(size):
            if a + step in words:
                whole[b + step] = words[a + step]
    return "".join(whole)


def _places(text: str, hidden: Sequence[Hidden]) -> Iterator[tuple[int, int, str]]:
    """Where which words are, none overlapping, with the mark for each."""
    found = sorted(
        (start, order, end)
        for order, one in enumerate(hidden)
        for start, end in _occurrences(text, one.words)
    )
    current: tuple[int, int, int] | None = None
    for start, order, end in found:
        if current is not None and start < current[2]:
            current = current[0], min(current[1], order), max(current[2], end)
            continue
        if current is not None:
            yield current[0], current[2], _mark_of(hidden[current[1]])
        current = start, order, end
    if current is not None:
        yield current[0], current[2], _mark_of(hidden[current[1]])


def _occurrences(text: str, words: str) -> list[tuple[int, int]]:
    """Every one where they hold a number or an address, else whole words where there are any."""
    pattern = r"\s+".join(map(re.escape, words.split()))
    if not pattern:
        return []
    anywhere = [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)]
    if _stands_anywhere(words):
        return anywhere
    whole = re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE)
    return [match.span() for match in whole] or anywhere


def _stands_anywhere(words: str) -> bool:
    return any(sign.isdigit() or sign == "@" for sign in words)


def letters(text: str) -> str:
    """Of a text, what is left of it without spacing, dashes and case."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _mark_of(one: Hidden) -> str:
    return MARKS.get(one.reason, SHORT_MARK)


def _written(text: str, places: Sequence[tuple[int, int, str]], mark: str | None) -> Masked:
    pieces: list[str] = []
    spans: list[Span] = []
    last = length = 0
    for start, end, own_mark in places:
        put = mark or own_mark
        length += start - last
        pieces += [text[last:start], put]
        spans.append(Span(length, length + len(put), text[start:end]))
        length += len(put)
        last = end
    pieces.append(text[last:])
    return Masked("".join(pieces), spans)


def _tokens(masked: Masked) -> tuple[list[str], dict[int, str]]:
    """The masked text in pieces, marks whole, and which of the pieces stands for which words."""
    hidden = {span.start: span.words for span in masked.spans}
    tokens: list[str] = []
    words: dict[int, str] = {}
    for place, token in _split(masked.text):
        if place in hidden:
            words[len(tokens)] = hidden[place]
        tokens.append(token)
    return tokens, words


def _split(text: str) -> Iterator[tuple[int, str]]:
    last = 0
    for mark in _ANY_MARK.finditer(text):
        yield from _plain(text, last, mark.start())
        yield mark.start(), mark[0]
        last = mark.end()
    yield from _plain(text, last, len(text))


def _plain(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    for match in _TOKEN.finditer(text, start, end):
        yield match.start(), match[0]
