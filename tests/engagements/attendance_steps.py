"""What tests of attendance lists do again and again, and the file that they do it with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engagements.actions import list_counting, listing
from engagements.models import (
    AttendanceList,
    AuditEntry,
    Engagement,
)
from tests.engagements import attendance_samples as samples

if TYPE_CHECKING:
    from engagements.models import User

State = AttendanceList.State


ATTENDEES = [
    samples.attendee("Jane Roe", "jane@mail.example", 0, 30, category="Attorney"),
    samples.attendee("Jane Roe", "JANE@mail.example ", 20, 50, is_again=True),
    samples.attendee("Luis Ortega", "luis@mail.example", category="Something else"),
    samples.attendee("Carla Abarra", "carla@other.example"),
    samples.absent("Ann Absent", "ann@mail.example"),
]


PHONE = [["1240*****23", *samples.stay(0, 10), "United States"]]


ZOOM = samples.zoom(ATTENDEES, others=PHONE, viewers=5)


OPEN = samples.as_csv(
    [["Name", "Join time", "Leave time"], ["Jane", "5/4/2021 14:00", "5/4/2021 14:30"]]
).encode()


def take(engagement: Engagement, content: bytes, by: User, **categories: str) -> AttendanceList:
    """The list, named as it is proposed, and read."""
    listed = listing.upload(engagement, name="list.csv", content=content, by=by)
    choices = listed.choices
    listed = listing.name_columns(
        listed,
        by=by,
        revision=listed.revision,
        kinds=choices["kinds"],
        columns=choices["columns"],
        zone=choices["zone"],
    )
    if listed.state == State.MAPPING:
        named = listed.choices["categories"] | categories
        listed = listing.name_categories(listed, by=by, revision=listed.revision, categories=named)
    return listed


def apply(listed: AttendanceList, by: User) -> AttendanceList:
    listed.refresh_from_db()
    return list_counting.apply(listed, by=by, revision=listed.revision)


def told(listed: AttendanceList) -> list[tuple[str, str, str, str]]:
    return [
        (person.name, person.category.key, person.exclusion, person.match)
        for person in listed.people.select_related("category")
    ]


def entries(*, kind: str = "attendance_list") -> list[str]:
    found = AuditEntry.objects.filter(action__startswith=f"{kind}.").order_by("pk")
    return list(found.values_list("action", flat=True))


def with_rows(number: int) -> bytes:
    people = ([f"Person {at}", f"p{at}@mail.example", "5"] for at in range(number))
    return samples.as_csv([["Name", "Email", "Minutes"], *people]).encode()
