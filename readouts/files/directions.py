"""Which way a text runs."""

from __future__ import annotations

import unicodedata


def runs_left(text: str) -> bool:
    """By its first character that has a direction, as a browser's `dir="auto"` takes it."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False
