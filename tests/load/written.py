"""The work that `tests.load.workbook` measures, in the environment that it gives."""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from copy import copy
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import django

django.setup()

from openpyxl import Workbook  # noqa: E402 - after the settings

from engagements.files.sheets import lines, papers, writing  # noqa: E402
from engagements.files.sheets.charts import add_chart  # noqa: E402
from engagements.files.sheets.looks import runs_backwards  # noqa: E402
from engagements.files.sheets.packing import packed  # noqa: E402
from engagements.files.sheets.shapes import Sheet  # noqa: E402
from qa.files.agency.csv_list import csv_list  # noqa: E402
from qa.files.agency.json_list import json_list  # noqa: E402
from qa.files.agency.workbook import sheets_of, workbook  # noqa: E402
from qa.forwarded import ListFacts, ListRow  # noqa: E402
from tests.load import workbook as asked  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl.worksheet.worksheet import Worksheet

    from engagements.files.sheets.looks import Look
    from engagements.files.sheets.shapes import Shape

AT: Final = datetime(2021, 4, 16, 14, 5, tzinfo=UTC)
WORDS: Final = (
    "How long does it take to correct an error on a notice, whom should a caller ask about it, and "
    "can it be done through the online account without another visit to a field office?"
)
LABELS: Final = ("Wait times", "Online tools", "Appointments", "Biometrics", "")
CATEGORIES: Final = ("Attorney or legal representative", "Government employee", "Employer", "")


def main() -> None:
    format_, questions = sys.argv[1], int(sys.argv[2])
    facts, rows = _list(questions)
    write = WRITERS[format_]
    # Once, small: what is imported and set up at first use is no part of it.
    write(*_list(10))
    gc.collect()
    before, begun, idle = _peak(), time.perf_counter(), time.process_time()
    content = write(facts, rows)
    sys.stdout.write(
        json.dumps(
            {
                "seconds": time.perf_counter() - begun,
                "worked": time.process_time() - idle,
                "more": _peak() - before,
                "size": len(content),
            }
        )
    )


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _list(questions: int) -> tuple[ListFacts, list[ListRow]]:
    rows = [
        ListRow(
            number=number,
            text=f"{WORDS[: 60 + number * 7 % 110]} ({number})",
            asked_at=AT + timedelta(seconds=number),
            label=LABELS[number % 5],
            category=CATEGORIES[number % 4],
            votes=number % 40,
            times_asked=1 + number % 3,
            status="open",
            language="en",
        )
        for number in range(1, questions + 1)
    ]
    facts = ListFacts(
        department="Department",
        office="Office",
        engagement_title="A long webinar",
        kind="webinar",
        held_on=date(2021, 4, 14),
        agency="Agency",
        agency_short="AG",
        frozen_at=AT,
        time_zone="America/New_York",
        received=questions,
        questions=questions,
        withdrawn=0,
        forwarding_number=1,
        joined=828,
    )
    return facts, rows


def _as_a_whole(facts: ListFacts, rows: list[ListRow]) -> bytes:
    """The same sheets, in the mode of openpyxl that holds every cell until the file is written."""
    book = Workbook()
    del book["Sheet"]
    texts: list[str] = []
    for number, shape in enumerate(sheets_of(facts, rows, digest=_DIGEST), start=1):
        paper = book.create_sheet(shape.title)
        papers.set_up(paper, shape, footer="", backwards=False)
        texts += _fill(paper, shape)
        if isinstance(shape, Sheet):
            papers.finish(paper, shape, rows=paper.max_row, number=number)
    return packed(book, AT, chart_texts=texts)


def _fill(paper: Worksheet, shape: Shape) -> list[str]:
    styled: dict[tuple[Look, type, bool], Any] = {}
    texts = []
    for row, line in enumerate(lines.lines_of(shape), start=1):
        paper.row_dimensions[row].height = line.height
        for column, (look, value) in enumerate(line.cells, start=1):
            backwards = isinstance(value, str) and runs_backwards(value)
            key = (look, type(value), backwards)
            if key not in styled:
                styled[key] = look.cell(paper, type(value), backwards=backwards)
            cell: Any = paper.cell(row, column)
            cell._style = copy(styled[key]._style)
            writing.fill(cell, value)
        if line.tally and line.tally.charted and line.tally.rows:
            texts.append(add_chart(paper, line.tally, row=row))
    return texts


_DIGEST: Final = "0" * 64

WRITERS: Final[dict[str, Callable[[ListFacts, list[ListRow]], bytes]]] = {
    asked.ROW_BY_ROW: lambda facts, rows: workbook(facts, rows, digest=_DIGEST),
    asked.AS_A_WHOLE: _as_a_whole,
    "CSV": lambda facts, rows: csv_list(facts, rows, digest=_DIGEST),
    "JSON": lambda facts, rows: json_list(facts, rows, digest=_DIGEST),
}

if __name__ == "__main__":
    main()
