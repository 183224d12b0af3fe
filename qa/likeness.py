"""Which questions may ask the same. Pure; only ever a suggestion for somebody who decides.

The most alike pair of real questions differs in one word and asks the opposite: no likeness may
ever decide by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST: Final = 0.6
"""From here on a pair is worth a look. Of 233 real questions it suggests about one for each, with
all thirteen pairs that people had noted as near duplicates among them."""


def likely(
    text: str, others: Iterable[tuple[int, str]], *, most: int = 5
) -> list[tuple[int, float]]:
    """The keys of the others that are most like this text, each with its likeness from 0 to 1.

    The best first, those that are equally alike by key; none below `LEAST`.
    """
    words = default_process(text)
    if not words:
        return []
    alike = ((key, likeness(words, default_process(other))) for key, other in others)
    found = [one for one in alike if one[1] >= LEAST]
    return sorted(found, key=lambda one: (-one[1], one[0]))[:most]


def likeness(one: str, other: str) -> float:
    """Of two texts in lower case without punctuation.

    Letters in a row find what was typed almost alike; words in any order, shared words counting
    twice, find what was put differently.
    """
    if not one or not other:
        return 0.0
    by_words = (fuzz.token_sort_ratio(one, other) + fuzz.token_set_ratio(one, other)) / 2
    return round(max(fuzz.ratio(one, other), by_words) / 100, 3)
