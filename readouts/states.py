"""The life of a readout: draft, in review, published; withdrawn or corrected afterwards."""

from __future__ import annotations

from typing import Final

DRAFT: Final = "draft"
IN_REVIEW: Final = "in_review"
PUBLISHED: Final = "published"
WITHDRAWN: Final = "withdrawn"

# move -> (states it may start from, state it leads to)
MOVES: Final[dict[str, tuple[frozenset[str], str]]] = {
    "submit": (frozenset({DRAFT}), IN_REVIEW),
    "return": (frozenset({IN_REVIEW}), DRAFT),
    "publish": (frozenset({IN_REVIEW}), PUBLISHED),
    "correct": (frozenset({PUBLISHED, WITHDRAWN}), DRAFT),
    "withdraw": (frozenset({PUBLISHED}), WITHDRAWN),
}
