"""Which questions may ask the same, in like words or, with the extra `semantic`, in others. Pure.

Only ever a suggestion, like `likeness`: what asks the opposite means almost the same to a model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qa import likeness
from qa.minilm import MiniLM, is_installed
from qa.vectors import Vectors

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LEAST: Final = 0.5
"""The cosine from which on a pair is worth a look."""
HIGHEST: Final = 0.84
"""What meaning alone may say at most: only like words are so alike that somebody is stopped."""

_vectors: Vectors | None = Vectors(MiniLM) if is_installed() else None


def use(vectors: Vectors | None) -> None:
    """From now on, in this process; without any, words alone are compared."""
    global _vectors  # noqa: PLW0603
    _vectors = vectors


def likely(
    text: str, others: Iterable[tuple[int, str]], *, most: int = 5
) -> list[tuple[int, float]]:
    """As `likeness.likely`, with what means the same among them as far as it is known by now.

    Takes half a second at most longer. For pages, not for what must answer at once.
    """
    given = list(others)
    by_words = likeness.likely(text, given, most=most)
    if _vectors is None or not given or not text.strip():
        return by_words
    cosines = _vectors.cosines(text, [other for _key, other in given])
    by_meaning = [
        (key, as_likeness(cosine))
        for (key, _text), cosine in zip(given, cosines, strict=True)
        if cosine is not None and cosine >= LEAST
    ]
    return joined(by_words, by_meaning, most=most)


def joined(
    by_words: Sequence[tuple[int, float]], by_meaning: Sequence[tuple[int, float]], *, most: int
) -> list[tuple[int, float]]:
    """Each key once with the higher of its likenesses, the best first, equals by key."""
    best: dict[int, float] = {}
    for key, alike in (*by_words, *by_meaning):
        best[key] = max(alike, best.get(key, 0.0))
    return sorted(best.items(), key=lambda one: (-one[1], one[0]))[:most]


def as_likeness(cosine: float) -> float:
    """On the scale of `likeness`: what is just worth a look is so in both."""
    part = (min(cosine, 1.0) - LEAST) / (1 - LEAST)
    return round(likeness.LEAST + part * (HIGHEST - likeness.LEAST), 3)
