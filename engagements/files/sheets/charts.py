"""Bar charts that a spreadsheet draws from the cells beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList

from engagements.files.sheets.lines import chart_height
from engagements.files.sheets.looks import BLUE
from engagements.files.visible import visible

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from engagements.files.sheets.shapes import Tally

_POINTS_PER_CENTIMETER = 28.35
_WIDTH = 17.0


def add_chart(paper: Worksheet, tally: Tally, *, row: int) -> str:
    """A chart of the tally that begins in that row, and what it shows in words."""
    first = row + (3 if tally.note else 2)
    last = first + len(tally.rows) - 1
    chart = BarChart()
    chart.type = "bar"
    chart.style = 10
    chart.title = visible(tally.heading)
    chart.legend = None
    chart.gapWidth = 45
    chart.add_data(Reference(paper, min_col=2, min_row=first, max_row=last))
    chart.set_categories(Reference(paper, min_col=1, min_row=first, max_row=last))
    chart.series[0].graphicalProperties.solidFill = BLUE
    chart.dataLabels = DataLabelList(showVal=True)
    for part in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
        setattr(chart.dataLabels, part, False)
    # Bars are drawn from below unless told; the table beside it reads from above.
    chart.x_axis.scaling.orientation = "maxMin"
    # Without being told so, newer programs leave the axes out.
    chart.x_axis.delete = False
    chart.y_axis.delete = True
    chart.y_axis.majorGridlines = None
    chart.y_axis.scaling.min = 0
    chart.width = _WIDTH  # type: ignore[assignment]
    chart.height = chart_height(tally) / _POINTS_PER_CENTIMETER
    paper.add_chart(chart, f"D{row}")
    return _described(tally)


def _described(tally: Tally) -> str:
    figures = ", ".join(f"{name} {number:,}" for name, number in tally.rows)
    return _("Bar chart. %(heading)s: %(figures)s.") % {
        "heading": tally.heading,
        "figures": figures,
    }
