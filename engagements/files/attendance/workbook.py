"""Opens a workbook that somebody else made, without trusting what it says of its size."""

from __future__ import annotations

import re
import zlib
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from engagements.files import extent
from engagements.files.attendance.document import (
    MOST_COLUMNS,
    MOST_ROWS,
    Line,
    Unreadable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zipfile import ZipInfo

MOST_ENTRIES: Final = 1_000
MOST_UNPACKED: Final = 200 * 1024 * 1024
MOST_SHEETS: Final = 20
MOST_CELLS: Final = 5_000_000
"""Of one sheet, blank ones too: fifty columns of the most rows."""

_NEEDED: Final = re.compile(
    r"(\[Content_Types\]\.xml|_rels/\.rels|xl/_rels/.*|xl/workbook\.xml|xl/styles\.xml"
    r"|xl/sharedStrings\.xml|xl/worksheets/[^/]+\.xml)"
)

_SHARED_TEXTS: Final = "xl/sharedStrings.xml"
_SHEETS: Final = "xl/worksheets/"


def sheets_of(content: bytes) -> list[tuple[str, list[Line]]]:
    """Name and rows of each visible sheet. Raises Unreadable."""
    repacked = _repacked(content)
    try:
        with CalamineWorkbook.from_filelike(BytesIO(repacked)) as book:
            names = [
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.visible == SheetVisibleEnum.Visible
            ]
            return list(_within_limits(book, names[:MOST_SHEETS]))
    except (CalamineError, OSError, ValueError) as error:
        raise _damaged() from error


def _within_limits(book: CalamineWorkbook, names: list[str]) -> Iterator[tuple[str, list[Line]]]:
    """Several sheets may be one and the same part, so their parts' sizes are not enough."""
    room = extent.MOST_TEXT
    for name in names:
        lines = _lines(book, name)
        room -= sum(len(cell) + 1 for _number, cells in lines for cell in cells)
        if room < 0:
            raise _too_much()
        yield name, lines


def _lines(book: CalamineWorkbook, name: str) -> list[Line]:
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return [(number, [_text(value) for value in row]) for number, row in enumerate(rows, start=1)]


def _text(value: Any) -> str:
    """As a text file would have it: dates in ISO form, whole numbers without a point."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.replace(microsecond=0).isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{int(value.total_seconds())}s"
    return str(value).strip()


def _repacked(content: bytes) -> bytes:
    """The parts that a table needs, each unpacked under our own limit.

    The sizes written in an archive may lie, and the library that reads the sheets believes them.
    """
    packed = BytesIO()
    try:
        with ZipFile(BytesIO(content)) as file, ZipFile(packed, "w", ZIP_STORED) as safe:
            shared: list[int] = []
            for entry in _needed(file):
                data = file.read(entry)
                if entry.filename == _SHARED_TEXTS:
                    shared = extent.lengths_of_shared(data)
                elif entry.filename.startswith(_SHEETS):
                    _check_extent(extent.extent_of(data, shared))
                safe.writestr(entry.filename, data)
    except extent.Damaged as error:
        raise _damaged() from error
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error) as error:
        raise _damaged() from error
    return packed.getvalue()


def _needed(file: ZipFile) -> list[ZipInfo]:
    entries = file.infolist()
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable("encrypted", _("The file is protected with a password. Please remove it."))
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Unreadable(
            "macros", _("The workbook has macros. Please save it as .xlsx, without macros.")
        )
    if "xl/workbook.xml" not in names:
        raise Unreadable(
            "not_xlsx", _("The file is an archive, but not an Excel workbook (.xlsx).")
        )
    if len(names) < len(entries):
        raise _damaged()
    needed = [entry for entry in entries if _NEEDED.fullmatch(entry.filename)]
    # zipfile gives no more bytes of an entry than it is said to have, so this limit holds.
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in needed) > MOST_UNPACKED:
        raise _too_much()
    # What the sheets show has to be known before them.
    return sorted(needed, key=lambda entry: entry.filename != _SHARED_TEXTS)


def _check_extent(sheet: extent.Extent) -> None:
    """One cell at the far corner would make the reader lay out everything before it."""
    if sheet.rows > MOST_ROWS + 200:
        raise Unreadable("too_many_rows", _("The file has more than 100,000 rows."))
    if sheet.columns > MOST_COLUMNS:
        raise Unreadable("too_many_columns", _("The file has more than 200 columns."))
    if sheet.rows * sheet.columns > MOST_CELLS or sheet.characters > extent.MOST_TEXT:
        raise _too_much()


def _too_much() -> Unreadable:
    return Unreadable("bomb", _("Unpacked, the workbook is far larger than such a list can be."))


def _damaged() -> Unreadable:
    return Unreadable("damaged", _("The workbook is damaged: it cannot be opened."))
