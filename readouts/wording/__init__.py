"""The house wording: phrases as data (`house`), sentences from facts (`sentences`). Pure."""

from __future__ import annotations

from readouts.wording.house import HOUSE, CategoryWords, House, KindWords, filled
from readouts.wording.parts import REASONS, Unsupported, stated_number, stated_share
from readouts.wording.roles import Role, roles
from readouts.wording.sentences import (
    VARIANTS,
    Tried,
    attendance,
    closing,
    lead,
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
    "Role",
    "Tried",
    "Unsupported",
    "attendance",
    "closing",
    "filled",
    "lead",
    "opening",
    "promised",
    "roles",
    "said",
    "speaker_line",
    "stated_number",
    "stated_share",
    "tried",
]
