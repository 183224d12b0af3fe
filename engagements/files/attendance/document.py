"""What a file is after it was opened and before anybody is counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from engagements.refusals import Refused

MOST_BYTES: Final = 25 * 1024 * 1024
MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 200

ATTENDEES: Final = "attendees"
HOSTS: Final = "hosts"
PANELISTS: Final = "panelists"
OTHERS: Final = "others"
VISITS: Final = "visits"
IGNORED: Final = "ignored"
"""What a table of a file lists; visits are the single stays of people whom another table lists."""

Line = tuple[int, list[str]]
"""The number of a row in the file, and its cells."""


class Unreadable(Refused):
    """The file cannot be taken."""


@dataclass(frozen=True, slots=True)
class Table:
    """`meanings` says of each column what it holds, as far as its heading tells."""

    kind: str
    title: str
    headings: list[str]
    meanings: list[str]
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Document:
    """A file, recognized. `zone` names the time zone of its times, if the platform fixes one."""

    platform: str
    confidence: str
    reason: str
    tables: list[Table]
    facts: list[tuple[str, str]] = field(default_factory=list)
    zone: str = ""

    @property
    def rows(self) -> int:
        return sum(len(table.lines) for table in self.tables if table.kind != IGNORED)
