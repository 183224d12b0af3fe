"""Rows of another day or year: told, and never in the minutes. And how the list's pages say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from engagements.actions import list_counting
from engagements.models import AttendanceList, Engagement, ListedInterval, Role
from engagements.queries import attendance, lists
from tests import factories
from tests.engagements import attendance_samples as samples
from tests.engagements.attendance_steps import ZOOM, apply, take, with_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import User

pytestmark = pytest.mark.django_db

FAR = "The row is at another time than the engagement, by more than a day."
OPEN_END = "The row has no time of leaving: the person is taken to have stayed to the end."
WARNING = "Half of the people in this file, or more, were there at another time"
HERE = ["Apr 14, 2021 14:10:00", "Apr 14, 2021 14:40:00"]


@pytest.fixture
def held() -> Engagement:
    return factories.make_engagement("held", state=Engagement.State.ENDED)


@pytest.fixture
def cora(held: Engagement) -> User:
    return factories.make_member(factories.make_user("Cora"), held, Role.COORDINATOR)


@pytest.fixture
def office(cora: User, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(cora)


def timed(*rows: list[str]) -> bytes:
    return samples.as_csv([["Name", "Join time", "Leave time"], *rows]).encode()


def remarks(listed: AttendanceList) -> dict[str, list[int]]:
    listed.refresh_from_db()
    return {remark.sentence: remark.rows for remark in lists.remarks(listed)}


def text(office: Client, listed: AttendanceList, name: str = "list") -> str:
    response = office.get(reverse(f"attendance-{name}", args=["held", listed.pk]), follow=True)
    return response.content.decode()


def test_nobody_stays_for_years(office: Client, held: Engagement, cora: User) -> None:
    content = timed(["Jane", *HERE], ["Luis", "Apr 14, 2016 14:00:00", ""])
    listed = take(held, content, cora)
    assert remarks(listed) == {FAR: [3]}
    minutes = [lists.minutes_of(person) for person in listed.people.all()]
    assert minutes == [30, 0]
    assert WARNING in text(office, listed)
    apply(listed, cora)
    course = attendance.course(held)
    assert (course.timed, course.outside, course.measured) == (2, 1, 1)
    assert (course.mean_minutes, course.median_minutes) == (30, 30)


def test_minutes_of_another_day_are_not_among_the_others(held: Engagement, cora: User) -> None:
    content = timed(
        ["Jane", *HERE],
        ["Jane", "Apr 14, 2020 14:00:00", "Apr 14, 2020 20:00:00"],
        ["Luis", "Apr 14, 2020 14:00:00", "Apr 14, 2020 20:00:00"],
        ["Max", "Apr 14, 2021 14:00:00", "Apr 14, 2023 14:30:00"],
    )
    listed = take(held, content, cora)
    assert remarks(listed) == {FAR: [3, 4, 5]}
    apply(listed, cora)
    course = attendance.course(held)
    # Who seems to have stayed for years is there as long as the curve goes: two hours more.
    assert (course.measured, course.mean_minutes) == (2, (30 + 180) // 2)


def test_an_open_end_on_the_day_lasts_to_the_end(
    office: Client, held: Engagement, cora: User
) -> None:
    listed = take(held, timed(["Jane", *HERE], ["Luis", HERE[0], ""], ["Max", *HERE]), cora)
    assert remarks(listed) == {OPEN_END: [3]}
    assert ListedInterval.objects.get(person__name="Luis").left_at == held.ends_at
    assert WARNING not in text(office, listed)


def test_fewer_than_half_are_remarked_without_a_warning(
    office: Client, held: Engagement, cora: User
) -> None:
    late = ["Apr 14, 2021 23:00:00", "Apr 14, 2021 23:30:00"]
    listed = take(held, timed(["Jane", *HERE], ["Luis", *late], ["Max", *HERE]), cora)
    assert remarks(listed) == {"The person was there at another time than the engagement.": [3]}
    assert WARNING not in text(office, listed)


def test_what_counts_no_more_says_until_when(office: Client, held: Engagement, cora: User) -> None:
    first = take(held, ZOOM, cora)
    assert "<dt>Would count</dt><dd>4</dd>" in text(office, first)
    first = apply(first, cora)
    assert "<dt>Counted</dt><dd>4</dd>" in text(office, first)
    rows = [samples.attendee("New Person", "new@mail.example")]
    later = apply(take(held, samples.zoom(rows), cora), cora)
    shown = text(office, first)
    assert "<dt>Counts no more</dt><dd>4</dd>" in shown
    assert "Counted until" in shown
    assert lists.counted_until(AttendanceList.objects.get(pk=first.pk)) == later.applied_at
    where = reverse("attendance-list-undo", args=["held", later.pk])
    sent = {"revision": later.revision, "reason": "a slip"}
    done = office.post(where, sent, follow=True).content.decode()
    assert "The list counts no more. “list.csv” counts again." in done
    assert '<div class="stat is-past"><dt>Counts no more</dt><dd>1</dd>' in done
    assert "Counted until" in done
    assert "<dt>Counted</dt><dd>4</dd>" in text(office, first)


def test_undoing_a_list_that_replaced_none_names_no_other(
    office: Client, held: Engagement, cora: User
) -> None:
    listed = apply(take(held, ZOOM, cora), cora)
    where = reverse("attendance-list-undo", args=["held", listed.pk])
    sent = {"revision": listed.revision, "reason": "a slip"}
    done = office.post(where, sent, follow=True).content.decode()
    assert "The list counts no more." in done
    assert "counts again" not in done


def test_figures_stand_in_one_form_and_steps_are_numbered(
    office: Client, held: Engagement, cora: User
) -> None:
    listed = take(held, with_rows(1_002), cora)
    shown = text(office, listed)
    assert "people, in 1,002 rows" in shown
    assert "1,002 people of this list will count." in shown
    assert "Step 3 of 3 (no role category had to be named)" in shown
    assert "1,002 people, in the order of the file" in text(office, listed, "list-people")
    list_counting.apply(listed, by=cora, revision=listed.revision)
    assert "Step 3" not in text(office, listed)
    assert "of 3" not in text(office, listed)


def test_the_way_back_leads_over_the_file(office: Client, held: Engagement, cora: User) -> None:
    listed = take(held, ZOOM, cora)
    crumbs = text(office, listed, "list-people").split("usa-breadcrumb__list")[1:]
    links = [
        reverse("office"),
        reverse("engagement-office", args=["held"]),
        reverse("attendance", args=["held"]),
        reverse("attendance-lists", args=["held"]),
        reverse("attendance-list", args=["held", listed.pk]),
    ]
    nav = "".join(crumbs).split("</nav>")[0]
    places = [nav.index(f'href="{link}"') for link in links]
    assert places == sorted(places)
    assert "<span>People of the list</span>" in nav
