"""A list as CSV (RFC 4180): UTF-8 with a byte order mark, commas, every field in quotes, CRLF."""

from __future__ import annotations

import csv
from datetime import datetime
from io import StringIO
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from engagements.files.visible import guarded, visible
from qa.files.agency import columns, fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engagements.files.sheets import Value
    from qa.forwarded import ListFacts, ListRow


def csv_list(facts: ListFacts, rows: Sequence[ListRow], *, digest: str) -> bytes:
    """The questions, and empty columns for the answers.

    What a spreadsheet could take for a formula begins with an apostrophe (ASVS 5.0, 1.2.10), and
    what no XML holds is made visible as in the workbook; `restored(unguarded(field))` is the text.
    A text of any length stays in one field.
    """
    named = fields.columns_of(rows)
    zone = ZoneInfo(facts.time_zone)
    mark = columns.list_mark(facts.forwarding_number, digest)
    empty = [""] * len(columns.TO_FILL_IN)
    written = StringIO(newline="")
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(map(columns.heading, (*named, *columns.TO_FILL_IN, columns.LIST)))
    for row in rows:
        texts = map(_field, fields.values(row, named, zone))
        writer.writerow([*texts, *empty, mark])
    return written.getvalue().encode("utf-8-sig")


def _field(value: Value) -> str:
    match value:
        case None:
            return ""
        case str():
            return guarded(visible(value))
        case datetime():
            return value.isoformat(sep=" ", timespec="minutes")
        case _:
            return str(value)
