"""Finds the list in a file that came back: a workbook or text with separators, columns in any
order, and its mark."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from django.utils.translation import gettext as _

from engagements.files.opened import MOST_COLUMNS, MOST_ROWS, is_workbook, open_workbook
from engagements.files.tables import separated
from engagements.files.text import clean_line
from engagements.files.visible import unguarded
from engagements.refusals import Refused
from qa.files.agency import columns
from qa.files.agency.returned_cells import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from engagements.files.extent import Marks
    from engagements.files.opened import Cell, OpenedSheet

HEADING_WITHIN: Final = 20
"""Rows from the top in which the headings stand."""

_NEEDED: Final = (columns.NUMBER, columns.QUESTION, columns.ANSWER)
_OTHER_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    columns.NUMBER: ("no", "number", "question no", "question number"),
    columns.QUESTION: ("question", "question as edited"),
    columns.ANSWER: ("answer", "response"),
    columns.ANSWER_STATUS: ("answer status",),
    columns.DIRECTORATE: ("directorate", "answered by", "answered by office"),
    columns.PUBLISHABLE: ("publishable", "publishable yes no"),
    columns.CONTACT: ("contact",),
    columns.ANSWERED_ON: ("date", "date of answer", "answered on"),
    columns.PAGE: ("page", "page address", "web page"),
    columns.SAME_AS: ("same as", "same as no"),
}
"""Headings in the words of people, besides those of the list: in lower case, without signs."""


class Line(NamedTuple):
    """`row` is its number in the file. By column: the cells, and those that hold no plain value."""

    row: int
    cells: Mapping[str, Cell]
    marks: Mapping[str, str]


class Table(NamedTuple):
    lines: list[Line]
    headings: Mapping[str, str]
    """As they stand in the file, by column."""
    ignored: list[str]
    """Headings of columns that are not of the list."""
    marks: set[tuple[int, str]]
    """Number and digest of each list that the file says it is."""


def find_table(content: bytes) -> Table:
    """Refuses, in words, what cannot be read and what has no list in it."""
    if is_workbook(content):
        return _in_workbook(open_workbook(content))
    rows: list[tuple[int, list[Cell]]] = [
        (number, [unguarded(cell) for cell in row])
        for number, row in enumerate(separated(content), start=1)
        if any(row)
    ]
    if len(rows) > MOST_ROWS or any(len(row) > MOST_COLUMNS for _number, row in rows):
        raise Refused("too_large", _("This file has more rows or columns than a list can have."))
    table = _table(rows, {})
    if table is None:
        raise _no_list()
    return table._replace(marks=_marks(rows))


def _in_workbook(sheets: Sequence[OpenedSheet]) -> Table:
    found = [
        (sheet, table)
        for sheet in sheets
        if sheet.is_visible and (table := _table(sheet.rows, sheet.marks)) is not None
    ]
    if len(found) > 1:
        named = [pair for pair in found if pair[0].name == columns.sheet_title()]
        if len(named) != 1:
            words = _("More than one sheet looks like the list. Please leave one: %(names)s.")
            names = ", ".join(sheet.name for sheet, _table in found[:5])
            raise Refused("several_sheets", words % {"names": names})
        found = named
    if not found:
        raise _no_list()
    [(own, table)] = found
    beside = (row for sheet in sheets if sheet is not own for row in sheet.rows)
    return table._replace(marks=_marks(beside))


def _table(rows: Sequence[tuple[int, list[Cell]]], marks: Marks) -> Table | None:
    for at, (_number, row) in enumerate(rows[:HEADING_WITHIN]):
        places, doubled = _places(row)
        if all(column in places for column in _NEEDED):
            _check_once(doubled, row)
            return Table(
                lines=list(_lines(rows[at + 1 :], places, marks)),
                headings={column: _words(row[place]) for column, place in places.items()},
                ignored=[
                    _words(cell)[:60]
                    for place, cell in enumerate(row)
                    if place not in places.values() and _words(cell)
                ],
                marks=set(),
            )
    return None


def _places(row: Sequence[Cell]) -> tuple[dict[str, int], list[str]]:
    """Where each column stands, and those that stand there twice."""
    known = _known()
    places: dict[str, int] = {}
    doubled: list[str] = []
    for place, cell in enumerate(row):
        column = known.get(_plain(cell))
        if column is None:
            continue
        if column in places:
            doubled.append(column)
        places.setdefault(column, place)
    return places, doubled


def _check_once(doubled: Sequence[str], row: Sequence[Cell]) -> None:
    if doubled:
        heading = columns.heading(doubled[0])
        words = _("Two columns are headed “%(heading)s”. Please leave one of them.")
        raise Refused("doubled_column", words % {"heading": heading})


def _known() -> dict[str, str]:
    known = {word: column for column, words in _OTHER_WORDS.items() for word in words}
    return known | {_plain(columns.heading(column)): column for column in columns.HEADINGS}


def _lines(
    rows: Iterable[tuple[int, list[Cell]]], places: Mapping[str, int], marks: Marks
) -> Iterator[Line]:
    for number, row in rows:
        yield Line(
            number,
            {column: row[place] for column, place in places.items() if place < len(row)},
            {
                column: mark
                for column, place in places.items()
                if marks and (mark := marks.get((number, place + 1)))
            },
        )


def _marks(rows: Iterable[tuple[int, list[Cell]]]) -> set[tuple[int, str]]:
    return {
        (int(number), digest)
        for _number, row in rows
        for cell in row
        if isinstance(cell, str) and "openfloor-list/" in cell
        for number, digest in columns.LIST_MARK.findall(cell)
    }


def _words(cell: Cell) -> str:
    return clean_line(text_of(cell)[:200])


def _plain(cell: Cell) -> str:
    return re.sub(r"[\W_]+", " ", _words(cell)).strip().casefold()


def _no_list() -> Refused:
    words = _(
        "There is no list of questions in this file. It needs a row of headings with at least "
        "“%(number)s”, “%(question)s” and “%(answer)s”."
    )
    named = {
        "number": columns.heading(columns.NUMBER),
        "question": columns.heading(columns.QUESTION),
        "answer": columns.heading(columns.ANSWER),
    }
    return Refused("no_list", words % named)
