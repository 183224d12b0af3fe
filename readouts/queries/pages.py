"""A document for a template: its Markdown as HTML, its chart in places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.safestring import mark_safe

from readouts.blocks import Chart, blocks
from readouts.files import markup

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from readouts.document import Document

CHART_WIDTH: Final = 400
LONGEST_BAR: Final = 320
"""The share stands beside it."""
BAR_STEP: Final = 48


def page_of(shown: Document) -> dict[str, Any]:
    return {
        "document": shown,
        "summary": as_html(shown.summary),
        "attendance": as_html(shown.attendance),
        "closing": as_html(shown.closing),
        "answers": [
            {"question": one.question, "answer": as_html(one.answer), "by": one.answered_by}
            for one in shown.answers
        ],
        "chart": _chart(shown),
    }


def as_html(source: str) -> SafeString:
    # to_html lets through a short list of elements and escapes all else: no script, no style.
    return mark_safe(markup.to_html(source))  # noqa: S308


def _chart(shown: Document) -> dict[str, Any] | None:
    """Where bars and words stand; a bar below its words, so that these may be long."""
    chart = next((block for block in blocks(shown) if isinstance(block, Chart)), None)
    if chart is None:
        return None
    most = max(bar.people for bar in chart.bars)
    bars = [
        {
            "bar": bar,
            "words_at": place * BAR_STEP + 16,
            "at": place * BAR_STEP + 22,
            "width": round(2 + (LONGEST_BAR - 2) * bar.people / most, 1),
            "share_from": round(10 + (LONGEST_BAR - 2) * bar.people / most, 1),
            "share_at": place * BAR_STEP + 36,
        }
        for place, bar in enumerate(chart.bars)
    ]
    return {
        "words": chart.words,
        "columns": chart.columns,
        "bars": bars,
        "width": CHART_WIDTH,
        "height": len(bars) * BAR_STEP,
    }
