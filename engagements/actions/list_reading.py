"""Reads a list whose columns are named: people, found among the registrants, laid into rows."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from engagements import audit, rows
from engagements.actions import list_counting, list_matching
from engagements.files import attendance
from engagements.files.attendance.names import name_key
from engagements.files.attendance.people import problems_of
from engagements.models import AttendanceList, ListedInterval, ListedPerson, User
from engagements.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engagements.actions.list_matching import Registrants
    from engagements.files.attendance import Choices, Document, Entry, Person, Problem
    from engagements.models import Engagement

State = AttendanceList.State

AT_ONCE: Final = 500
"""People that are stored in one transaction, and told as progress."""

MOST_PROBLEMS: Final = 500
"""Problems that are told one by one; of more, only how many there are."""

MARGIN: Final = timedelta(hours=3)


class _TakenOver(Exception):
    """Somebody else reads the same list, or it is discarded."""


def read(pk: int) -> None:
    """Reads the list and leaves it to be reviewed. May run twice, and twice at once: whoever began
    last goes on. A file that cannot be read after all leaves the list failed, with the sentence."""
    listed = _taken(pk)
    if listed is None:
        return
    try:
        _read(listed)
    except Refused as refused:
        _fail(listed, str(refused.message))
    except _TakenOver:
        return


def choices_of(listed: AttendanceList) -> Choices:
    engagement = listed.engagement
    zone = ZoneInfo(listed.choices["zone"])
    return attendance.Choices(
        kinds=listed.choices["kinds"],
        columns=listed.choices["columns"],
        zone=zone,
        day=(engagement.started_at or engagement.starts_at).astimezone(zone).date(),
        end=engagement.ended_at or engagement.ends_at,
        order=listed.choices["order"],
        start=engagement.started_at or engagement.starts_at,
    )


def _taken(pk: int) -> AttendanceList | None:
    if not AttendanceList.objects.filter(pk=pk, state=State.READING).update(
        revision=F("revision") + 1, done=0
    ):
        return None
    return AttendanceList.objects.select_related("engagement", "file").get(pk=pk)


def _read(listed: AttendanceList) -> None:
    document = attendance.recognize(bytes(listed.file.content))
    entries, problems = attendance.entries_of(document, choices_of(listed))
    engagement = listed.engagement
    people = attendance.people_of(entries, staff=_staff(), speakers=_speakers(engagement))
    starts = engagement.started_at or engagement.starts_at
    ends = max(engagement.ended_at or engagement.ends_at, starts)
    odd = problems_of(people, starts=starts, ends=ends, margin=MARGIN)
    # Of a row that is of another day nothing more has to be said.
    far = {problem.row for problem in problems if problem.code == "far"}
    problems += [problem for problem in odd if problem.row not in far]
    registrants = list_matching.registrants_of(engagement)
    with transaction.atomic():
        _go_on(listed, 0)
        ListedPerson.objects.filter(list=listed).delete()
    _store_all(listed, people, registrants)
    ours = _ours(document, entries, people) | {
        "timed": sum(bool(person.intervals) for person in people),
        "outside": sum(person.is_outside(starts - MARGIN, ends + MARGIN) for person in people),
    }
    _finish(listed, problems, ours)


def _store_all(listed: AttendanceList, people: Sequence[Person], registrants: Registrants) -> None:
    done = 0
    for start in range(0, len(people), AT_ONCE):
        some = people[start : start + AT_ONCE]
        done += sum(person.rows for person in some)
        with transaction.atomic():
            _go_on(listed, done)
            _store(listed, some, registrants)


def _go_on(listed: AttendanceList, done: int) -> None:
    """Holds the list for this transaction. Whoever lost it to somebody else stops here."""
    if not _own(listed).update(done=done):
        raise _TakenOver


def _own(listed: AttendanceList) -> Any:
    return AttendanceList.objects.filter(
        pk=listed.pk, state=State.READING, revision=listed.revision
    )


def _store(listed: AttendanceList, people: Sequence[Person], registrants: Registrants) -> None:
    stated: dict[str, str] = listed.choices["categories"]
    stored = ListedPerson.objects.bulk_create(
        [_row(listed, person, registrants, stated) for person in people]
    )
    rows.insert(
        ListedInterval,
        ("person_id", "joined_at", "left_at"),
        [
            (row.pk, joined, left)
            for row, person in zip(stored, people, strict=True)
            for joined, left in person.intervals
        ],
    )


def _row(
    listed: AttendanceList, person: Person, registrants: Registrants, stated: dict[str, str]
) -> ListedPerson:
    found = registrants.find(person)
    registrant = registrants.by_pk.get(found.registration or 0)
    return ListedPerson(
        list=listed,
        position=person.row,
        name=person.name,
        email=person.email,
        email_key=person.email_key,
        phone=person.phone,
        stated=person.stated,
        category_id=registrants.category(stated.get(person.stated, ""), found.registration),
        exclusion=person.why or (registrant.exclusion if registrant else ""),
        registration_id=found.registration,
        match=found.match,
        is_doubtful=found.is_doubtful and not person.why,
        rows=person.rows,
        seconds=person.seconds,
    )


def _finish(listed: AttendanceList, problems: Sequence[Problem], ours: dict[str, Any]) -> None:
    with transaction.atomic():
        ours["problems"] = Counter(problem.code for problem in problems)
        ordered = sorted(problems, key=lambda problem: (problem.row, problem.code))
        corrected = list_counting.correctable(listed)
        if not _own(listed).update(
            state=State.REVIEW,
            done=listed.total,
            revision=F("revision") + 1,
            header=listed.header | {"ours": ours},
            corrects=corrected,
            problems=[
                [problem.row, problem.code, problem.sentence] for problem in ordered[:MOST_PROBLEMS]
            ],
        ):
            raise _TakenOver
        listed.refresh_from_db()
        list_counting.carry_over(listed)
        list_counting.recount(listed.engagement, preview=listed)
        audit.record(
            "attendance_list.read",
            listed,
            by="attendance lists",
            engagement=listed.engagement,
            people=ours["people"],
            problems=len(problems),
        )


def _fail(listed: AttendanceList, sentence: str) -> None:
    with transaction.atomic():
        if _own(listed).update(
            state=State.FAILED, revision=F("revision") + 1, problems=[[0, "file", sentence]]
        ):
            audit.record(
                "attendance_list.failed",
                listed,
                by="attendance lists",
                engagement=listed.engagement,
            )


def _ours(document: Document, entries: Sequence[Entry], people: Sequence[Person]) -> dict[str, Any]:
    """What we count in the same file, to stand beside its own figures."""
    return {
        "rows": document.rows,
        "people": len(people),
        "joining_rows": sum(entry.joined is not None for entry in entries),
        "addresses": sum(bool(person.email_key) for person in people if person.is_attendee),
        "panelists_among_attendees": sum(
            person.is_attendee and person.why == "panelist" for person in people
        ),
        "hosts_among_attendees": sum(
            person.is_attendee and person.why == "host" for person in people
        ),
        "without_address": sum(person.is_attendee and not person.email_key for person in people),
    }


def _staff() -> set[str]:
    accounts = User.objects.filter(agency=None).values_list("email", flat=True)
    return {list_matching.key_of(email) for email in accounts}


def _speakers(engagement: Engagement) -> set[str]:
    return {name_key(name) for name in engagement.speakers.values_list("name", flat=True)} - {""}
