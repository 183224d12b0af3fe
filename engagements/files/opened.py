"""Opens a workbook that came back from outside and says where its cells hold no plain value.

It is refused by what it is, whatever its name says, in a sentence; nothing in it is run, and
nothing that it points to is fetched. Cells stay exactly as they are.
"""

from __future__ import annotations

import posixpath
import re
import zlib
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.parsers import expat
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from engagements.files import extent
from engagements.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from zipfile import ZipInfo

ZIP: Final = b"PK\x03\x04"
MOST_PARTS: Final = 1_000
MOST_UNPACKED: Final = 150 * 1024 * 1024
MOST_SHEETS: Final = 30
MOST_ROWS: Final = 60_000
MOST_COLUMNS: Final = 200
MOST_CELLS: Final = 2_000_000
"""Of one sheet, blank ones too: the reader makes room for each."""

MOST_RATIO: Final = 200
"""Times that a workbook of some size may grow when it is unpacked. Honest text grows tenfold."""

SMALL: Final = 20 * 1024 * 1024

_COMPOUND: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
_SHARED_TEXTS: Final = "xl/sharedStrings.xml"
_SHEETS: Final = "xl/worksheets/"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_CONTENT_TYPES: Final = "[Content_Types].xml"
_NEEDED: Final = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/_rels/workbook\.xml\.rels"
    r"|xl/(workbook|styles|sharedStrings)\.xml|xl/worksheets/[^/]+\.xml"
)
_MACROS: Final = re.compile(r"vbaproject|^xl/macrosheets/|activex", re.IGNORECASE)
_OUTSIDE: Final = re.compile(r"^xl/(externallinks/|querytables/|connections\.xml)", re.IGNORECASE)
_EMBEDDED: Final = re.compile(r"^xl/embeddings/", re.IGNORECASE)

Cell = str | float | bool | date | datetime | time | timedelta


class OpenedSheet(NamedTuple):
    """`rows` are those with something in them: their number from 1 on, and the cells from the
    first column on. `marks` are by row and column, from 1 on."""

    name: str
    is_visible: bool
    rows: list[tuple[int, list[Cell]]]
    marks: extent.Marks


def is_workbook(content: bytes) -> bool:
    """Or something that says it is one, and is refused in these words."""
    return content.startswith((ZIP, _COMPOUND))


def open_workbook(content: bytes) -> list[OpenedSheet]:
    """Its sheets of cells, in their order. Refuses what is locked, of another kind, damaged,
    packed to burst, too large, with macros, with files inside or with ties to other files."""
    if content.startswith(_COMPOUND):
        raise _compound(content)
    packed, marks = _unpacked(content)
    try:
        with CalamineWorkbook.from_filelike(BytesIO(packed)) as book:
            return [
                OpenedSheet(
                    found.name,
                    found.visible == SheetVisibleEnum.Visible,
                    _rows(book, found.name),
                    marks[found.name],
                )
                for found in book.sheets_metadata
                if found.name in marks
            ]
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise _damaged() from error


def _rows(book: CalamineWorkbook, name: str) -> list[tuple[int, list[Cell]]]:
    sheet = book.get_sheet_by_name(name)
    # Rows are given from the first one of the sheet on, cells from its first that holds something.
    ahead: list[Cell] = [""] * (sheet.start[1] if sheet.start else 0)
    return [
        (number, ahead + row)
        for number, row in enumerate(sheet.iter_rows(), start=1)
        if any(cell != "" for cell in row)
    ]


def _compound(content: bytes) -> Refused:
    if _LOCKED in content:
        return Refused(
            "encrypted",
            _("This workbook is protected with a password. Please save it without one."),
        )
    return Refused(
        "old_format",
        _("This file is in an old Excel format. Please save it as a workbook (.xlsx)."),
    )


def _unpacked(content: bytes) -> tuple[bytes, Mapping[str, extent.Marks]]:
    """The parts that the cells need, packed anew under our own limits, and the marks by sheet."""
    packed = BytesIO()
    found: dict[str, extent.Marks] = {}
    kept: dict[str, bytes] = {}
    try:
        with ZipFile(BytesIO(content)) as file, ZipFile(packed, "w", ZIP_STORED) as safe:
            shared: list[int] = []
            for entry in _needed(file.infolist(), len(content)):
                part = file.read(entry)
                if entry.filename == _SHARED_TEXTS:
                    shared = extent.lengths_of_shared(part)
                elif entry.filename.startswith(_SHEETS):
                    found[entry.filename] = _measured(part, shared)
                else:
                    kept[entry.filename] = part
                safe.writestr(entry.filename, part)
        _check_kinds(kept[_CONTENT_TYPES])
        sheets = _sheets(kept["xl/workbook.xml"], kept[_RELATIONS])
    except (
        BadZipFile,
        OSError,
        RuntimeError,
        NotImplementedError,
        EOFError,
        KeyError,
        ValueError,
        zlib.error,
        extent.Damaged,
    ) as error:
        # A RuntimeError is a part with a password.
        raise _damaged() from error
    return packed.getvalue(), {name: found[part] for name, part in sheets if part in found}


def _needed(entries: list[ZipInfo], packed: int) -> list[ZipInfo]:
    """What the sheets show comes before them."""
    unpacked = sum(entry.file_size for entry in entries)
    if (
        len(entries) > MOST_PARTS
        or unpacked > MOST_UNPACKED
        or unpacked > max(SMALL, MOST_RATIO * packed)
    ):
        raise _bomb()
    names = {entry.filename for entry in entries}
    _check_names(names)
    if len(names) < len(entries):
        raise _damaged()
    needed = [entry for entry in entries if _NEEDED.fullmatch(entry.filename)]
    return sorted(needed, key=lambda entry: entry.filename != _SHARED_TEXTS)


def _check_names(names: set[str]) -> None:
    if any(_MACROS.search(name) for name in names):
        raise _macros()
    if "xl/workbook.xml" not in names:
        words = _("This file is no Excel workbook. Please save it as a workbook (.xlsx).")
        raise Refused("no_workbook", words)
    if any(_OUTSIDE.match(name) for name in names):
        raise Refused(
            "external",
            _(
                "This workbook draws on other files or data. Please break these links, so that it "
                "holds plain values, and save it again."
            ),
        )
    if any(_EMBEDDED.match(name) for name in names):
        raise Refused("embedded", _("This workbook has other files inside. Please remove them."))


def _measured(part: bytes, shared: list[int]) -> extent.Marks:
    marks: extent.Marks = {}
    sheet = extent.extent_of(part, shared, marks=marks)
    if sheet.rows > MOST_ROWS:
        raise Refused(
            "too_many_rows",
            _(
                "A sheet of this workbook has more than %(most)s rows, or a cell far below the "
                "list. Please remove what does not belong to it."
            )
            % {"most": f"{MOST_ROWS:,}"},
        )
    if sheet.columns > MOST_COLUMNS:
        raise Refused(
            "too_wide",
            _("A sheet of this workbook has more than %(most)s columns.") % {"most": MOST_COLUMNS},
        )
    if sheet.rows * sheet.columns > MOST_CELLS or sheet.characters > extent.MOST_TEXT:
        raise _bomb()
    return marks


def _check_kinds(content_types: bytes) -> None:
    """A workbook with macros says so here, also without any."""

    def start(_name: str, attributes: Mapping[str, str]) -> None:
        kind = attributes.get("ContentType", "").casefold()
        if "macroenabled" in kind or "vbaproject" in kind:
            raise _macros()

    _walk(content_types, start)


def _sheets(workbook: bytes, relations: bytes) -> list[tuple[str, str]]:
    """Name and part of each sheet. No two of them may be one part: each would be laid out."""
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []

    def relation(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.join("/xl", attributes.get("Target", ""))
            targets[attributes.get("Id", "")] = posixpath.normpath(target).lstrip("/")

    def sheet(name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            key = next((value for at, value in attributes.items() if at.endswith(":id")), "")
            sheets.append((attributes.get("name", ""), targets[key]))

    _walk(relations, relation)
    _walk(workbook, sheet)
    names, parts = zip(*sheets, strict=True) if sheets else ((), ())
    if len(set(names)) < len(sheets) or len(set(parts)) < len(sheets):
        raise extent.Damaged
    if len(sheets) > MOST_SHEETS:
        raise _bomb()
    return sheets


def _walk(part: bytes, start: Callable[[str, Mapping[str, str]], None]) -> None:
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = lambda name, held: start(name.rpartition(":")[2], held)
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(part, True)
    except expat.ExpatError as error:
        raise extent.Damaged from error


def _refuse(*_declared: object) -> None:
    raise extent.Damaged


def _macros() -> Refused:
    return Refused(
        "macros", _("This workbook has macros. Please save it as a workbook without (.xlsx).")
    )


def _damaged() -> Refused:
    return Refused("damaged", _("This workbook is damaged or locked, so it cannot be read."))


def _bomb() -> Refused:
    return Refused("bomb", _("This file is far larger inside than outside, so it is not read."))
