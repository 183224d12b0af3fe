"""Workbooks that no text can break. The only package that knows openpyxl."""

from __future__ import annotations

from engagements.files.sheets.names import safe_file_name
from engagements.files.sheets.shapes import (
    Column,
    Cover,
    Holds,
    Muted,
    Section,
    Sheet,
    Summary,
    Tally,
    TextTooLong,
    Value,
)
from engagements.files.sheets.writing import write_workbook
from engagements.files.visible import LONGEST_TEXT

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

__all__ = [
    "LONGEST_TEXT",
    "WORKBOOK_TYPE",
    "Column",
    "Cover",
    "Holds",
    "Muted",
    "Section",
    "Sheet",
    "Summary",
    "Tally",
    "TextTooLong",
    "Value",
    "safe_file_name",
    "write_workbook",
]
