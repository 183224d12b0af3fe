"""What a workbook is made of, said without a word of how it is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING

from engagements.files.visible import LONGEST_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Value = str | int | date | datetime | None


class TextTooLong(ValueError):
    """A text that no cell can hold whole. Nothing was written."""

    def __init__(self, sheet: str, place: str, length: int) -> None:
        super().__init__(
            f"The text in cell {place} of sheet {sheet!r} has {length:,} characters; "
            f"a cell holds {LONGEST_TEXT:,}."
        )
        self.sheet = sheet
        self.place = place
        self.length = length


class Muted(tuple[Value, ...]):
    """A row of a sheet that is there for its number only: gray, and nothing to fill in."""

    __slots__ = ()


class Holds(Enum):
    """What a column to fill in is for; a program says so to who types something else."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True)
class Column:
    title: str
    width: float
    wrap: bool = True
    to_fill_in: bool = False
    """Left open for the reader: tinted, kept as text, and unlocked where the sheet is locked."""
    choices: Sequence[str] = ()
    """Of a column to fill in: the only words that it takes. No comma or quotation mark in them."""
    holds: Holds = Holds.TEXT
    hint: str = ""
    """Said beside a cell to fill in when it is chosen."""


@dataclass(frozen=True)
class Sheet:
    """A table: one header row, one row per thing. A row is a sequence of values, or Muted.

    Rows are gone through twice, first to check and then to write, and never held together: of
    many give something that begins anew each time it is gone through.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    freeze_header: bool = True
    filter: bool = True
    locked: bool = False
    """Protected against slips, without a password; filter and sizes stay usable."""
    grows: bool = False
    """Of a locked one: rows may be put in between, with nothing but what is to fill in."""
    pages_wide: int = 1
    """Printed on so many pages side by side, for what one page would make too small to read."""
    repeated: int = 0
    """So many first columns are printed on each of them again."""
    frozen: int = 0
    """So many first columns stay in sight."""


@dataclass(frozen=True)
class Section:
    heading: str
    rows: Sequence[tuple[str, Value]]


@dataclass(frozen=True)
class Cover:
    """A sheet to read: a heading, then sections of label and text, without merged cells."""

    title: str
    heading: str
    sections: Sequence[Section]


@dataclass(frozen=True)
class Tally:
    """Counts that add up, as a small table with its total, and as a chart where asked for."""

    heading: str
    of: str
    """Heading of the labels."""
    rows: Sequence[tuple[str, int]]
    charted: bool = True
    note: str = ""


@dataclass(frozen=True)
class Summary:
    """A sheet of tallies, one below the other, each with its chart beside it."""

    title: str
    heading: str
    counted: str
    """Heading of the counts, such as "Questions"."""
    tallies: Sequence[Tally]


Shape = Sheet | Cover | Summary
