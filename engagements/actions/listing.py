"""Attendance lists on their way: uploaded, columns named, categories named, or given up."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import clock, states
from engagements.actions import list_reading, seating, working
from engagements.actions.list_counting import check, claim, record
from engagements.actions.list_mapping import (
    headings_digest,
    proposed_categories,
    remember,
    remembered,
    unread_dates,
)
from engagements.files import attendance
from engagements.files.attendance.document import IGNORED
from engagements.files.attendance.entries import values_in
from engagements.files.attendance.headings import IDENTIFYING
from engagements.files.text import clean_line
from engagements.models import AttendanceList, ListedPerson, StoredFile
from engagements.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engagements.files.attendance import Document
    from engagements.models import Engagement, User

State = AttendanceList.State

IN_REQUEST: Final = 2_000
"""Rows that are read while somebody waits; more are read in the background."""

SAMPLES: Final = 3
LONGEST_SAMPLE: Final = 80
MOST_VALUES: Final = 150
"""Different values of a column that tells a role category; with more it tells something else."""

OPEN: Final = (State.MAPPING, State.READING, State.REVIEW, State.FAILED)
TASK: Final = "engagements.tasks.lists.read_list"


@transaction.atomic
def upload(engagement: Engagement, *, name: str, content: bytes, by: User) -> AttendanceList:
    """The file as it came, recognized, with what is known of its columns.

    A file that is counted already is refused; one that somebody has begun with is given again.
    Nothing is stored of a file that cannot be read.
    """
    check(by, engagement)
    document = attendance.recognize(content)
    sha256 = hashlib.sha256(content).hexdigest()
    locked = seating.lock(engagement)
    _check_state(locked)
    if former := _former(locked, sha256):
        return former
    listed = AttendanceList.objects.create(
        engagement=locked,
        file=_stored(locked, name, content, sha256, by),
        platform=document.platform,
        header=_header(document),
        choices=_proposal(document, locked),
        total=document.rows,
        uploaded_by=by,
    )
    record("uploaded", listed, by, platform=listed.platform, rows=document.rows, sha256=sha256)
    return listed


@transaction.atomic
def name_columns(
    listed: AttendanceList,
    *,
    by: User,
    revision: int,
    kinds: Sequence[str],
    columns: Sequence[Sequence[str]],
    zone: str,
    order: str = "",
) -> AttendanceList:
    """What each table and column holds. Goes on to the categories, or reads the list.

    While dates can be read in two ways and nobody says how, it stays with the columns.
    """
    claimed = claim(listed, by, revision, [State.MAPPING])
    document = attendance.recognize(bytes(claimed.file.content))
    _check_columns(kinds, columns, [len(table.headings) for table in document.tables])
    claimed.choices |= {
        "kinds": list(kinds),
        "columns": [list(meanings) for meanings in columns],
        "zone": ZoneInfo(zone).key,
    } | unread_dates(document, columns, claimed.engagement.held_on, told=order)
    values = values_in(document, claimed.choices["columns"], claimed.choices["kinds"])
    if len(values) > MOST_VALUES:
        raise Refused(
            "too_many_values",
            _(
                "The column of the role category has %(number)s different values. It seems to "
                "hold something else."
            )
            % {"number": len(values)},
        )
    known = remembered(claimed)
    claimed.choices["values"] = values
    claimed.choices["categories"] = proposed_categories(values, known.categories if known else {})
    claimed.choices["step"] = _next_step(claimed.choices)
    claimed.save(update_fields=["choices"])
    remember(claimed)
    return claimed if claimed.choices["step"] else _read(claimed, by)


@transaction.atomic
def name_categories(
    listed: AttendanceList, *, by: User, revision: int, categories: Mapping[str, str]
) -> AttendanceList:
    """The key of the role category of each value of the file, or "". Then the list is read."""
    claimed = claim(listed, by, revision, [State.MAPPING])
    if claimed.choices.get("step") != "categories":
        raise Refused("wrong_state", _("Name the columns first."))
    claimed.choices["categories"] = {
        value: categories.get(value, "") for value in claimed.choices["values"]
    }
    claimed.choices["step"] = ""
    claimed.save(update_fields=["choices"])
    remember(claimed)
    return _read(claimed, by)


@transaction.atomic
def name_again(listed: AttendanceList, *, by: User, revision: int) -> AttendanceList:
    """Back to the columns; what was read and decided since is gone."""
    claimed = claim(listed, by, revision, [State.MAPPING, State.REVIEW, State.FAILED])
    ListedPerson.objects.filter(list=claimed).delete()
    claimed.state = State.MAPPING
    claimed.choices["step"] = "columns"
    claimed.problems = []
    claimed.save(update_fields=["state", "choices", "problems"])
    record("reopened", claimed, by)
    return claimed


@transaction.atomic
def discard(listed: AttendanceList, *, by: User, revision: int) -> AttendanceList:
    """Gives the list up before it counted. Its people are gone; the file stays as a record."""
    claimed = claim(listed, by, revision, OPEN)
    ListedPerson.objects.filter(list=claimed).delete()
    for table in claimed.header.get("tables", []):
        table["samples"] = []
    claimed.state = State.DISCARDED
    claimed.problems = []
    claimed.save(update_fields=["state", "header", "problems"])
    record("discarded", claimed, by)
    return claimed


def _read(claimed: AttendanceList, by: User) -> AttendanceList:
    claimed.state, claimed.done = State.READING, 0
    claimed.save(update_fields=["state", "done"])
    record("named", claimed, by, categories=len(claimed.choices["categories"]))
    if claimed.total <= IN_REQUEST:
        list_reading.read(claimed.pk)
    else:
        working.enqueue(TASK, claimed.pk)
    claimed.refresh_from_db()
    return claimed


def _check_state(engagement: Engagement) -> None:
    if engagement.is_rehearsal:
        raise Refused("rehearsal", _("In a rehearsal nobody is counted."))
    if engagement.state not in {states.LIVE, *states.OVER}:
        raise Refused("wrong_state", _("Attendance is counted once the engagement has started."))


def _former(engagement: Engagement, sha256: str) -> AttendanceList | None:
    """The list that somebody has begun with from the same file; refuses one that counts."""
    same = AttendanceList.objects.filter(engagement=engagement, file__sha256=sha256)
    if same.filter(state=State.APPLIED).exists():
        raise Refused(
            "counted_already", _("This very file is counted already. Nothing has changed.")
        )
    if same.filter(state=State.SUPERSEDED).exists():
        raise Refused(
            "superseded",
            _(
                "This very file was counted, and a later one has replaced it. Nothing has changed. "
                "To count it again, undo the later one."
            ),
        )
    return same.filter(state__in=OPEN).first()


def _stored(engagement: Engagement, name: str, content: bytes, sha256: str, by: User) -> StoredFile:
    """The bytes once, also when the file was undone or discarded before."""
    known = AttendanceList.objects.filter(engagement=engagement, file__sha256=sha256).first()
    if known is not None:
        return known.file
    return StoredFile.objects.create(
        name=clean_line(name)[:200] or _("attendance list"),
        content_type="application/octet-stream",
        size=len(content),
        sha256=sha256,
        content=content,
        stored_at=clock.now(),
        stored_by=by,
    )


def _header(document: Document) -> dict[str, Any]:
    tables = [
        {
            "kind": table.kind,
            "title": table.title,
            "headings": [heading[:LONGEST_SAMPLE] for heading in table.headings],
            "samples": [
                [cell[:LONGEST_SAMPLE] for cell in cells] for _row, cells in table.lines[:SAMPLES]
            ],
            "rows": len(table.lines),
        }
        for table in document.tables
    ]
    return {
        "confidence": document.confidence,
        "reason": document.reason,
        "facts": [[label[:200], value[:200]] for label, value in document.facts[:40]],
        "headings": headings_digest(document),
        "tables": tables,
    }


def _proposal(document: Document, engagement: Engagement) -> dict[str, Any]:
    """What the headings tell, or how they were named last."""
    known = remembered(AttendanceList(platform=document.platform, header=_header(document)))
    columns = [table.meanings for table in document.tables]
    kinds = [table.kind for table in document.tables]
    if known:
        columns, kinds = known.columns["columns"], known.columns["kinds"]
    return {
        "kinds": kinds,
        "columns": columns,
        "zone": document.zone or engagement.time_zone,
        "is_remembered": known is not None,
        "step": "columns",
    } | unread_dates(document, columns, engagement.held_on, told="")


def _check_columns(
    kinds: Sequence[str], columns: Sequence[Sequence[str]], widths: Sequence[int]
) -> None:
    if [len(meanings) for meanings in columns] != list(widths) or len(kinds) != len(widths):
        raise Refused("columns", _("The columns sent are not those of the file."))
    for kind, meanings in zip(kinds, columns, strict=True):
        if kind != IGNORED and not IDENTIFYING & set(meanings):
            raise Refused(
                "nobody_named",
                _("Please name a column that tells people apart, such as name or e-mail address."),
            )
    if all(kind == IGNORED for kind in kinds):
        raise Refused("nobody_named", _("Please take at least one table of the file."))


def _next_step(choices: Mapping[str, Any]) -> str:
    if choices["order"] == "asked":
        return "columns"
    return "categories" if choices["values"] else ""
