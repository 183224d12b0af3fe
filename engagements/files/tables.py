"""A table out of a file as people have it: text with separators in any encoding, or a workbook.

What could harm is refused by what the file is, whatever its name says. Nothing in it is run.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zlib
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from python_calamine import CalamineError, CalamineWorkbook

from engagements.files import extent
from engagements.files.text import clean_line
from engagements.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zipfile import ZipInfo

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_COLUMNS: Final = 100
MOST_UNPACKED: Final = 60 * 1024 * 1024
"""Of a workbook. Five megabytes of honest rows unpack to some forty."""

MOST_PARTS: Final = 1_000
MOST_BLANK_ROWS: Final = 50_000
"""A workbook may count formatted rows without a value."""

LONGEST_CELL: Final = 2_000

_ZIP: Final = b"PK\x03\x04"
_COMPOUND: Final = bytes.fromhex("d0cf11e0a1b11ae1")
"""Begins Excel 97 files, and new ones that are locked with a password ([MS-OFFCRYPTO])."""

_BINARY: Final = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_SEPARATORS: Final = ",;\t|"
_NAMED_SEPARATOR: Final = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_NEEDED: Final = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/_rels/[^/]+|xl/(workbook|styles|sharedStrings)\.xml"
    r"|xl/worksheets/[^/]+\.xml"
)
_SHARED_TEXTS: Final = "xl/sharedStrings.xml"
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

Row = tuple[int, list[str]]
"""The number of the row in the file, from 1 on, and its cells."""


def read_table(content: bytes, *, most_rows: int) -> list[Row]:
    """The rows that have something in them, each cell a line of clean text.

    Refuses, with a sentence: what is empty, too large or too long, neither text nor a workbook,
    locked, with macros, damaged, or packed to burst.
    """
    if len(content) > MOST_BYTES:
        raise Refused(
            "too_large",
            _("This file is larger than %(most)s MB.") % {"most": MOST_BYTES // 1024 // 1024},
        )
    if content.startswith(_COMPOUND):
        raise Refused(
            "locked",
            _(
                "This file is locked with a password, or in the old Excel format. Please save it "
                "as a workbook (.xlsx) without a password, or as CSV."
            ),
        )
    cells = _workbook(content) if content.startswith(_ZIP) else separated(content)
    rows = [(number, row) for number, row in enumerate(_clean(cells), start=1) if any(row)]
    if not rows:
        raise Refused("empty", _("There is nothing in this file."))
    if len(rows) > most_rows + 1:
        raise Refused(
            "too_long",
            ngettext(
                "This file has more than %(most)s row. Please split it.",
                "This file has more than %(most)s rows. Please split it.",
                most_rows,
            )
            % {"most": f"{most_rows:,}"},
        )
    return rows


def _clean(rows: Iterable[list[str]]) -> Iterable[list[str]]:
    for row in rows:
        if len(row) > MOST_COLUMNS:
            raise Refused("too_wide", _("This file has too many columns."))
        yield [clean_line(cell[:LONGEST_CELL]) for cell in row]


def separated(content: bytes) -> list[list[str]]:
    """The cells of a text with separators, exactly as they stand. Refuses what is no such text."""
    text = _decoded(content)
    if _BINARY.search(text):
        raise Refused(
            "binary", _("This file is no list. Please give a CSV file or a workbook (.xlsx).")
        )
    first, _end, rest = text.partition("\n")
    named = _NAMED_SEPARATOR.fullmatch(first.strip())
    separator = named[1] if named else _separator(text)
    lines = io.StringIO(rest if named else text, newline="")
    try:
        rows = list(csv.reader(lines, delimiter=separator))
    except (csv.Error, TypeError, ValueError) as error:
        raise Refused("damaged", _("This file cannot be read as a table.")) from error
    return [[], *rows] if named else rows


def _decoded(content: bytes) -> str:
    """UTF-8, UTF-16 with or without its mark, or else what Windows wrote in Western offices."""
    encoding = next((name for bom, name in _BOMS if content.startswith(bom)), None)
    for name in [encoding] if encoding else ["utf-8", *_without_mark(content), "cp1252"]:
        try:
            return content.decode(name)
        except UnicodeDecodeError:
            continue
    raise Refused(
        "encoding", _("The letters of this file cannot be read. Please save it as UTF-8.")
    )


def _without_mark(content: bytes) -> list[str]:
    """Of Western letters in UTF-16 every second byte is zero."""
    start = content[:1_000]
    if start[1::2].count(0) > len(start) // 3:
        return ["utf-16-le"]
    return ["utf-16-be"] if start[::2].count(0) > len(start) // 3 else []


def _separator(text: str) -> str:
    """What separates most in the first line that is not blank, outside of quotes."""
    heading = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", heading)
    return max(_SEPARATORS, key=bare.count)


def _workbook(content: bytes) -> list[list[str]]:
    try:
        with CalamineWorkbook.from_filelike(_checked(content)) as book:
            for name in book.sheet_names:
                rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                if any(cell != "" for row in rows for cell in row):
                    return [[_as_text(cell) for cell in row] for row in rows]
    except CalamineError as error:
        raise _damaged() from error
    return []


def _checked(content: bytes) -> io.BytesIO:
    """The parts that a table needs, packed anew, so that none is larger than it says.

    And looked at before the reader lays out anything: it makes room for every cell up to the last,
    and reads any part that the workbook names as a sheet.
    """
    anew = io.BytesIO()
    try:
        with ZipFile(io.BytesIO(content)) as parts, ZipFile(anew, "w") as packed:
            shared: list[int] = []
            for entry in _needed(parts.infolist()):
                part = parts.read(entry)
                if entry.filename == _SHARED_TEXTS:
                    shared = extent.lengths_of_shared(part)
                elif entry.filename.startswith("xl/worksheets/"):
                    _check_extent(extent.extent_of(part, shared))
                packed.writestr(entry.filename, part)
    except (
        BadZipFile,
        OSError,
        RuntimeError,
        NotImplementedError,
        EOFError,
        ValueError,
        zlib.error,
        extent.Damaged,
    ) as error:
        # A RuntimeError is a part with a password.
        raise _damaged() from error
    anew.seek(0)
    return anew


def _needed(entries: list[ZipInfo]) -> list[ZipInfo]:
    """What the sheets show comes before them."""
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise _bomb()
    names = {entry.filename.casefold() for entry in entries}
    if any("vbaproject" in name for name in names):
        raise Refused(
            "macros",
            _("This workbook has macros. Please save it as a workbook without (.xlsx)."),
        )
    if "xl/workbook.xml" not in names:
        raise Refused(
            "no_workbook",
            _("This file is no workbook. Please give a CSV file or a workbook (.xlsx)."),
        )
    if len({entry.filename for entry in entries}) < len(entries):
        raise _damaged()
    needed = [entry for entry in entries if _NEEDED.fullmatch(entry.filename)]
    return sorted(needed, key=lambda entry: entry.filename != _SHARED_TEXTS)


def _check_extent(sheet: extent.Extent) -> None:
    if sheet.columns > MOST_COLUMNS:
        raise Refused("too_wide", _("This file has too many columns."))
    if sheet.rows > MOST_BLANK_ROWS:
        raise Refused("too_long", _("This file has too many rows. Please split it."))
    if sheet.characters > extent.MOST_TEXT:
        raise _bomb()


def _as_text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell)


def _damaged() -> Refused:
    return Refused("damaged", _("This workbook is damaged or locked, so it cannot be read."))


def _bomb() -> Refused:
    return Refused("bomb", _("This file is far larger inside than outside, so it is not read."))
