"""A sheet of paper before its rows are written, and what is laid over them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties

from engagements.files.sheets.lines import COVER_WIDTHS, SUMMARY_WIDTHS
from engagements.files.sheets.shapes import Cover, Holds, Sheet, Summary
from engagements.files.text import clean_line
from engagements.files.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from engagements.files.sheets.shapes import Column, Shape

_LONGEST_LIST: Final = 255
"""Characters of a list of choices that is written out (ECMA-376, 18.3.1.33)."""
_LONGEST_HINT: Final = 255
_EARLIEST_DAY: Final = "36526"
"""January 1, 2000 as a spreadsheet counts days. What is before it is a slip of the hand."""


def check(shape: Shape) -> None:
    """Raises ValueError for choices that no list can hold."""
    if isinstance(shape, Sheet):
        for column in shape.columns:
            if column.choices:
                _written_out(column.choices)


def set_up(paper: Worksheet, shape: Shape, *, footer: str, backwards: bool) -> None:
    """Everything that has to be said before the first row."""
    paper.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    paper.page_setup.fitToWidth = 1
    paper.page_setup.fitToHeight = 0
    paper.sheet_view.rightToLeft = backwards or None
    margins = paper.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom = 0.6, 0.75
    _set_footer(paper, footer)
    match shape:
        case Sheet():
            _set_up_table(paper, shape)
        case Cover():
            paper.page_setup.orientation = "portrait"
            paper.sheet_view.showGridLines = False
            _set_widths(paper, COVER_WIDTHS)
        case Summary():
            paper.page_setup.orientation = "portrait"
            # On one page, since a page could end within a chart.
            paper.page_setup.fitToHeight = 1
            paper.sheet_view.showGridLines = False
            _set_widths(paper, SUMMARY_WIDTHS)


def finish(paper: Worksheet, table: Sheet, *, rows: int, number: int) -> None:
    """What spans a table of so many rows, the header among them, on the sheet of that number."""
    last = f"{get_column_letter(len(table.columns))}{rows}"
    if table.filter:
        paper.auto_filter.ref = f"A1:{last}"
    # By a name like this, screen readers know which cells are the headers of which.
    name = f"TitleRegion1.A1.{last}.{number}"
    paper.defined_names[name] = DefinedName(name, attr_text=f"{quote_sheetname(paper.title)}!$A$1")
    if rows > 1:
        for place, column in enumerate(table.columns, start=1):
            if rule := _validation(column):
                letter = get_column_letter(place)
                rule.add(f"{letter}2:{letter}{rows}")
                paper.data_validations.append(rule)


def _set_footer(paper: Worksheet, title: str) -> None:
    # An ampersand begins a code in a footer, and with a bracket a long one.
    words = visible(clean_line(title))[:100].replace("&[", "& [").replace("&", "&&")
    foot = HeaderFooterItem()
    foot.left.text = words
    foot.right.text = _("Page %(page)s of %(pages)s") % {"page": "&P", "pages": "&N"}
    paper.HeaderFooter.oddFooter = foot


def _set_up_table(paper: Worksheet, table: Sheet) -> None:
    paper.page_setup.orientation = "landscape"
    paper.print_title_rows = "1:1"
    paper.page_setup.fitToWidth = table.pages_wide
    if table.repeated:
        paper.print_title_cols = f"A:{get_column_letter(table.repeated)}"
    _set_widths(paper, [column.width for column in table.columns])
    if table.freeze_header:
        paper.freeze_panes = f"{get_column_letter(table.frozen + 1)}2"
    if table.locked:
        # The flags name what stays forbidden. Sorting stays so: programs refuse it while any cell
        # of the rows is locked, and offering it would end in an error.
        paper.protection.sheet = True
        paper.protection.autoFilter = False
        paper.protection.formatColumns = False
        paper.protection.formatRows = False
        paper.protection.insertRows = not table.grows


def _set_widths(paper: Worksheet, widths: Sequence[float]) -> None:
    for number, width in enumerate(widths, start=1):
        paper.column_dimensions[get_column_letter(number)].width = width


def _validation(column: Column) -> DataValidation | None:
    if not column.to_fill_in:
        return None
    if column.choices:
        rule = DataValidation("list", formula1=_written_out(column.choices))
        rule.error = _("Please choose one of: %(words)s.") % {"words": ", ".join(column.choices)}
    elif column.holds is Holds.DATE:
        rule = DataValidation("date", operator="greaterThanOrEqual", formula1=_EARLIEST_DAY)
        rule.error = _("Please type a date, such as 2026-03-31.")
    elif column.holds is Holds.NUMBER:
        rule = DataValidation("whole", operator="greaterThanOrEqual", formula1="1")
        rule.error = _("Please type a number.")
    elif column.hint:
        rule = DataValidation()
    else:
        return None
    rule.allowBlank = True
    rule.showErrorMessage = True
    rule.errorTitle = rule.promptTitle = column.title[:32]
    rule.showInputMessage = bool(column.hint)
    rule.prompt = column.hint[:_LONGEST_HINT] or None
    return rule


def _written_out(choices: Sequence[str]) -> str:
    words = ",".join(choices)
    if len(words) > _LONGEST_LIST or '"' in words or words.count(",") != len(choices) - 1:
        raise ValueError(f"these words cannot be a list of choices: {choices!r}")
    return f'"{words}"'
