"""What a list of questions for an agency says: its rows and facts. Pure, and without a place for
who asked."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

ADDED: Final = "added"
REMOVED: Final = "removed"
CHANGED: Final = "changed"

COMPARED: Final = (
    "text",
    "original_text",
    "label",
    "status",
    "reason",
    "merged_into",
    "times_asked",
    "language",
    "translation",
    "translation_kind",
)
"""Columns of a row whose change a later list tells. Votes change by themselves and are left out,
and so is the role category, which would tell who came or went."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One question. Of a withdrawn one there is the number, and nothing else."""

    number: int
    is_withdrawn: bool = False
    text: str = ""
    """As edited for publication."""
    original_text: str = ""
    """As asked, where that differs; empty otherwise."""
    asked_at: datetime | None = None
    """Aware, to the minute."""
    label: str = ""
    category: str = ""
    """Only where enough attendees share it."""
    votes: int = 0
    times_asked: int = 1
    """Distinct people, of those merged into it too."""
    merged_into: int | None = None
    """Number of the question that it is answered with."""
    status: str = ""
    """A key of `qa.files.agency.statuses`."""
    reason: str = ""
    language: str = ""
    translation: str = ""
    translation_kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between a list and the one that it supersedes."""

    number: int
    kind: str
    column: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFacts:
    """What the first sheet says, in the language of the list."""

    department: str
    office: str
    engagement_title: str
    kind: str
    held_on: date
    agency: str
    agency_short: str
    frozen_at: datetime
    time_zone: str
    received: int
    """Written questions of the engagement; withdrawn ones are not among them."""
    questions: int
    """Of these, how many are on this list."""
    withdrawn: int
    """Withdrawn ones that are on this list by their number."""
    forwarding_number: int | None = None
    """None for a copy that has not been forwarded."""
    joined: int | None = None
    due_on: date | None = None
    cover_note: str = ""
    chosen_labels: tuple[str, ...] = ()
    """In words; empty for all."""
    chosen_states: tuple[str, ...] = ()
    """Keys of statuses; empty for all."""
    least_of_category: int = 5
    merged_categories: int = 0
    """Questions whose role category does not travel because too few people share it."""
    supersedes: int | None = None
    changes: tuple[Change, ...] = field(default=())


def changes(before: Iterable[ListRow], after: Iterable[ListRow]) -> tuple[Change, ...]:
    """What `after` has, lacks or says differently, in the order of the numbers."""
    former = {row.number: row for row in before}
    latter = {row.number: row for row in after}
    found: list[Change] = []
    for number in sorted(former | latter):
        old, new = former.get(number), latter.get(number)
        if old is None:
            found.append(Change(number=number, kind=ADDED))
        elif new is None or (new.is_withdrawn and not old.is_withdrawn):
            found.append(Change(number=number, kind=REMOVED))
        else:
            found.extend(_compared(old, new))
    return tuple(found)


def digest(facts: ListFacts, rows: Sequence[ListRow]) -> str:
    """SHA-256 of all that the list says, as JSON with sorted keys (RFC 8259, UTF-8)."""
    return digest_of_facts(asdict(facts), rows)


def digest_of_facts(facts: Mapping[str, Any], rows: Sequence[ListRow]) -> str:
    """See `digest`. `facts` are those of ListFacts by name, dates as ISO 8601 says or as dates."""
    content = {"facts": facts, "rows": [asdict(row) for row in rows]}
    words = json.dumps(content, sort_keys=True, ensure_ascii=False, default=_plain)
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


def _compared(old: ListRow, new: ListRow) -> Iterable[Change]:
    for column in COMPARED:
        before, after = getattr(old, column), getattr(new, column)
        if before != after:
            yield Change(
                number=new.number,
                kind=CHANGED,
                column=column,
                before="" if before is None else str(before),
                after="" if after is None else str(after),
            )


def _plain(value: date) -> str:
    return value.isoformat()
