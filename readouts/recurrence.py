"""Which questions of different engagements may ask the same. Pure; only ever a suggestion.

Each question is compared with the few that share its rarer words, so that thousands are looked
through in a moment; `qa.likeness` says how alike two of them are.
"""

from __future__ import annotations

import math
from collections import defaultdict
from heapq import nlargest
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from rapidfuzz.utils import default_process

from qa.likeness import COMPARED, likeness

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LEAST: Final = 0.68
"""From here on two questions of different engagements are worth a look: higher than among those of
one hour, for here nobody waits for a decision."""

_COMMON: Final = 150
"""A word, or two words in a row, that more questions have leads to none of them."""
_CANDIDATES: Final = 8
_SAME: Final = 500
"""Of questions in the very same words so many lead to each other."""


class Asked(NamedTuple):
    """A question that was asked at an engagement; both by their ids."""

    key: int
    engagement: int
    text: str


class Alike(NamedTuple):
    """Questions of at least two engagements that may ask the same, the most alike first."""

    keys: tuple[int, ...]
    likeness: float
    """Of the two most alike, from 0 to 1."""


def groups(questions: Sequence[Asked], *, of: int | None = None) -> list[Alike]:
    """The most widespread first: by engagements, then by likeness.

    With `of`, only what has to do with the questions of that engagement.
    """
    by_key = {one.key: one for one in questions}
    pairs = sorted(_pairs(questions, of), key=lambda pair: (-pair[0], pair[1], pair[2]))
    leader: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    best: dict[int, float] = {}
    for alike, one, other in pairs:
        _join(one, other, leader, members)
        root = leader[one]
        best[root] = max(alike, best.get(root, 0.0))
    found = [
        Alike(tuple(keys), max(best.get(key, 0.0) for key in keys)) for keys in members.values()
    ]
    return sorted(
        found,
        key=lambda group: (
            -len({by_key[key].engagement for key in group.keys}),
            -group.likeness,
            group.keys,
        ),
    )


def nearest(text: str, questions: Sequence[Asked], *, most: int) -> list[tuple[int, float]]:
    """The keys of those most like this text, with their likeness, the best first."""
    own = Asked(-1, -1, text)
    found = [
        (other, alike) for alike, one, other in _pairs([own, *questions], -1) if one == own.key
    ]
    return sorted(found, key=lambda one: (-one[1], one[0]))[:most]


def _join(one: int, other: int, leader: dict[int, int], members: dict[int, list[int]]) -> None:
    for key in (one, other):
        if key not in leader:
            leader[key] = key
            members[key] = [key]
    first, second = leader[one], leader[other]
    if first == second:
        return
    for key in members.pop(second):
        leader[key] = first
        members[first].append(key)


def _pairs(questions: Sequence[Asked], of: int | None) -> Iterator[tuple[float, int, int]]:
    """Likeness and keys of two questions of different engagements, each pair once."""
    words = [_words(one.text) for one in questions]
    index, weights = _index(words)
    seen: set[tuple[int, int]] = set()
    for place, one in enumerate(questions):
        if not words[place] or (of is not None and one.engagement != of):
            continue
        for other in _candidates(place, questions, words, index, weights):
            pair = (min(place, other), max(place, other))
            if pair in seen:
                continue
            seen.add(pair)
            alike = likeness(words[place], words[other])
            if alike >= LEAST:
                yield alike, one.key, questions[other].key


def _words(text: str) -> str:
    return " ".join(default_process(text[:COMPARED]).split())


def _marks(words: str) -> set[str]:
    """By which a question is found again: its words, each two in a row, and all of them."""
    parts = words.split()
    rows = {f"{one} {other}" for one, other in pairwise(parts)}
    return {*parts, *rows, f"={words}"}


def _index(texts: Iterable[str]) -> tuple[dict[str, list[int]], dict[str, float]]:
    """Where each mark is that is rare enough, and what it weighs."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, words in enumerate(texts):
        for mark in _marks(words) if words else ():
            places[mark].append(place)
    rare = {
        mark: found[:_SAME]
        for mark, found in places.items()
        if len(found) > 1 and (len(found) <= _COMMON or mark.startswith("="))
    }
    return rare, {mark: math.log(1 + len(places) / len(found)) for mark, found in rare.items()}


def _candidates(
    place: int,
    questions: Sequence[Asked],
    words: Sequence[str],
    index: dict[str, list[int]],
    weights: dict[str, float],
) -> list[int]:
    """Those of other engagements that share most with it."""
    own = questions[place].engagement
    shared: defaultdict[int, float] = defaultdict(float)
    for mark in _marks(words[place]):
        for other in index.get(mark, ()):
            if questions[other].engagement != own:
                shared[other] += weights[mark]
    return nlargest(_CANDIDATES, shared, key=lambda other: (shared[other], -other))
