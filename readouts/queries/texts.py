"""The texts and switches of a draft: as they stand, and as they read."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from readouts.models import Readout

COLUMNS: Final = (
    "wording",
    "summary",
    "attendance_text",
    "closing_text",
    "shows_chart",
    "shows_speakers",
    "shows_materials",
    "shows_answers",
    "small_figures_reason",
)


def standing(readout: Readout) -> dict[str, Any]:
    """What the editors decided, by name: the columns, and whether a presentation is posted."""
    stand = {name: getattr(readout, name) for name in COLUMNS}
    return stand | {"posts_presentation": bool(readout.facts["posts_presentation"])}


def marks_of(readout: Readout) -> dict[str, str]:
    """By them it is told later which of the parts somebody has changed meanwhile."""
    return {name: mark(value) for name, value in standing(readout).items()}


def mark(value: Any) -> str:
    """The same for the same text, switch or wording."""
    known = getattr(value, "pk", value)
    return hashlib.sha256(str(known).encode()).hexdigest()[:16]
