"""Who counts as joined, whatever the way they came: each person once, and nobody of the office."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements import queries
from engagements.actions import attending
from engagements.models import (
    AttendanceList,
    DeclaredAttendance,
    Engagement,
    ListedInterval,
    ListedPerson,
    Registration,
    StoredFile,
)
from engagements.queries import attendance
from tests import factories

if TYPE_CHECKING:
    from engagements.models import User

pytestmark = pytest.mark.django_db

START = factories.START
State, Exclusion = AttendanceList.State, ListedPerson.Exclusion
_rows = count(2)


def a_list(engagement: Engagement, state: str = State.APPLIED) -> AttendanceList:
    file = StoredFile.objects.create(
        name="report.csv", content_type="text/csv", size=3, sha256="ab" * 32, content=b"a,b"
    )
    return AttendanceList.objects.create(
        engagement=engagement, file=file, platform=AttendanceList.Platform.ZOOM, state=state
    )


def on(list_: AttendanceList, key: str = "attorney", **fields: Any) -> ListedPerson:
    return ListedPerson.objects.create(
        list=list_,
        position=next(_rows),
        name="Somebody",
        category=factories.category(key),
        **fields,
    )


def came(engagement: Engagement, key: str = "attorney", **fields: Any) -> Registration:
    registration = factories.make_registration(
        engagement, category=factories.category(key), **fields
    )
    attending.arrive(registration)
    return registration


def counted(engagement: Engagement) -> list[tuple[str, int]]:
    found = [(category.key, people) for category, people in queries.joined_by_category(engagement)]
    assert queries.joined(engagement) == sum(people for _key, people in found)
    assert attendance.summary(engagement).joined == queries.joined(engagement)
    return found


def test_all_ways_of_joining_add_up(live_engagement: Engagement) -> None:
    came(live_engagement)
    came(live_engagement, "employer", source=Registration.Source.WALK_IN)
    noted = factories.make_registration(live_engagement)
    factories.make_attendance(noted, source="phone")
    for kind, key, people in [
        ("phone", "other", 2), ("group", "attorney", 10), ("archive", "employer", 30),
    ]:  # fmt: skip
        DeclaredAttendance.objects.create(
            engagement=live_engagement,
            kind=kind,
            category=factories.category(key),
            people=people,
            source="x",
        )
    on(a_list(live_engagement), "not-stated")

    assert counted(live_engagement) == [
        ("attorney", 12),
        ("employer", 31),
        ("other", 2),
        ("not-stated", 1),
    ]
    assert attendance.summary(live_engagement) == attendance.Summary(
        registered=3,
        sources=attendance.Sources(
            in_room=2, by_phone=3, companions=0, groups=10, listed=1, archive=30
        ),
        walk_ins=1,
        no_shows=None,
    )


def test_companions_count_as_not_stated(live_engagement: Engagement) -> None:
    for people, fields in [(2, {}), (3, {}), (7, {"counted": "staff"})]:
        registration = came(live_engagement, **fields)
        registration.attendance.companions = people
        registration.attendance.save()
    assert counted(live_engagement) == [("attorney", 2), ("not-stated", 5)]
    assert attendance.summary(live_engagement).sources.companions == 5


@pytest.mark.parametrize("why", ["staff", "speaker", "test"])
def test_the_offices_own_people_never_count(live_engagement: Engagement, why: str) -> None:
    ours = came(live_engagement, counted=why)
    assert counted(live_engagement) == []
    listed = a_list(live_engagement)
    absent = factories.make_registration(live_engagement, counted=why)
    on(listed, registration=ours)
    on(listed, registration=absent)
    assert counted(live_engagement) == []
    Registration.objects.update(counted="counted")
    assert counted(live_engagement) == [("attorney", 2)]


def test_nobody_counts_in_a_rehearsal(live_engagement: Engagement) -> None:
    came(live_engagement)
    on(a_list(live_engagement))
    DeclaredAttendance.objects.create(
        engagement=live_engagement, category=factories.category(), people=4, source="x"
    )
    Engagement.objects.update(is_rehearsal=True)
    assert counted(live_engagement) == []
    assert attendance.left_out(live_engagement) == []
    Engagement.objects.update(is_rehearsal=False)
    assert counted(live_engagement) == [("attorney", 6)]


def test_who_was_removed_or_cancelled_later_was_there(
    live_engagement: Engagement, omar: User
) -> None:
    attending.remove(came(live_engagement), by=omar)
    left = came(live_engagement, "employer")
    left.state, left.cancelled_at = Registration.State.CANCELLED, START
    left.save()
    assert counted(live_engagement) == [("attorney", 1), ("employer", 1)]


def test_devices_of_one_person_are_one(live_engagement: Engagement) -> None:
    ana = factories.make_registration(live_engagement)
    intervals = attending.arrive_all([ana.pk] * 50)
    assert len(set(intervals)) == 50
    assert counted(live_engagement) == [("attorney", 1)]


@pytest.mark.parametrize("exclusion", [value for value in Exclusion.values if value])
def test_who_is_excluded_from_a_list_does_not_count(
    live_engagement: Engagement, exclusion: str
) -> None:
    listed = a_list(live_engagement)
    on(listed)
    person = on(listed, "employer", exclusion=exclusion)
    assert counted(live_engagement) == [("attorney", 1)]
    assert attendance.left_out(live_engagement) == [
        attendance.LeftOut(Exclusion(exclusion).label, "list", 1)
    ]
    person.exclusion = Exclusion.NONE
    person.save()
    assert counted(live_engagement) == [("attorney", 1), ("employer", 1)]


@pytest.mark.parametrize("state", [state for state in State.values if state != State.APPLIED])
def test_only_an_applied_list_counts(live_engagement: Engagement, state: str) -> None:
    found = a_list(live_engagement, state)
    on(found)
    on(found, exclusion=Exclusion.HOST)
    assert (counted(live_engagement), attendance.left_out(live_engagement)) == ([], [])
    found.state = State.APPLIED
    found.save()
    assert counted(live_engagement) == [("attorney", 1)]


def test_a_registrant_on_a_list_counts_once(live_engagement: Engagement) -> None:
    first, second = a_list(live_engagement), a_list(live_engagement)
    was_in_room = came(live_engagement)
    only_listed = factories.make_registration(live_engagement)
    on(first, "employer", registration=was_in_room)
    for list_ in (first, first, second):
        on(list_, "other", registration=only_listed)

    assert counted(live_engagement) == [("attorney", 1), ("other", 1)]
    assert attendance.left_out(live_engagement) == [
        attendance.LeftOut("counted already, in our room or by another row", "list", 3)
    ]


def test_nothing_of_another_engagement_counts(
    live_engagement: Engagement, engagement: Engagement
) -> None:
    came(live_engagement)
    on(a_list(live_engagement))
    assert counted(engagement) == []
    assert attendance.course(engagement).steps == ()


def test_who_did_not_show_up(live_engagement: Engagement) -> None:
    came(live_engagement)
    names = ["absent", "unlisted", "listed", "not there by the list", "left out"]
    people = {name: factories.make_registration(live_engagement, name) for name in names}
    factories.make_registration(live_engagement, counted="staff")
    factories.make_registration(live_engagement, state=Registration.State.WAITLISTED)
    factories.make_registration(live_engagement, cancelled_at=START)
    list_ = a_list(live_engagement)
    on(list_, registration=people["listed"])
    on(list_, registration=people["not there by the list"], exclusion=Exclusion.ABSENT)
    on(list_, registration=people["left out"], exclusion=Exclusion.LEFT_OUT)
    on(a_list(live_engagement, State.REVIEW), registration=people["unlisted"])

    assert attendance.summary(live_engagement).no_shows is None
    live_engagement.state = Engagement.State.ENDED
    assert attendance.summary(live_engagement).no_shows == 3
    assert {person.name for person in attendance.no_shows(live_engagement)} == {
        "absent", "unlisted", "not there by the list",
    }  # fmt: skip


def test_times_of_one_person_are_joined_from_room_and_list(live_engagement: Engagement) -> None:
    minute = timedelta(minutes=1)
    ana = factories.make_registration(live_engagement)
    own = factories.make_attendance(ana)
    own.intervals.create(opened_at=START, last_seen_at=START + 9 * minute)
    own.intervals.create(
        opened_at=START, last_seen_at=START, closed_at=START - timedelta(seconds=2)
    )
    list_ = a_list(live_engagement)
    same, stranger = on(list_, registration=ana), on(list_)
    host = on(list_, exclusion=Exclusion.HOST)
    on(list_, seconds=1_800)
    for person, start, end in [(same, 8, 14), (stranger, 5, 31), (host, 0, 60)]:
        ListedInterval.objects.create(
            person=person, joined_at=START + start * minute, left_at=START + end * minute
        )

    course = attendance.course(live_engagement)
    assert [(step.present, step.arrived) for step in course.steps] == [
        (1, 1), (2, 1), (2, 0), (1, 0), (1, 0), (1, 0), (1, 0),
    ]  # fmt: skip
    assert (course.timed, course.measured, course.outside) == (2, 3, 0)
    assert (course.mean_minutes, course.median_minutes) == (23, 26)


def test_counting_takes_as_many_queries_for_three_as_for_one(live_engagement: Engagement) -> None:
    def numbers() -> list[int]:
        found = []
        for query in (
            queries.joined_by_category,
            attendance.summary,
            attendance.course,
            attendance.left_out,
        ):
            with CaptureQueriesContext(
                connection,
            ) as captured:
                query(live_engagement)
            found.append(len(captured))
        return found

    def add() -> None:
        registration = came(live_engagement)
        listed = on(a_list(live_engagement))
        on(listed.list, registration=registration)
        ListedInterval.objects.create(person=listed, joined_at=START, left_at=START)
        DeclaredAttendance.objects.create(
            engagement=live_engagement, category=factories.category(), people=4, source="x"
        )

    add()
    first = numbers()
    add()
    add()
    assert numbers() == first
