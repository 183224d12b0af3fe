"""Shapes to the bytes of a workbook, row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from django.utils.translation import get_language, get_language_bidi
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText
from openpyxl.packaging.custom import StringProperty
from openpyxl.worksheet.dimensions import RowDimension

from engagements.files.sheets import lines, papers
from engagements.files.sheets.charts import add_chart
from engagements.files.sheets.looks import runs_backwards
from engagements.files.sheets.names import sheet_names
from engagements.files.sheets.packing import packed
from engagements.files.sheets.shapes import Sheet
from engagements.files.visible import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from engagements.files.sheets.looks import Look
    from engagements.files.sheets.shapes import Shape, Value

# A spreadsheet program reads _x0041_ as A. Cut in two runs it is no longer an escape, and every
# reader puts the runs together again; doubling it (_x005F_) is undone by some readers only.
_INSIDE_ESCAPE: Final = re.compile("(?<=_)(?=x[0-9A-Fa-f]{4}_)")

_MOST_DIGITS: Final = 10**15
"""Numbers from here on lose digits in a spreadsheet: they are written as text."""


class _FirstHeight(RowDimension):
    """A height to begin with. Not "custom", so the row still grows with what is typed into it."""

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return (pair for pair in super().__iter__() if pair[0] != "customHeight")


def write_workbook(
    sheets: Sequence[Shape],
    *,
    title: str,
    creator: str,
    at: datetime,
    properties: Mapping[str, str] | None = None,
) -> bytes:
    """The bytes of a workbook (.xlsx), the same for the same input.

    `creator` is the office, never a person; `at` is the moment the file says it was made (aware);
    `properties` are custom ones of the document, for machines to read. Every text stays the text
    it is, whatever it looks like; what no XML can hold is made visible (see `visible`). The
    language and its direction are those in force. Raises TextTooLong, and ValueError for a moment
    with a time zone in a cell: which zone a reader should see is for the caller to decide.
    """
    names = sheet_names([sheet.title for sheet in sheets])
    shapes = [_read_twice(sheet) for sheet in sheets]
    # All is gone through first, so that a refusal leaves no half-written file behind.
    for shape, name in zip(shapes, names, strict=True):
        papers.check(shape)
        lines.check(shape, name)
    moment = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book = Workbook(write_only=True)
    _describe(book, title=title, creator=creator, at=moment, properties=properties or {})
    texts: list[str] = []
    for number, (shape, name) in enumerate(zip(shapes, names, strict=True), start=1):
        paper = book.create_sheet(name)
        papers.set_up(paper, shape, footer=title, backwards=get_language_bidi())
        rows, shown = _write(paper, shape)
        texts += shown
        if isinstance(shape, Sheet):
            papers.finish(paper, shape, rows=rows, number=number)
    return packed(book, moment, chart_texts=texts)


def _read_twice(shape: Shape) -> Shape:
    if isinstance(shape, Sheet) and isinstance(shape.rows, Iterator):
        return replace(shape, rows=list(shape.rows))
    return shape


def _describe(
    book: Workbook, *, title: str, creator: str, at: datetime, properties: Mapping[str, str]
) -> None:
    said = book.properties
    said.creator = said.lastModifiedBy = visible(creator)
    said.title = visible(title)
    said.created = said.modified = at
    said.language = get_language()
    for name, value in properties.items():
        kept = StringProperty(name=name, value=visible(value))
        book.custom_doc_props.append(kept)  # type: ignore[attr-defined]


def _write(paper: Worksheet, shape: Shape) -> tuple[int, list[str]]:
    """How many rows were written, and what each chart shows in words."""
    # One cell for each place, look and kind of value, used again in every row: openpyxl has written
    # a row when append returns, and styling each cell anew would take most of the time.
    cells: dict[tuple[int, Look, type, bool], Cell] = {}
    paper._values_to_row = _placed  # type: ignore[attr-defined]
    texts: list[str] = []
    row = 0
    for row, line in enumerate(lines.lines_of(shape), start=1):
        paper.row_dimensions[row] = _FirstHeight(paper, row, ht=line.height)
        filled = []
        for column, (look, value) in enumerate(line.cells):
            backwards = isinstance(value, str) and runs_backwards(value)
            key = (column, look, type(value), backwards)
            if key not in cells:
                cells[key] = look.cell(paper, type(value), backwards=backwards)
            fill(cells[key], value)
            filled.append(cells[key])
        paper.append(filled)
        # It is in the file now. Kept, the heights would be most of what a long list takes.
        del paper.row_dimensions[row]
        if line.tally and line.tally.charted and line.tally.rows:
            texts.append(add_chart(paper, line.tally, row=row))
    return row, texts


def _placed(cells: Sequence[Cell], row: int) -> Iterator[Cell]:
    """In the place of openpyxl's own, which tries each cell as a value first. That fails for every
    one of them, and is a third of the time."""
    for column, cell in enumerate(cells, start=1):
        cell.row, cell.column = row, column
        yield cell


def fill(cell: Cell, value: Value) -> None:
    if isinstance(value, int) and abs(value) >= _MOST_DIGITS:
        value = str(value)
    if isinstance(value, str):
        pieces = _INSIDE_ESCAPE.split(visible(value))
        cell.value = pieces[0] if len(pieces) == 1 else CellRichText(*pieces)
        # Said after the value, which openpyxl takes for a formula, an error or a number.
        cell.data_type = "s"
    else:
        cell.value = value
