"""In what two documents differ, section by section and figure by figure. Pure."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TYPE_CHECKING, Final, NamedTuple

from qa.differences import ADDED, KEPT, REMOVED, Piece, differences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from readouts.document import Document
    from readouts.facts import Facts

PAIRS: Final = 40_000
"""Likeness is sought among so many pairs of equal words, or lines, at most; else both are shown
whole. Anybody may ask for such a page, and the search is quadratic."""
WORD_PAIRS: Final = 100_000
"""The same within a paragraph: some three hundred words on either side."""
LIKENESS: Final = 0.4
"""So much of the shorter of two paragraphs has to stand in the longer one too; else they are not
one that was changed, and words here and there would only confuse."""
ALL_PAIRS: Final = 1_000_000
"""The same for all paragraphs of a section together."""


class Line(NamedTuple):
    """A paragraph, or one line of a list. `kind` is KEPT, REMOVED, ADDED, or "changed"."""

    kind: str
    pieces: tuple[Piece, ...]


class Section(NamedTuple):
    """A part of the readout that differs. `key` is a name of `SECTIONS`."""

    key: str
    lines: tuple[Line, ...]


class Figure(NamedTuple):
    """A figure that differs; None is one that is not stated. `name` is a key of the facts
    ("joined"), or the noun phrase of a category."""

    name: str
    before: int | None
    after: int | None


SECTIONS: Final = (
    "title",
    "opening",
    "summary",
    "attendance",
    "sample",
    "closing",
    "speakers",
    "materials",
    "answers",
)
FIGURES: Final = (
    "joined",
    "questions",
    "registered",
    "no_shows",
    "peak",
    "mean_minutes",
    "median_minutes",
)


def sections(before: Document, after: Document) -> tuple[Section, ...]:
    """Those that differ, in the order of the readout."""
    old, new = _texts(before), _texts(after)
    return tuple(
        Section(key, tuple(_compared(old[key], new[key])))
        for key in SECTIONS
        if old[key] != new[key]
    )


def lines(before: str, after: str) -> tuple[Line, ...]:
    """Of two texts."""
    return tuple(_compared(_lines(before), _lines(after)))


def figures(before: Facts, after: Facts) -> tuple[Figure, ...]:
    """Those that differ."""
    old, new = _numbers(before), _numbers(after)
    return tuple(
        Figure(name, old.get(name), new.get(name))
        for name in old | new
        if old.get(name) != new.get(name)
    )


def _numbers(facts: Facts) -> dict[str, int | None]:
    named: dict[str, int | None] = {name: getattr(facts, name) for name in FIGURES}
    return named | {category.noun_phrase: category.people for category in facts.categories}


def _texts(document: Document) -> dict[str, list[str]]:
    samples = [
        line
        for group in document.samples
        for line in ([f"{group.heading}:"] if group.heading else []) + list(group.questions)
    ]
    answers = [
        line for one in document.answers for line in (one.question, one.answer, one.answered_by)
    ]
    return {
        "title": [document.title],
        "opening": _lines(document.opening),
        "summary": _lines(document.summary),
        "attendance": _lines(document.attendance),
        "sample": [" ".join(line.split()) for line in samples],
        "closing": _lines(document.closing),
        "speakers": list(document.speakers),
        "materials": [f"{one.title} ({one.address})" for one in document.materials],
        "answers": [line for text in answers for line in _lines(text)],
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _compared(old: list[str], new: list[str]) -> Iterator[Line]:
    start, end = _kept_at_the_ends(old, new)
    yield from (_whole(KEPT, line) for line in old[:start])
    yield from _middle(old[start : len(old) - end], new[start : len(new) - end])
    yield from (_whole(KEPT, line) for line in old[len(old) - end :])


def _kept_at_the_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    most = min(len(old), len(new))
    start = next((i for i in range(most) if old[i] != new[i]), most)
    left = most - start
    end = next((i for i in range(left) if old[-1 - i] != new[-1 - i]), left)
    return start, end


def _middle(old: list[str], new: list[str]) -> Iterator[Line]:
    if _pairs(old, new) > PAIRS:
        yield from (_whole(REMOVED, line) for line in old)
        yield from (_whole(ADDED, line) for line in new)
        return
    left = ALL_PAIRS
    matched = SequenceMatcher(None, old, new, autojunk=False)
    for tag, a, b, c, d in matched.get_opcodes():
        if tag == "equal":
            yield from (_whole(KEPT, line) for line in old[a:b])
            continue
        for was, now in zip_longest(old[a:b], new[c:d], fillvalue=""):
            # A gap between words is a token, too, and like every other.
            words, others = was.split(), now.split()
            pairs = _pairs(words, others) + len(words) * len(others)
            is_close = bool(was and now) and pairs <= min(WORD_PAIRS, left)
            left -= pairs if is_close else 0
            yield from _pair(was, now, is_close=is_close)


def _pairs(old: list[str], new: list[str]) -> int:
    """How many pairs of equal ones there are, and at least how many there are of both."""
    others = Counter(new)
    return sum(number * others[one] for one, number in Counter(old).items()) + len(old) + len(new)


def _pair(was: str, now: str, *, is_close: bool) -> Iterator[Line]:
    if is_close:
        pieces = tuple(differences(was, now))
        kept = sum(len(piece.text.strip()) for piece in pieces if piece.kind == KEPT)
        if kept >= LIKENESS * min(len(was), len(now)):
            yield Line("changed", pieces)
            return
    if was:
        yield _whole(REMOVED, was)
    if now:
        yield _whole(ADDED, now)


def _whole(kind: str, line: str) -> Line:
    return Line(kind, (Piece(kind, line),))
