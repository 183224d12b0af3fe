"""How cells look: ink, frames, tints, and which way their text runs."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

from engagements.files.sheets.shapes import Column, Holds

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

FORMATS: Final[dict[type, str]] = {date: "mmm d, yyyy", datetime: "mmm d, yyyy h:mm AM/PM"}
_RIGHT_TO_LEFT: Final = 2
"""The reading order of ECMA-376, 18.8.1."""


@dataclass(frozen=True, eq=False)
class Look:
    font: Font
    fill: PatternFill | None = None
    border: Border | None = None
    wrap: bool = True
    vertical: str = "top"
    locked: bool = True
    indent: int = 0
    number: str = "General"

    def cell(self, paper: Worksheet, kind: type, *, backwards: bool) -> Cell:
        """One to be filled again and again. Text that runs `backwards` runs right to left."""
        cell = WriteOnlyCell(paper)
        cell.font = self.font
        if self.fill:
            cell.fill = self.fill
        if self.border:
            cell.border = self.border
        cell.alignment = Alignment(
            "right" if backwards else "left",
            self.vertical,
            wrap_text=self.wrap,
            indent=self.indent,
            readingOrder=_RIGHT_TO_LEFT if backwards else 0,
        )
        cell.protection = Protection(locked=self.locked)
        # The mark of an apostrophe typed first: text stays text when somebody edits the cell.
        cell.quotePrefix = kind is str
        cell.number_format = FORMATS.get(kind, self.number)
        return cell


BLUE: Final = "005288"
_INK: Final = "1B1B1B"
_GRAY: Final = "5C5C5C"
_LINE: Final = Side("thin", "C9CED3")
_BOX: Final = Border(_LINE, _LINE, _LINE, _LINE)
_TINT: Final = PatternFill("solid", "FFF9E3")
_FILLED_IN: Final = Font("Calibri", 11, color=_INK)

HEADER: Final = Look(
    Font("Calibri", 11, bold=True, color="FFFFFF"),
    PatternFill("solid", BLUE),
    _BOX,
    vertical="center",
    indent=1,
)
HEADER_TO_FILL_IN: Final = Look(
    Font("Calibri", 11, bold=True, color=_INK),
    PatternFill("solid", "FFE396"),
    _BOX,
    vertical="center",
    indent=1,
)
CELL: Final = Look(Font("Calibri", 11, color=_INK), border=_BOX, indent=1)
CELL_ONE_LINE: Final = Look(Font("Calibri", 11, color=_INK), border=_BOX, wrap=False, indent=1)
CELL_MUTED: Final = Look(Font("Calibri", 11, italic=True, color=_GRAY), border=_BOX, indent=1)
CELL_COUNT: Final = Look(Font("Calibri", 11, color=_INK), border=_BOX, indent=1, number="#,##0")
CELL_TOTAL: Final = Look(
    Font("Calibri", 11, bold=True, color=_INK),
    border=Border(top=Side("medium", BLUE)),
    indent=1,
    number="#,##0",
)
CELLS_TO_FILL_IN: Final = {
    holds: Look(_FILLED_IN, _TINT, _BOX, locked=False, indent=1, number=number)
    for holds, number in (
        (Holds.TEXT, "@"),
        (Holds.NUMBER, "0"),
        (Holds.DATE, "yyyy-mm-dd"),
    )
}
HEADING: Final = Look(Font("Calibri", 20, bold=True, color=BLUE), wrap=False)
SECTION: Final = Look(
    Font("Calibri", 13, bold=True, color=BLUE),
    border=Border(top=Side("thin", BLUE)),
    wrap=False,
    vertical="bottom",
)
LABEL: Final = Look(Font("Calibri", 11, bold=True, color=_INK))
WORDS: Final = Look(Font("Calibri", 11, color=_INK), number="#,##0")
NOTE: Final = Look(Font("Calibri", 11, italic=True, color=_GRAY))


def look_of(column: Column) -> Look:
    if column.to_fill_in:
        return CELLS_TO_FILL_IN[column.holds]
    return CELL if column.wrap else CELL_ONE_LINE


def runs_backwards(text: str) -> bool:
    """Whether the first letter that has a direction runs right to left (UAX #9, P2 and P3)."""
    if text.isascii():
        return False
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction == "L":
            return False
        if direction in {"R", "AL"}:
            return True
    return False
