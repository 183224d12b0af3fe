"""The life of an engagement: which state may follow which."""

from __future__ import annotations

from typing import Final

DRAFT: Final = "draft"
SCHEDULED: Final = "scheduled"
LIVE: Final = "live"
ENDED: Final = "ended"
ARCHIVED: Final = "archived"
CANCELLED: Final = "cancelled"

# move -> (states it may start from, state it leads to)
MOVES: Final[dict[str, tuple[frozenset[str], str]]] = {
    "schedule": (frozenset({DRAFT}), SCHEDULED),
    "start": (frozenset({SCHEDULED}), LIVE),
    "end": (frozenset({LIVE}), ENDED),
    "archive": (frozenset({ENDED}), ARCHIVED),
    "cancel": (frozenset({DRAFT, SCHEDULED, LIVE}), CANCELLED),
}

PUBLIC: Final = frozenset({SCHEDULED, LIVE, ENDED, ARCHIVED, CANCELLED})
"""States in which the public may know that the engagement exists."""

OVER: Final = frozenset({ENDED, ARCHIVED})


def moves_from(state: str) -> list[str]:
    """The moves that are open in a state, in the order in which an engagement lives."""
    return [move for move, (sources, _) in MOVES.items() if state in sources]
