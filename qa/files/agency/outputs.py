"""A list in every format in which an agency gets it, with the same numbers in each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from engagements.files.sheets import safe_file_name
from qa import forwarded
from qa.files.agency import tallies
from qa.files.agency.csv_list import csv_list
from qa.files.agency.json_list import json_list
from qa.files.agency.workbook import workbook
from qa.models import ForwardingFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.forwarded import ListFacts, ListRow

_WRITERS: Final = {
    ForwardingFile.Format.WORKBOOK: workbook,
    ForwardingFile.Format.CSV: csv_list,
    ForwardingFile.Format.JSON: json_list,
}


class ListFile(NamedTuple):
    format: str
    name: str
    content: bytes


def write_all(facts: ListFacts, rows: Sequence[ListRow], *, slug: str) -> list[ListFile]:
    """The files, the same bytes for the same facts, rows and language.

    All carry `forwarded.digest` of what they say, and are named after the engagement. Raises
    ValueError when the figures do not add up.
    """
    tallies.check(facts, rows)
    digest = forwarded.digest(facts, rows)
    stem = f"{slug} questions {facts.forwarding_number or ''}"
    return [
        ListFile(
            format=str(format_),
            name=safe_file_name(stem, f".{format_}"),
            content=write(facts, rows, digest=digest),
        )
        for format_, write in _WRITERS.items()
    ]
