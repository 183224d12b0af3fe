"""Bar charts that a spreadsheet draws from the cells beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.title import Title, title_maker
from openpyxl.drawing.text import CharacterProperties, ParagraphProperties

from engagements.files.sheets.lines import chart_height
from engagements.files.sheets.looks import BLUE
from engagements.files.visible import visible

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from engagements.files.sheets.shapes import Tally

_POINTS_PER_CENTIMETER = 28.35
_WIDTH = 17.0
_TITLE_SIZE = 1200
"""In hundredths of a point."""


def add_chart(paper: Worksheet, tally: Tally, *, row: int) -> str:
    """A chart of the tally that begins in that row, and what it shows in words."""
    first = row + (3 if tally.note else 2)
    last = first + len(tally.rows) - 1
    chart = BarChart()
    chart.type = "bar"
    chart.style = 10
    chart.title = _title(visible(tally.heading))
    chart.legend = None
    chart.roundedCorners = False
    chart.gapWidth = 45
    chart.add_data(Reference(paper, min_col=2, min_row=first, max_row=last))
    chart.set_categories(Reference(paper, min_col=1, min_row=first, max_row=last))
    chart.series[0].graphicalProperties.solidFill = BLUE
    chart.dataLabels = DataLabelList(showVal=True)
    for part in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
        setattr(chart.dataLabels, part, False)
    # Bars are drawn from below unless told; the table beside it reads from above.
    chart.x_axis.scaling.orientation = "maxMin"
    # Each bar has its name, also where they stand close together.
    chart.x_axis.tickLblSkip = 1
    # Without being told so, newer programs leave the axes out.
    chart.x_axis.delete = False
    chart.y_axis.delete = True
    chart.y_axis.majorGridlines = None
    chart.y_axis.scaling.min = 0
    chart.width = _WIDTH  # type: ignore[assignment]
    chart.height = chart_height(tally) / _POINTS_PER_CENTIMETER
    paper.add_chart(chart, f"D{row}")
    return _described(tally)


def _title(text: str) -> Title:
    title = title_maker(text)
    # Without being told so, it would lie over the bars.
    title.overlay = False
    font = CharacterProperties(sz=_TITLE_SIZE, b=True)
    if title.tx and title.tx.rich:
        for paragraph in title.tx.rich.p:
            paragraph.pPr = ParagraphProperties(defRPr=font)
    return title


def _described(tally: Tally) -> str:
    figures = ", ".join(f"{name} {number:,}" for name, number in tally.rows)
    return _("Bar chart. %(heading)s: %(figures)s.") % {
        "heading": tally.heading,
        "figures": figures,
    }
