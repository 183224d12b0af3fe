"""The house wording: phrases as data (`house`), sentences from facts (`sentences`). Pure."""

from __future__ import annotations

from readouts.wording.house import HOUSE, CategoryWords, House, KindWords, filled
from readouts.wording.sentences import (
    REASONS,
    VARIANTS,
    Tried,
    Unsupported,
    attendance,
    closing,
    opening,
    promised,
    said,
    speaker_line,
    tried,
)

__all__ = [
    "HOUSE",
    "REASONS",
    "VARIANTS",
    "CategoryWords",
    "House",
    "KindWords",
    "Tried",
    "Unsupported",
    "attendance",
    "closing",
    "filled",
    "opening",
    "promised",
    "said",
    "speaker_line",
    "tried",
]
