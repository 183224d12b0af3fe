"""Whoever an attendance list found among the registrants has joined, on every page and in mail."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from engagements.actions import list_counting, phoning
from engagements.models import Attendance, AttendanceList, Engagement, ListedPerson, Role
from engagements.queries import mail, people
from engagements.refusals import Refused
from tests import factories
from tests.engagements import attendance_samples as samples
from tests.engagements.attendance_steps import apply, take

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import Registration, User

pytestmark = pytest.mark.django_db

ROWS = [
    samples.attendee("Jane Roe", "jane@mail.example", 0, 50),
    samples.attendee("Left Out", "left@mail.example", 0, 30),
    samples.attendee("Stranger", "stranger@mail.example", 0, 30),
    samples.absent("Ann Absent", "ann@mail.example"),
]


@pytest.fixture
def held() -> Engagement:
    return factories.make_engagement("held", state=Engagement.State.ENDED)


@pytest.fixture
def cora(held: Engagement) -> User:
    return factories.make_member(factories.make_user("Cora"), held, Role.COORDINATOR)


@pytest.fixture
def office(cora: User, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(cora)


@pytest.fixture
def jane(held: Engagement) -> Registration:
    jane = factories.make_registration(held, "Jane Roe", email="jane@mail.example")
    for name in ("Left Out", "Ann Absent", "Not There"):
        address = f"{name.split()[0].lower()}@mail.example"
        factories.make_registration(held, name, email=address)
    room = factories.make_registration(held, "In Room", email="room@mail.example")
    factories.make_attendance(room)
    return jane


@pytest.fixture
def listed(held: Engagement, cora: User, jane: Registration) -> AttendanceList:
    listed = take(held, samples.zoom(ROWS), cora)
    left = listed.people.get(name="Left Out")
    list_counting.set_counted(left, by=cora, revision=listed.revision, counts=False)
    return listed


def names(engagement: Engagement, joined: str) -> list[str]:
    return [one.name for one in people.registrants(engagement, joined=joined)]


def recipients(engagement: Engagement, came: str) -> list[str]:
    chosen = mail.chosen_people({"came": came})
    return [one.name for one in engagement.registrations.filter(chosen).order_by("pk")]


def counted(engagement: Engagement) -> tuple[int, int | None, int | None]:
    census = people.census(engagement)
    return census.joined, census.matching({"joined": "yes"}), census.matching({"joined": "no"})


def person(office: Client, registration: Registration) -> str:
    where = reverse("registrant", args=["held", registration.pk])
    return office.get(where).content.decode()


def test_pages_filters_and_letters_follow_the_count(
    held: Engagement, cora: User, listed: AttendanceList
) -> None:
    assert (names(held, "yes"), counted(held)) == (["In Room"], (1, 1, 4))
    listed = apply(listed, cora)
    assert names(held, "yes") == recipients(held, "yes") == ["Jane Roe", "In Room"]
    assert names(held, "no") == recipients(held, "no") == ["Left Out", "Ann Absent", "Not There"]
    assert counted(held) == (2, 2, 3)
    list_counting.undo(listed, by=cora, revision=listed.revision, reason="a slip")
    assert names(held, "yes") == recipients(held, "yes") == ["In Room"]
    assert counted(held) == (1, 1, 4)


def test_counted_by_another_row_is_joined_too(
    held: Engagement, cora: User, jane: Registration, listed: AttendanceList
) -> None:
    apply(listed, cora)
    listed.people.filter(registration=jane).update(exclusion=ListedPerson.Exclusion.ELSEWHERE)
    assert names(held, "yes") == recipients(held, "yes") == ["Jane Roe", "In Room"]


def test_the_persons_page_names_the_list_and_its_minutes(
    office: Client,
    held: Engagement,
    cora: User,
    jane: Registration,
    listed: AttendanceList,
) -> None:
    text = person(office, jane)
    assert "Not there so far." in text
    assert reverse("registrant-phone", args=["held", jane.pk]) in text
    listed = apply(listed, cora)
    text = person(office, jane)
    assert "Not there so far." not in text
    assert reverse("registrant-phone", args=["held", jane.pk]) not in text
    assert reverse("attendance-list", args=["held", listed.pk]) in text
    assert ">list.csv</a>, 50 minutes." in text
    left = person(office, held.registrations.get(name="Left Out"))
    assert "Not there so far." in left
    assert "Not counted by it: left out by the office." in left
    page = office.get(reverse("registrants", args=["held"])).content.decode()
    assert page.count("joined, by an attendance list") == 1
    assert "<dt>Joined</dt><dd>2</dd>" in page


def test_a_moderator_reads_the_lists_name_without_a_way_to_it(
    held: Engagement,
    cora: User,
    jane: Registration,
    listed: AttendanceList,
    sign_in: Callable[[User], Client],
) -> None:
    apply(listed, cora)
    omar = factories.make_member(factories.make_user("Omar"), held, Role.MODERATOR)
    text = person(sign_in(omar), jane)
    assert ">list.csv</strong>, 50 minutes." in text
    assert reverse("attendance-list", args=["held", listed.pk]) not in text


def test_who_is_on_the_list_did_not_come_by_phone_alone(
    held: Engagement, cora: User, jane: Registration, listed: AttendanceList
) -> None:
    apply(listed, cora)
    phoning.note(held.registrations.get(name="Not There"), by=cora)
    with pytest.raises(Refused) as refused:
        phoning.note(jane, by=cora)
    assert refused.value.code == "joined_already"
    assert Attendance.objects.filter(registration=jane).count() == 0


def test_the_workbook_tells_who_joined_by_a_list_and_prints_readably(
    office: Client, held: Engagement, cora: User, listed: AttendanceList
) -> None:
    apply(listed, cora)
    response = office.get(reverse("registrants-sheet", args=["held"]))
    sheet = load_workbook(BytesIO(response.content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    found = {row[1]: row[13:15] for row in rows[1:]}
    assert found["Jane Roe"] == [samples.START, "List list.csv"]
    assert found["In Room"][1] == "Our own room"
    assert found["Left Out"] == found["Not There"] == [None, None]
    assert rows[1][6:8] == ["English", "Registered"]
    paper = sheet.page_setup
    assert (paper.orientation, paper.fitToWidth, paper.fitToHeight) == ("landscape", 2, 0)
    assert (sheet.print_title_cols, sheet.print_title_rows) == ("$A:$B", "$1:$1")
    assert sheet.row_dimensions[1].height > 30


def test_the_list_of_registrants_stays_quick(
    office: Client, held: Engagement, cora: User, listed: AttendanceList
) -> None:
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as captured:
            office.get(reverse("registrants", args=["held"]))
        counts.append(len(captured))
        if not number:
            apply(listed, cora)
    assert counts == [counts[0]] * 2
    assert counts[0] < 10
