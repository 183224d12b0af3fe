"""Sheets as lines of cells, one after the other, each with its look and a height to begin with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from engagements.files.sheets import looks
from engagements.files.sheets.shapes import (
    Column,
    Cover,
    Muted,
    Sheet,
    Summary,
    Tally,
    TextTooLong,
)
from engagements.files.text import wrapped_lines
from engagements.files.visible import LONGEST_TEXT, units, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engagements.files.sheets.looks import Look
    from engagements.files.sheets.shapes import Shape, Value

COVER_WIDTHS: Final = (32.0, 86.0)
SUMMARY_WIDTHS: Final = (46.0, 14.0, 3.0)

_LINE_HEIGHT: Final = 15.0
_HIGHEST_ROW: Final = 409.0
_TOTAL_HEIGHT: Final = 20.0
_HIGHEST_CHART: Final = 800.0
_SHORT_NAME: Final = 20
_INDENT: Final = 1.5
_BOLD: Final = 0.92
_LONGEST_HEADING: Final = 60
"""Letters of a line of the heading that the width of a page holds."""


@dataclass(frozen=True, slots=True)
class Line:
    cells: Sequence[tuple[Look, Value]]
    height: float
    tally: Tally | None = None
    """The one that begins with this line."""


def lines_of(shape: Shape) -> Iterator[Line]:
    match shape:
        case Sheet():
            return _table_lines(shape)
        case Cover():
            return _cover_lines(shape)
        case Summary():
            return _summary_lines(shape)


def check(shape: Shape, sheet: str) -> None:
    """Raises TextTooLong, and ValueError for a moment with a zone or a row of another length."""
    values = (
        _rows_of(shape)
        if isinstance(shape, Sheet)
        else ([value for _look, value in line.cells] for line in lines_of(shape))
    )
    for row, line in enumerate(values, start=1):
        for column, value in enumerate(line, start=1):
            if isinstance(value, str):
                # No character takes more than nine, written out by its name.
                length = len(value)
                if length * 9 > LONGEST_TEXT and (length := units(visible(value))) > LONGEST_TEXT:
                    raise TextTooLong(sheet, f"{get_column_letter(column)}{row}", length)
            elif isinstance(value, datetime) and value.tzinfo is not None:
                raise ValueError("a cell holds no time zone: give the reader's local time")


def _rows_of(table: Sheet) -> Iterator[Sequence[Value]]:
    titles = [column.title for column in table.columns]
    yield titles
    for row in table.rows:
        if len(row) != len(titles):
            word = "shorter" if len(row) < len(titles) else "longer"
            raise ValueError(f"a row is {word} than the {len(titles)} columns of {table.title!r}")
        yield row


def _table_lines(table: Sheet) -> Iterator[Line]:
    columns = table.columns
    # Headings wrap in every column, also where the values below do not, and they are bold.
    titles = [(Column("", column.width * _BOLD), column.title) for column in columns]
    yield Line(
        [
            (looks.HEADER_TO_FILL_IN if column.to_fill_in else looks.HEADER, column.title)
            for column in columns
        ],
        _height(titles, least=24.0),
    )
    usual = [looks.look_of(column) for column in columns]
    muted = [looks.CELL_MUTED] * len(columns)
    for row in table.rows:
        styles = muted if isinstance(row, Muted) else usual
        yield Line(
            list(zip(styles, row, strict=True)), _height(list(zip(columns, row, strict=True)))
        )


def _cover_lines(cover: Cover) -> Iterator[Line]:
    columns = [Column("", width) for width in COVER_WIDTHS]
    yield from _heading_lines(cover.heading)
    for section in cover.sections:
        yield Line([(looks.SECTION, section.heading), (looks.SECTION, None)], 30.0)
        for label, value in section.rows:
            height = _height(list(zip(columns, (label, value), strict=True)))
            yield Line([(looks.LABEL, label), (looks.WORDS, value)], height)


def _summary_lines(summary: Summary) -> Iterator[Line]:
    label, count, _gap = (Column("", width) for width in SUMMARY_WIDTHS)
    yield from _heading_lines(summary.heading)
    for tally in summary.tallies:
        used = 0.0
        for line in _tally_lines(tally, summary.counted, label, count):
            used += line.height
            yield line
        # Empty lines, so that the chart beside it ends before the next one begins.
        left = chart_height(tally) - used if tally.charted and tally.rows else 0.0
        for _number in range(max(1, ceil(left / _LINE_HEIGHT) + 1)):
            yield Line([], _LINE_HEIGHT)


def _tally_lines(tally: Tally, counted: str, label: Column, count: Column) -> Iterator[Line]:
    yield Line([(looks.SECTION, tally.heading), (looks.SECTION, None)], 30.0, tally)
    if tally.note:
        yield Line([(looks.NOTE, tally.note)], _height([(label, tally.note)]))
    if not tally.rows:
        return
    titles = (tally.of, counted)
    height = _height(list(zip((label, count), titles, strict=True)), least=22.0)
    yield Line([(looks.HEADER, title) for title in titles], height)
    for name, number in tally.rows:
        yield Line([(looks.CELL, name), (looks.CELL_COUNT, number)], _height([(label, name)]))
    total = sum(number for _name, number in tally.rows)
    yield Line([(looks.CELL_TOTAL, _("Total")), (looks.CELL_TOTAL, total)], _TOTAL_HEIGHT)


def chart_height(tally: Tally) -> float:
    """Of the chart of a tally, in points."""
    longest = max((len(name) for name, _count in tally.rows), default=0)
    # Names that wrap beside the bars need more room, or every second one is left out.
    bar = 23.0 if longest <= _SHORT_NAME else 36.0
    return min(_HIGHEST_CHART, 56.0 + bar * len(tally.rows))


def _heading_lines(heading: str) -> Iterator[Line]:
    for line in wrap(heading, _LONGEST_HEADING) or [heading]:
        yield Line([(looks.HEADING, line)], 34.0)


def _height(cells: Sequence[tuple[Column, Value]], *, least: float = 0.0) -> float:
    lines = max(
        (
            wrapped_lines(value, column.width - _INDENT)
            for column, value in cells
            if column.wrap and isinstance(value, str)
        ),
        default=1,
    )
    return min(_HIGHEST_ROW, max(least, lines * _LINE_HEIGHT + 4.0))
