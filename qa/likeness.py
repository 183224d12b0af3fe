"""Which questions may ask the same. Pure; only ever a suggestion for somebody who decides.

The most alike pair of real questions differs in one word and asks the opposite: no likeness may
ever decide by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

LEAST: Final = 0.6
"""From here on a pair is worth a look. Of 233 real questions it suggests about one for each, with
all thirteen pairs that people had noted as near duplicates among them."""

COMPARED: Final = 600
"""Characters of each text that count: the longest real questions have no more, and what somebody
sends on purpose would cost seconds."""


def likely(
    text: str, others: Iterable[tuple[int, str]], *, most: int = 5
) -> list[tuple[int, float]]:
    """The keys of the others that are most like this text, each with its likeness from 0 to 1.

    The best first, those that are equally alike by key; none below `LEAST`.
    """
    words = _words(text)
    if not words:
        return []
    among = list(others)
    texts = {at: _words(other) for at, (_key, other) in enumerate(among)}
    found = [(among[at][0], alike) for at, alike in _likenesses(words, texts) if alike >= LEAST]
    return sorted(found, key=lambda one: (-one[1], one[0]))[:most]


def nearest(text: str, others: Iterable[tuple[int, str]], *, most: int) -> list[tuple[int, str]]:
    """Those of the others that share the most words with the text, where they are more than `most`:
    cheap to find, so that what costs more need not look at all."""
    among = list(others)
    if len(among) <= most:
        return among
    words = set(_words(text).split())
    return sorted(among, key=lambda one: -len(words.intersection(_words(one[1]).split())))[:most]


def _words(text: str) -> str:
    return default_process(text[:COMPARED])


def _likenesses(words: str, texts: dict[int, str]) -> Iterator[tuple[int, float]]:
    """As `likeness` of each, in one go: the text's own words are made ready once. What cannot come
    to `LEAST` is left out."""
    least = 100 * LEAST - 0.1  # as rounded
    by_letters = _scores(words, texts, fuzz.ratio, least)
    by_set = _scores(words, texts, fuzz.token_set_ratio, 2 * least - 100)
    near = {key: texts[key] for key in by_set}
    by_order = _scores(words, near, fuzz.token_sort_ratio, 2 * least - 100)
    by_words = {key: (score + by_set[key]) / 2 for key, score in by_order.items()}
    for key in by_letters.keys() | by_words.keys():
        yield key, round(max(by_letters.get(key, 0), by_words.get(key, 0)) / 100, 3)


def _scores(
    words: str, texts: dict[int, str], scorer: Callable[..., float], least: float
) -> dict[int, float]:
    found = process.extract_iter(words, texts, scorer=scorer, score_cutoff=least)
    return {key: score for _text, score, key in found}


def likeness(one: str, other: str) -> float:
    """Of two texts in lower case without punctuation.

    Letters in a row find what was typed almost alike; words in any order, shared words counting
    twice, find what was put differently.
    """
    if not one or not other:
        return 0.0
    by_words = (fuzz.token_sort_ratio(one, other) + fuzz.token_set_ratio(one, other)) / 2
    return round(max(fuzz.ratio(one, other), by_words) / 100, 3)
