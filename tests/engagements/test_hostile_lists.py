"""Attendance lists that somebody made to break something, from the upload into the count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from engagements.actions import list_reading
from engagements.models import AttendanceList, ListedPerson
from tests import factories
from tests.engagements import attendance_samples as samples
from tests.engagements import attendance_steps as steps

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import Engagement, User

pytestmark = pytest.mark.django_db

HEAD = ["Name", "Email", "Join time", "Leave time", "Duration", "Category"]
DAY = "2021-04-14"
HOSTILE = '"><img src=x onerror=alert(1)>{{7*7}}{x.__init__}'


@pytest.fixture
def over(live_engagement: Engagement) -> Engagement:
    live_engagement.state = live_engagement.State.ENDED
    live_engagement.ended_at = live_engagement.ends_at
    live_engagement.save()
    return live_engagement


@pytest.mark.parametrize(
    "rows",
    [
        [["A", "a@x.org", "9999-12-31 23:59", "0001-01-01 00:00", "60", "Attorney"]],
        [["A", "a@x.org", "0001-01-01 00:00", "9999-12-31 23:59", "60", ""]],
        [["A", "a@x.org", "2021-02-30 10:00", f"{DAY} 25:61", "-60", ""]],
        [["A", "a@x.org", "", "", "99999d 99999d", ""]],
        [["A", "a@x.org", "", "", duration, ""] for duration in ("9" * 400, "1e308", "NaN", "٣")],
        [["A", "a@x.org", "", "", "7d", ""]] * 4_000,
        [["=1+1", "=cmd@x.org", f"{DAY} 14:00", f"{DAY} 15:00", "60", "=HYPERLINK(1)"]],
        [["A\ufffe\u202eB", "a@x.org", "", "", "5", "\ufdd0"]],
        [["x" * 5_000, "y" * 400 + "@x.org", "", "", "5", "z" * 5_000]],
        [["A", "@", "", "", "5", ""], ["", "@x.org", "", "", "5", ""]],
    ],
)
def test_the_list_is_read_counted_shown_and_taken_away(
    over: Engagement,
    cora: User,
    sign_in: Callable[[User], Client],
    rows: list[list[str]],
) -> None:
    listed = steps.take(over, samples.as_csv([HEAD, *rows]).encode(), cora)
    if listed.state == AttendanceList.State.READING:
        list_reading.read(listed.pk)
        listed.refresh_from_db()
    assert listed.state == AttendanceList.State.REVIEW
    steps.apply(listed, cora)
    client = sign_in(cora)
    for name, key in (
        ("attendance", []),
        ("attendance-sheet", []),
        ("attendance-lists", []),
        ("attendance-list", [listed.pk]),
        ("attendance-list-people", [listed.pk]),
        ("attendance-list-file", [listed.pk]),
    ):
        assert client.get(reverse(name, args=[over.slug, *key])).status_code == 200


def test_hostile_words_of_a_list_are_letters_on_every_page(
    over: Engagement, cora: User, sign_in: Callable[[User], Client]
) -> None:
    factories.make_registration(over, HOSTILE, email="h@x.org")
    rows = [[HOSTILE, "h@x.org", HOSTILE, "", HOSTILE, HOSTILE]]
    listed = steps.take(over, samples.as_csv([[*HEAD, HOSTILE], *rows]).encode(), cora)
    pages = ["", "-columns", "-categories", "-people", "-matches", "-difference", "-place"]
    client = sign_in(cora)
    for page in pages:
        address = reverse(f"attendance-list{page}", args=[over.slug, listed.pk])
        assert "<img src=x" not in client.get(address, follow=True).content.decode()
    person = ListedPerson.objects.get()
    assert (person.name, person.match) == (HOSTILE, ListedPerson.Match.EMAIL)
