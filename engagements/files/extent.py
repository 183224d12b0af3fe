"""How much a sheet of a workbook comes to when it is laid out, found out without laying it out.

The reader makes room for every cell up to the last one, and a copy of a shared text for every cell
that shows it: a file of one kilobyte could take all memory, and the process ends without a word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_TEXT: Final = 50_000_000
"""Characters of all cells of a sheet that show a shared text."""

MOST_SHARED: Final = 2_000_000
"""Shared texts of a workbook, which may all be empty."""

MOST_MARKS: Final = 200_000
"""Cells of a sheet that are a formula or an error, where somebody asks for them."""

FORMULA: Final = "formula"
ERROR: Final = "error"

Marks = dict[tuple[int, int], str]
"""Row and column, from 1 on, of cells that hold no value of their own: FORMULA or ERROR."""

_PLACE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)


class Damaged(Exception):
    """The part is not XML as a spreadsheet writes it."""


class Extent(NamedTuple):
    """The last row and column that a cell stands in, and how many characters are shown."""

    rows: int
    columns: int
    characters: int


def lengths_of_shared(part: bytes) -> list[int]:
    """Of each shared text, in their order. Raises Damaged, also for far too many."""
    lengths: list[int] = []

    def start(name: str, _attributes: Mapping[str, str]) -> None:
        if _bare(name) == "si":
            lengths.append(0)
            if len(lengths) > MOST_SHARED:
                raise Damaged

    def text(data: str) -> None:
        if lengths:
            lengths[-1] += len(data)

    parser = _parser()
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    _parse(parser, part)
    return lengths


def extent_of(sheet: bytes, shared: list[int], *, marks: Marks | None = None) -> Extent:
    """Of one sheet, rather too much than too little. Raises Damaged.

    `marks` is filled with the cells that the reader would show the last value of, or none.
    """
    reading = _Reading(shared, marks)
    parser = _parser()
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    _parse(parser, sheet)
    return Extent(reading.last_row, reading.last_column, reading.characters)


class _Reading:
    def __init__(self, shared: list[int], marks: Marks | None) -> None:
        self.shared = shared
        self.marks = marks
        self.row = self.column = 0
        self.last_row = self.last_column = self.characters = 0
        self.is_shared = False
        self.shown: list[str] | None = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        bare = _bare(name)
        if bare == "c":
            self._enter(attributes)
        elif bare == "row":
            self.row, self.column = self._row(attributes.get("r")), 0
        elif bare == "v" and self.is_shared:
            self.shown = []
        elif bare == "f":
            self._mark(FORMULA)

    def text(self, data: str) -> None:
        if self.shown is not None:
            self.shown.append(data)

    def end(self, name: str) -> None:
        if self.shown is not None and _bare(name) == "v":
            at = "".join(self.shown)
            if at.isdecimal() and len(at) <= 9 and int(at) < len(self.shared):
                self.characters += self.shared[int(at)]
            self.shown = None

    def _row(self, written: str | None) -> int:
        if written is None:
            return self.row + 1
        if not re.fullmatch("[0-9]{1,7}", written):
            raise Damaged
        return int(written)

    def _mark(self, kind: str) -> None:
        if self.marks is None:
            return
        self.marks[self.row, self.column] = kind
        if len(self.marks) > MOST_MARKS:
            raise Damaged

    def _enter(self, attributes: Mapping[str, str]) -> None:
        """A cell without a place stands to the right of the one before."""
        self.column += 1
        if (written := attributes.get("r")) is not None:
            place = _PLACE.fullmatch(written)
            if place is None:
                raise Damaged
            self.column, self.row = _column(place[1]), int(place[2])
        self.is_shared = attributes.get("t") == "s"
        if attributes.get("t") == "e":
            self._mark(ERROR)
        self.last_row = max(self.last_row, self.row)
        self.last_column = max(self.last_column, self.column)


def _parser() -> expat.XMLParserType:
    # The reader takes every part for UTF-8, whatever the part says of itself.
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def _refuse(*_declared: object) -> None:
    raise Damaged


def _parse(parser: expat.XMLParserType, part: bytes) -> None:
    try:
        parser.Parse(part, True)
    except expat.ExpatError as error:
        raise Damaged from error


def _bare(name: str) -> str:
    return name.rpartition(":")[2]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
