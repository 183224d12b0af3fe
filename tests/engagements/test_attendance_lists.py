"""Attendance lists on their way into the count: uploaded, named, read, matched."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from django_tasks_db.models import DBTaskResult

from engagements import queries
from engagements.actions import list_counting, list_reading, listing
from engagements.files.attendance import Unreadable
from engagements.models import (
    AttendanceList,
    AuditEntry,
    Engagement,
    ListedInterval,
    ListedPerson,
    RememberedMapping,
    Role,
    Speaker,
    StoredFile,
)
from engagements.queries import lists
from engagements.refusals import Refused
from engagements.tasks.lists import read_list
from tests import factories
from tests.engagements import attendance_samples as samples
from tests.engagements.attendance_steps import (
    ATTENDEES,
    OPEN,
    PHONE,
    ZOOM,
    State,
    apply,
    entries,
    take,
    told,
    with_rows,
)

if TYPE_CHECKING:
    from engagements.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Engagement:
    return factories.make_engagement("held", state=Engagement.State.ENDED)


@pytest.fixture
def cora(held: Engagement) -> User:
    return factories.make_member(factories.make_user("Cora"), held, Role.COORDINATOR)


def test_a_list_is_read_matched_and_counted(held: Engagement, cora: User) -> None:
    factories.make_registration(
        held, "Jane R", email="jane@mail.example", category=factories.category("employer")
    )
    luis = factories.make_registration(
        held, "Ortega, Luis", email="l@home.example", category=factories.category("employer")
    )
    factories.make_registration(held, "Carla Abara", email="carla@home.example")
    listed = take(held, ZOOM, cora)
    assert listed.state == State.REVIEW
    assert told(listed) == [
        ("Office Host", "not-stated", "host", ""),
        ("Jane Roe", "attorney", "", "email"),
        ("Luis Ortega", "employer", "", "name"),
        ("Carla Abarra", "not-stated", "", ""),
        ("Ann Absent", "not-stated", "absent", ""),
        ("1240*****23", "not-stated", "", ""),
    ]
    assert [person.is_doubtful for person in listed.people.all()] == [0, 0, 0, 1, 0, 0]
    assert listed.people.get(name="Luis Ortega").registration == luis
    jane = ListedInterval.objects.get(person__name="Jane Roe")
    assert (jane.left_at - jane.joined_at).total_seconds() == 50 * 60
    assert queries.joined(held) == 0
    applied = apply(listed, cora)
    assert (applied.state, applied.applied_by) == (State.APPLIED, cora)
    assert queries.joined(held) == 4
    entry = AuditEntry.objects.get(action="attendance_list.applied")
    assert entry.detail == {
        "sha256": hashlib.sha256(ZOOM).hexdigest(),
        "counted": 4,
        "left_out": {"host": 1, "absent": 1},
        "replaced": None,
    }
    assert entries() == [
        f"attendance_list.{what}" for what in ("uploaded", "named", "read", "applied")
    ]
    assert not any("jane" in str(entry.detail).lower() for entry in AuditEntry.objects.all())


def test_the_figures_of_a_large_report_and_why_they_differ(held: Engagement, cora: User) -> None:
    listed = take(held, samples.large_zoom(), cora)
    figures = lists.figures(listed)
    assert (figures.people, figures.counted) == (495, 449)
    assert [(why, people) for why, _words, people in figures.left_out] == [
        ("host", 1),
        ("panelist", 31),
        ("absent", 14),
    ]
    assert [step.people for step in lists.steps(listed, figures)] == [455, 4, -10]
    facts = {fact.label: fact for fact in lists.facts(listed, figures)}
    viewers, users = facts["Unique Viewers"], facts["Total Users"]
    assert (viewers.value, viewers.ours) == ("446", 455)
    assert "455 distinct e-mail addresses. 10 of them are panelists" in viewers.why
    assert "without them 445" in viewers.why
    assert (users.value, users.ours) == ("991", 960)
    assert "Here they are 481 people" in users.why
    assert facts["# Registered"].ours is None


def test_staff_speakers_and_tests_do_not_count(held: Engagement, cora: User) -> None:
    Speaker.objects.create(engagement=held, name="Sam Doe", title="Chief")
    factories.make_registration(held, "Tess", email="tess@mail.example", counted="test")
    rows = [
        samples.attendee("Cora", cora.email),
        samples.attendee("Doe, Sam", "sam@home.example"),
        samples.attendee("test 3", "t@mail.example"),
        samples.attendee("Tess", "tess@mail.example"),
        samples.attendee("Ann", "ann@mail.example"),
    ]
    listed = take(held, samples.zoom(rows), cora)
    assert [row[2] for row in told(listed)] == ["host", "staff", "speaker", "test", "test", ""]


def test_columns_and_categories_are_remembered(held: Engagement, cora: User) -> None:
    first = take(held, ZOOM, cora, **{"Something else": "employer"})
    list_counting.apply(first, by=cora, revision=first.revision)
    assert RememberedMapping.objects.get().categories == {
        "Attorney": "attorney",
        "Something else": "employer",
    }
    later = listing.upload(held, name="b.csv", content=samples.zoom(ATTENDEES), by=cora)
    assert later.choices["is_remembered"] is False
    other = samples.zoom([*ATTENDEES, ATTENDEES[0]], others=PHONE)
    later = listing.upload(held, name="c.csv", content=other, by=cora)
    assert later.choices["is_remembered"] is True
    later = listing.name_columns(
        later,
        by=cora,
        revision=1,
        kinds=later.choices["kinds"],
        columns=later.choices["columns"],
        zone="America/New_York",
    )
    assert later.choices["categories"]["Something else"] == "employer"


def test_an_open_date_is_asked_and_not_guessed(held: Engagement, cora: User) -> None:
    listed = listing.upload(held, name="a.csv", content=OPEN, by=cora)
    assert listed.choices["readings"] == [
        "5/4/2021 14:00",
        "2021-05-04T14:00:00+00:00",
        "2021-04-05T14:00:00+00:00",
    ]
    named: dict[str, Any] = {
        "by": cora,
        "kinds": listed.choices["kinds"],
        "columns": listed.choices["columns"],
        "zone": "UTC",
    }
    listed = listing.name_columns(listed, revision=1, **named)
    assert (listed.state, listed.choices["step"]) == (State.MAPPING, "columns")
    listed = listing.name_columns(listed, revision=2, order="day_first", **named)
    assert listed.state == State.REVIEW
    assert ListedInterval.objects.get().joined_at.isoformat() == "2021-04-05T14:00:00+00:00"
    assert lists.is_of_another_time(listed)


def test_a_discarded_list_keeps_no_names(held: Engagement, cora: User) -> None:
    listed = take(held, ZOOM, cora)
    listed = listing.discard(listed, by=cora, revision=listed.revision)
    assert (listed.state, listed.people.count()) == (State.DISCARDED, 0)
    assert "jane" not in str(listed.header).lower()
    again = take(held, ZOOM, cora)
    assert (again.state, again.people.count(), StoredFile.objects.count()) == (State.REVIEW, 6, 1)


@pytest.mark.parametrize("state", ["draft", "scheduled", "cancelled"])
def test_before_the_start_nothing_is_counted(state: str, cora: User, held: Engagement) -> None:
    Engagement.objects.filter(pk=held.pk).update(state=state)
    with pytest.raises(Refused) as refused:
        listing.upload(held, name="a.csv", content=ZOOM, by=cora)
    assert (refused.value.code, AttendanceList.objects.count()) == ("wrong_state", 0)


def test_a_rehearsal_is_not_counted(cora: User, held: Engagement) -> None:
    Engagement.objects.filter(pk=held.pk).update(is_rehearsal=True)
    with pytest.raises(Refused) as refused:
        listing.upload(held, name="a.csv", content=ZOOM, by=cora)
    assert refused.value.code == "rehearsal"


def test_nothing_is_stored_of_what_cannot_be_read(held: Engagement, cora: User) -> None:
    with pytest.raises(Unreadable):
        listing.upload(held, name="a.xlsx", content=b"PK\x03\x04", by=cora)
    assert (AttendanceList.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_a_long_list_is_read_in_the_background(held: Engagement, cora: User) -> None:
    listed = take(held, with_rows(2_001), cora)
    assert (listed.state, listed.done, listed.total) == (State.READING, 0, 2_001)
    assert DBTaskResult.objects.get().args_kwargs["args"] == [listed.pk]
    read_list.func(listed.pk)
    read_list.func(listed.pk)
    listed.refresh_from_db()
    assert (listed.state, listed.done, listed.people.count()) == (State.REVIEW, 2_001, 2_001)


def test_two_thousand_rows_are_read_at_once(held: Engagement, cora: User) -> None:
    listed = take(held, with_rows(2_000), cora)
    assert (listed.state, DBTaskResult.objects.count()) == (State.REVIEW, 0)


def test_a_reader_that_was_killed_is_replaced(held: Engagement, cora: User) -> None:
    """What it had stored is thrown away, and whoever began last goes on."""
    listed = take(held, with_rows(2_001), cora)
    half_done = list_reading._taken(listed.pk)
    assert half_done is not None
    ListedPerson.objects.create(
        list=listed, position=1, name="Half done", category=factories.category()
    )
    list_reading.read(listed.pk)
    with pytest.raises(list_reading._TakenOver):
        list_reading._go_on(half_done, 500)
    assert listed.people.filter(name="Half done").count() == 0
    assert listed.people.count() == 2_001


def test_a_discarded_list_is_not_read_on(held: Engagement, cora: User) -> None:
    listed = take(held, with_rows(2_001), cora)
    listing.discard(listed, by=cora, revision=listed.revision)
    list_reading.read(listed.pk)
    listed.refresh_from_db()
    assert (listed.state, listed.people.count()) == (State.DISCARDED, 0)


def test_a_column_that_tells_something_else_is_refused(held: Engagement, cora: User) -> None:
    listed = listing.upload(held, name="a.csv", content=with_rows(300), by=cora)
    with pytest.raises(Refused) as refused:
        listing.name_columns(
            listed,
            by=cora,
            revision=1,
            kinds=["attendees"],
            columns=[["category", "email", "duration"]],
            zone="UTC",
        )
    assert refused.value.code == "too_many_values"
    listed.refresh_from_db()
    assert listed.revision == 1


@pytest.mark.parametrize(
    ("kinds", "columns", "code"),
    [
        (["attendees"], [["name", "email"]], "columns"),
        ([], [], "columns"),
        (["attendees"], [["", "", "duration"]], "nobody_named"),
        (["ignored"], [["name", "email", "duration"]], "nobody_named"),
    ],
)
def test_columns_must_tell_people_apart(
    held: Engagement, cora: User, kinds: list[str], columns: list[list[str]], code: str
) -> None:
    listed = listing.upload(held, name="a.csv", content=with_rows(3), by=cora)
    with pytest.raises(Refused) as refused:
        listing.name_columns(listed, by=cora, revision=1, kinds=kinds, columns=columns, zone="UTC")
    assert refused.value.code == code
