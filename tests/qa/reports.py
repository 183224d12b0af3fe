"""Reports of questions as platforms write them, made up here."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from engagements.files.sheets import Column, Sheet, write_workbook
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ZOOM_HEAD: Final = ["#", "Question", "Asker Name", "Asker Email", "Answer(s)"]
ZOOM_ROWS: Final = [
    ["1", 'Would USCIS consider a line for attorneys\nwith "G-28s" on file?', "Jane Roe",
     "jane.roe@lawfirm.example", "live answered"],
    ["2", "Status of IOE0912345678?", "Anonymous Attendee", "", ""],
    ["3", '=HYPERLINK("http://x.example","click")', "=2+5 Mallory", "evil@x.example", "dismissed"],
    ["4", "¿Hay ayuda en español?", "Luis Ortega", "luis@applicant.example", "See uscis.gov"],
    ["", "", "", "", "Second answer line of question 4"],
]  # fmt: skip
ZOOM_TEXTS: Final = [row[1] for row in ZOOM_ROWS[:4]]


def zoom(rows: Iterable[Sequence[str]] = ZOOM_ROWS) -> bytes:
    """The report of a Zoom webinar, with what stands above its questions."""
    above = [
        ["Q&A Report", ""],
        ["Report Generated:", "04/14/2021 05:03:00 PM"],
        ["Topic", "Webinar ID", "Actual Start Time", "Actual Duration (minutes)", "# Question"],
        ["The Contact Center", "912 3456 7890", "04/14/2021 02:45:07 PM", "78", "4"],
        ["Question Details", ""],
    ]
    return b"\xef\xbb\xbf" + table([*above, ZOOM_HEAD, *rows])


def table(rows: Iterable[Sequence[str]], *, delimiter: str = ",") -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows(rows)
    return written.getvalue().encode()


def workbook(rows: Sequence[Sequence[str]], *, names: Sequence[str] = ("Questions",)) -> bytes:
    """Every sheet has these rows, of which the first is the heading."""
    columns = [Column(title, 20) for title in rows[0]]
    sheets = [Sheet(name, columns, [list(row) for row in rows[1:]]) for name in names]
    return write_workbook(sheets, title="Q&A", creator="Platform", at=factories.START)
