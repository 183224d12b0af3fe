"""Workbooks that no text can break. The only module that knows openpyxl."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.rich_text import CellRichText
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.writer.excel import ExcelWriter

from engagements.files.text import clean_line, wrapped_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

WORKBOOK_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

LONGEST_TEXT: Final = 32_767
"""UTF-16 units in one cell; spreadsheet programs cut what is longer."""

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


@dataclass(frozen=True)
class Column:
    title: str
    width: float
    wrap: bool = True
    to_fill_in: bool = False
    """Left open for the reader: tinted, kept as text, and unlocked where the sheet is locked."""


@dataclass(frozen=True)
class Sheet:
    """A table: one header row, one row per thing. A row is a sequence of values, or Muted."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    freeze_header: bool = True
    filter: bool = True
    locked: bool = False
    """Protected against slips, without a password; filter and sizes stay usable."""
    pages_wide: int = 1
    """Printed on so many pages side by side, for what one page would make too small to read."""
    repeated: int = 0
    """So many first columns are printed on each of them again."""


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


def write_workbook(
    sheets: Sequence[Sheet | Cover], *, title: str, creator: str, at: datetime
) -> bytes:
    """The bytes of a workbook (.xlsx), the same for the same input.

    `creator` is the office, never a person; `at` is the moment the file says it was made (aware).
    Every text stays the text it is, whatever it looks like; characters that no XML can hold become
    U+FFFD. Raises TextTooLong, and ValueError for a moment with a time zone in a cell: which zone
    a reader should see is for the caller to decide.
    """
    names = _sheet_names([sheet.title for sheet in sheets])
    # All is laid out and checked first, so that a refusal leaves no half-written file behind.
    drawn = [_checked(_lines(sheet), name) for sheet, name in zip(sheets, names, strict=True)]
    moment = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book = Workbook(write_only=True)
    properties = book.properties
    properties.creator = properties.lastModifiedBy = _printable(creator)
    properties.title = _printable(title)
    properties.created = properties.modified = moment
    for sheet, name, lines in zip(sheets, names, drawn, strict=True):
        paper = book.create_sheet(name)
        _set_up(paper, footer=title)
        if isinstance(sheet, Cover):
            _set_up_cover(paper)
        else:
            _set_up_table(paper, sheet, rows=len(lines))
        _write(paper, lines)
    return _packed(book, moment)


def safe_file_name(text: str, suffix: str) -> str:
    """A name that every system takes: letters, digits and hyphens of the text, then the suffix."""
    letters = (char if unicodedata.category(char)[0] in "LNM" else "-" for char in clean_line(text))
    name = re.sub("-+", "-", "".join(letters)).strip("-")
    name = name.encode()[:_LONGEST_FILE_NAME].decode(errors="ignore").strip("-")
    if not name or _DEVICE.fullmatch(name):
        name = f"file-{name}".strip("-")
    return name + suffix


_LONGEST_FILE_NAME: Final = 120
_DEVICE: Final = re.compile("con|prn|aux|nul|com[0-9]|lpt[0-9]", re.IGNORECASE)

_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# A spreadsheet program reads _x0041_ as A. Cut in two runs it is no longer an escape, and every
# reader puts the runs together again; doubling it (_x005F_) is undone by some readers only.
_INSIDE_ESCAPE: Final = re.compile("(?<=_)(?=x[0-9A-Fa-f]{4}_)")

_MOST_DIGITS: Final = 10**15
"""Numbers from here on lose digits in a spreadsheet: they are written as text."""


class _FirstHeight(RowDimension):
    """A height to begin with. Not "custom", so the row still grows with what is typed into it."""

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return (pair for pair in super().__iter__() if pair[0] != "customHeight")


@dataclass(frozen=True, eq=False)
class _Look:
    font: Font
    fill: PatternFill | None = None
    border: Border | None = None
    wrap: bool = True
    vertical: str = "top"
    locked: bool = True
    indent: int = 0
    number: str = "General"

    def cell(self, paper: Worksheet, kind: type) -> Cell:
        cell = WriteOnlyCell(paper)
        cell.font = self.font
        if self.fill:
            cell.fill = self.fill
        if self.border:
            cell.border = self.border
        cell.alignment = Alignment("left", self.vertical, wrap_text=self.wrap, indent=self.indent)
        cell.protection = Protection(locked=self.locked)
        # The mark of an apostrophe typed first: text stays text when somebody edits the cell.
        cell.quotePrefix = kind is str
        cell.number_format = _FORMATS.get(kind, self.number)
        return cell


_INK: Final = "1B1B1B"
_BLUE: Final = "005288"
_GRAY: Final = "5C5C5C"
_LINE: Final = Side("thin", "C9CED3")
_BOX: Final = Border(_LINE, _LINE, _LINE, _LINE)
_TINT: Final = PatternFill("solid", "FFF9E3")

_HEADER: Final = _Look(
    Font("Calibri", 11, bold=True, color="FFFFFF"),
    PatternFill("solid", _BLUE),
    _BOX,
    vertical="center",
    indent=1,
)
_CELL: Final = _Look(Font("Calibri", 11, color=_INK), border=_BOX, indent=1)
_CELL_ONE_LINE: Final = _Look(Font("Calibri", 11, color=_INK), border=_BOX, wrap=False, indent=1)
_CELL_MUTED: Final = _Look(Font("Calibri", 11, italic=True, color=_GRAY), border=_BOX, indent=1)
_CELL_TO_FILL_IN: Final = _Look(
    Font("Calibri", 11, color=_INK), _TINT, _BOX, locked=False, indent=1, number="@"
)
_HEADING: Final = _Look(Font("Calibri", 20, bold=True, color=_BLUE), wrap=False)
_SECTION: Final = _Look(
    Font("Calibri", 13, bold=True, color=_BLUE),
    border=Border(top=Side("thin", _BLUE)),
    wrap=False,
    vertical="bottom",
)
_LABEL: Final = _Look(Font("Calibri", 11, bold=True, color=_INK))
_WORDS: Final = _Look(Font("Calibri", 11, color=_INK), number="#,##0")

_FORMATS: Final[dict[type, str]] = {date: "mmm d, yyyy", datetime: "mmm d, yyyy h:mm AM/PM"}
_LINE_HEIGHT: Final = 15.0
_HIGHEST_ROW: Final = 409.0
_INDENT: Final = 1.5
_BOLD: Final = 0.92
_LONGEST_HEADING: Final = 60
"""Letters of a line of the heading that the width of a page holds."""
_COVER_WIDTHS: Final = (32.0, 86.0)


@dataclass(frozen=True)
class _Line:
    cells: Sequence[tuple[_Look, Value]]
    height: float


def _lines(sheet: Sheet | Cover) -> list[_Line]:
    return list(_cover_lines(sheet) if isinstance(sheet, Cover) else _table_lines(sheet))


def _table_lines(table: Sheet) -> Iterator[_Line]:
    # Headings wrap in every column, also where the values below do not, and they are bold.
    titles = [(Column("", column.width * _BOLD), column.title) for column in table.columns]
    yield _Line([(_HEADER, column.title) for column in table.columns], _height(titles, least=24.0))
    for row in table.rows:
        cells = list(zip(table.columns, row, strict=True))
        muted = isinstance(row, Muted)
        yield _Line(
            [(_CELL_MUTED if muted else _look(column), value) for column, value in cells],
            _height(cells),
        )


def _look(column: Column) -> _Look:
    if column.to_fill_in:
        return _CELL_TO_FILL_IN
    return _CELL if column.wrap else _CELL_ONE_LINE


def _cover_lines(cover: Cover) -> Iterator[_Line]:
    columns = [Column("", width) for width in _COVER_WIDTHS]
    for line in wrap(cover.heading, _LONGEST_HEADING) or [cover.heading]:
        yield _Line([(_HEADING, line)], 34.0)
    for section in cover.sections:
        yield _Line([(_SECTION, section.heading), (_SECTION, None)], 30.0)
        for label, value in section.rows:
            height = _height(list(zip(columns, (label, value), strict=True)))
            yield _Line([(_LABEL, label), (_WORDS, value)], height)


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


def _checked(lines: list[_Line], sheet: str) -> list[_Line]:
    for row, line in enumerate(lines, start=1):
        for column, (_style, value) in enumerate(line.cells, start=1):
            if isinstance(value, str):
                length = len(value.encode("utf-16-le", "surrogatepass")) // 2
                if length > LONGEST_TEXT:
                    raise TextTooLong(sheet, f"{get_column_letter(column)}{row}", length)
            elif isinstance(value, datetime) and value.tzinfo is not None:
                raise ValueError("a cell holds no time zone: give the reader's local time")
    return lines


def _set_up(paper: Worksheet, *, footer: str) -> None:
    paper.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    paper.page_setup.fitToWidth = 1
    paper.page_setup.fitToHeight = 0
    margins = paper.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom = 0.6, 0.75
    # An ampersand begins a code in a footer, and with a bracket a long one.
    words = _printable(clean_line(footer))[:100].replace("&[", "& [").replace("&", "&&")
    foot = HeaderFooterItem()
    foot.left.text = words
    foot.right.text = _("Page %(page)s of %(pages)s") % {"page": "&P", "pages": "&N"}
    paper.HeaderFooter.oddFooter = foot


def _set_up_cover(paper: Worksheet) -> None:
    paper.page_setup.orientation = "portrait"
    paper.sheet_view.showGridLines = False
    _set_widths(paper, _COVER_WIDTHS)


def _set_up_table(paper: Worksheet, table: Sheet, *, rows: int) -> None:
    paper.page_setup.orientation = "landscape"
    paper.print_title_rows = "1:1"
    paper.page_setup.fitToWidth = table.pages_wide
    if table.repeated:
        paper.print_title_cols = f"A:{get_column_letter(table.repeated)}"
    _set_widths(paper, [column.width for column in table.columns])
    if table.freeze_header:
        paper.freeze_panes = "A2"
    if table.filter:
        paper.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{rows}"
    if table.locked:
        # The flags name what stays forbidden. Sorting stays so: programs refuse it while any cell
        # of the rows is locked, and offering it would end in an error.
        paper.protection.sheet = True
        paper.protection.autoFilter = False
        paper.protection.formatColumns = False
        paper.protection.formatRows = False


def _set_widths(paper: Worksheet, widths: Sequence[float]) -> None:
    for number, width in enumerate(widths, start=1):
        paper.column_dimensions[get_column_letter(number)].width = width


def _write(paper: Worksheet, lines: Sequence[_Line]) -> None:
    # One cell for each place, look and kind of value, used again in every row: openpyxl has written
    # a row when append returns, and styling each cell anew would take most of the time.
    cells: dict[tuple[int, _Look, type], Cell] = {}
    for row, line in enumerate(lines, start=1):
        paper.row_dimensions[row] = _FirstHeight(paper, row, ht=line.height)
        filled = []
        for column, (look, value) in enumerate(line.cells):
            key = (column, look, type(value))
            if key not in cells:
                cells[key] = look.cell(paper, type(value))
            _fill(cells[key], value)
            filled.append(cells[key])
        paper.append(filled)


def _fill(cell: Cell, value: Value) -> None:
    if isinstance(value, int) and abs(value) >= _MOST_DIGITS:
        value = str(value)
    if isinstance(value, str):
        pieces = _INSIDE_ESCAPE.split(_printable(value))
        cell.value = pieces[0] if len(pieces) == 1 else CellRichText(*pieces)
        # Said after the value, which openpyxl takes for a formula, an error or a number.
        cell.data_type = "s"
    else:
        cell.value = value


def _packed(book: Workbook, moment: datetime) -> bytes:
    """The file, with the moment in every entry, where openpyxl would put the time of writing."""
    loose, packed = BytesIO(), BytesIO()
    ExcelWriter(book, ZipFile(loose, "w")).save()
    with ZipFile(loose) as entries, ZipFile(packed, "w", ZIP_DEFLATED) as file:
        for name in entries.namelist():
            entry = ZipInfo(name, moment.timetuple()[:6])
            file.writestr(entry, entries.read(name), ZIP_DEFLATED)
    return packed.getvalue()


def _printable(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _sheet_names(titles: Sequence[str]) -> list[str]:
    """Names that every spreadsheet program takes: 31 UTF-16 units, each once in any case."""
    names: list[str] = []
    taken = {"", "history"}
    for title in titles:
        base = re.sub(r"[\\/?*\[\]:]", " ", _printable(clean_line(title)))
        base = " ".join(base.split()).strip(" '") or _("Sheet")
        for ending in ("", *(f" ({number})" for number in range(2, len(titles) + 3))):
            name = _cut(base, 31 - len(ending)) + ending
            if name.casefold() not in taken:
                break
        names.append(name)
        taken.add(name.casefold())
    return names


def _cut(text: str, units: int) -> str:
    cut = text.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore")
    return cut.rstrip(" '")
