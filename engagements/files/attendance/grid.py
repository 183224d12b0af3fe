"""Bytes to rows of text, whatever the file calls itself. Refuses what is no table."""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from engagements.files.attendance import workbook
from engagements.files.attendance.document import (
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    Line,
    Unreadable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DELIMITERS: Final = "\t;,"
LOOKED_AT: Final = 200
"""Lines that are asked what separates the cells."""

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HTML: Final = re.compile(r"\s*(<!doctype\s+html|<html|<head|<body|<table|<script)", re.IGNORECASE)
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def sheets_of(content: bytes) -> list[tuple[str, list[Line]]]:
    """Name and rows of each sheet; a text file is one sheet without a name. Blank rows stay.

    Raises Unreadable with a sentence for whoever sent the file.
    """
    check_size(content)
    if content.startswith(b"PK\x03\x04"):
        return workbook.sheets_of(content)
    return [("", lines_of(text_of(content)))]


def check_size(content: bytes) -> None:
    if not content.strip():
        raise Unreadable("empty", _("The file is empty."))
    if len(content) > MOST_BYTES:
        raise Unreadable("too_large", _("The file is larger than 25 MB."))
    if content.startswith(OLD_OFFICE):
        raise Unreadable(
            "old_office",
            _(
                "The file is protected with a password, or it is an old Excel file (.xls). "
                "Please save it as .xlsx or .csv, without a password."
            ),
        )


def text_of(content: bytes) -> str:
    """The text of a file, in UTF-8, UTF-16 or Windows-1252. Refuses HTML and what is no text."""
    text = _decoded(content)
    if _HTML.match(text):
        raise Unreadable(
            "html",
            _(
                "The file is a web page, not a table, whatever its name says. "
                "Please download the report itself."
            ),
        )
    if _CONTROLS.search(text):
        raise Unreadable("binary", _("The file holds no text: it is not a CSV, TSV or XLSX file."))
    return text


def lines_of(text: str) -> list[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        return list(_limited(_numbered(reader)))
    except csv.Error as error:
        raise Unreadable(
            "csv", _("The file cannot be taken apart into rows: a cell of it is far too long.")
        ) from error


def _numbered(reader: Iterable[list[str]]) -> Iterator[Line]:
    yield from enumerate(reader, start=1)


def _limited(lines: Iterable[Line]) -> Iterator[Line]:
    for number, cells in lines:
        if number > MOST_ROWS + LOOKED_AT:
            raise Unreadable("too_many_rows", _("The file has more than 100,000 rows."))
        if len(cells) > MOST_COLUMNS:
            raise Unreadable("too_many_columns", _("The file has more than 200 columns."))
        yield number, [cell.strip() for cell in cells]


def _decoded(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strictly(content, encoding)
    if encoding := _unmarked_utf16(content):
        return _strictly(content, encoding)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _strictly(content, "cp1252")


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(
            "binary", _("The file holds no text: it is not a CSV, TSV or XLSX file.")
        ) from error


def _unmarked_utf16(content: bytes) -> str:
    """UTF-16 of mostly Latin text has a zero in every other byte."""
    start = content[:4096]
    odd, even = start[1::2].count(0), start[::2].count(0)
    if odd > len(start) * 0.3 and even == 0:
        return "utf-16-le"
    return "utf-16-be" if even > len(start) * 0.3 and odd == 0 else ""


def _delimiter(text: str) -> str:
    """What separates the cells of most lines; a comma if nothing else does.

    A tab counts more than the rest, because names and dates have commas and hardly ever a tab.
    """
    lines = [re.sub(r'"[^"]*"', "", line) for line in text[:65536].splitlines()[:LOOKED_AT]]
    found = {mark: sum(mark in line for line in lines) for mark in DELIMITERS}
    if found["\t"] and found["\t"] * 2 >= found[","]:
        return "\t"
    return ";" if found[";"] > found[","] or (found[";"] and _splits_evenly(lines)) else ","


def _splits_evenly(lines: list[str]) -> bool:
    """Semicolons stand as often in each line as in the first that has one: they separate."""
    counts = {line.count(";") for line in lines if ";" in line}
    commas = {line.count(",") for line in lines if ";" in line}
    return len(counts) == 1 and len(commas) > 1
