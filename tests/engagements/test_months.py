from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from engagements import clock, queries, states
from engagements.models import Engagement, Series
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse as Response


pytestmark = pytest.mark.django_db

START = factories.START
NOW = START - timedelta(days=14)
APRIL = date(2021, 4, 1)


@pytest.fixture(autouse=True)
def _two_weeks_before() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


def page(response: Response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def make(slug: str, start: datetime, hours: float = 1, **fields: Any) -> Engagement:
    values = {"title": slug, "starts_at": start, "ends_at": start + timedelta(hours=hours)}
    return factories.make_engagement(slug, **(values | fields))


def month_of(first: date, *, begins_on: int = 0) -> queries.Month:
    return queries.month(queries.announced(), first, begins_on=begins_on)


def shown_in(month: queries.Month) -> dict[date, list[str]]:
    return {
        day.at: [engagement.slug for engagement in day.engagements]
        for week in month.weeks
        for day in week
        if day.engagements
    }


# The month


def test_each_engagement_stands_on_the_day_that_its_own_clock_shows() -> None:
    late = datetime(2021, 4, 15, 2, 0, tzinfo=UTC)
    make("new-york", late)
    make("tokyo", late, time_zone="Asia/Tokyo")
    make("through-the-night", datetime(2021, 4, 20, 0, 0, tzinfo=UTC), hours=30, time_zone="UTC")
    make("until-midnight", datetime(2021, 4, 25, 20, 0, tzinfo=UTC), hours=4, time_zone="UTC")
    assert shown_in(month_of(APRIL)) == {
        date(2021, 4, 14): ["new-york"],
        date(2021, 4, 15): ["tokyo"],
        date(2021, 4, 20): ["through-the-night"],
        date(2021, 4, 21): ["through-the-night"],
        date(2021, 4, 25): ["until-midnight"],
    }


def test_days_of_other_months_fill_the_first_and_last_week() -> None:
    make("in-march", datetime(2021, 3, 30, 18, 0, tzinfo=UTC))
    month = month_of(APRIL)
    assert [len(week) for week in month.weeks] == [7] * 5
    assert (month.weeks[0][0].at, month.weeks[-1][-1].at) == (date(2021, 3, 28), date(2021, 5, 1))
    assert shown_in(month) == {date(2021, 3, 30): ["in-march"]}
    assert [day.at for week in month.weeks for day in week if day.is_today] == [date(2021, 3, 31)]
    assert month_of(APRIL, begins_on=1).weeks[0][0].at == date(2021, 3, 29)


def test_the_public_finds_nothing_in_a_month_that_it_may_not_know(client: Client) -> None:
    unseen: dict[str, dict[str, Any]] = {
        "a-draft": {"state": states.DRAFT},
        "a-rehearsal": {"is_rehearsal": True},
        "never-announced": {"state": states.CANCELLED, "scheduled_at": None},
        "called-off": {"state": states.CANCELLED},
        "held": {"state": states.ENDED},
    }
    for slug, fields in unseen.items():
        make(slug, START, **fields)
    assert shown_in(month_of(APRIL)) == {date(2021, 4, 14): ["called-off", "held"]}
    text = page(client.get(reverse("month", args=[2021, 4])))
    assert "a-draft" not in text
    assert '<span class="month-state">Cancelled</span>' in text


def test_links_to_other_months_end_where_engagements_end(client: Client) -> None:
    assert (month_of(date(2021, 3, 1)).before, month_of(date(2021, 3, 1)).after) == (None, None)
    make("first", datetime(2021, 1, 5, 18, 0, tzinfo=UTC))
    make("last", datetime(2021, 6, 5, 18, 0, tzinfo=UTC))
    months = {number: month_of(date(2021, number, 1)) for number in (1, 3, 6, 7)}
    ways = {number: (month.before, month.after) for number, month in months.items()}
    assert ways == {
        1: (None, date(2021, 2, 1)),
        3: (date(2021, 2, 1), date(2021, 4, 1)),
        6: (date(2021, 5, 1), None),
        7: (date(2021, 6, 1), None),
    }
    text = page(client.get(reverse("month", args=[2021, 6])))
    assert 'rel="prev" href="/calendar/2021/5/"' in text
    assert 'rel="next"' not in text
    assert '<a href="/calendar/2021/3/">This month</a>' in text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/calendar/1990/1/", 200),
        ("/calendar/2100/12/", 200),
        ("/calendar/1989/12/", 404),
        ("/calendar/2101/1/", 404),
        ("/calendar/2021/0/", 404),
        ("/calendar/2021/13/", 404),
        (f"/calendar/{'9' * 400}/1/", 404),
        (f"/calendar/{'9' * 5000}/1/", 404),
        ("/calendar/2021/-1/", 404),
        ("/calendar/2021/x/", 404),
    ],
)
def test_years_have_bounds(client: Client, address: str, status: int) -> None:
    make("early", datetime(1990, 1, 1, 2, 0, tzinfo=UTC), time_zone="UTC")
    make("late", datetime(2100, 12, 31, 23, 30, tzinfo=UTC), hours=0.4, time_zone="UTC")
    assert client.get(address).status_code == status


def test_every_month_of_the_calendar_has_its_days() -> None:
    for year in (1990, 2000, 2024, 2100):
        for number in range(1, 13):
            month = month_of(date(year, number, 1))
            days = [day.at for week in month.weeks for day in week if day.is_in_month]
            assert days[0] == date(year, number, 1)
            assert (days[-1] + timedelta(days=1)).day == 1


def test_a_month_tells_today_and_its_name_to_every_reader(
    client: Client, engagement: Engagement
) -> None:
    text = page(client.get(reverse("month", args=[2021, 4])))
    assert '<caption class="usa-sr-only">April 2021</caption>' in text
    assert "<h1>Engagements in April 2021</h1>" in text
    assert text.count('scope="col"') == 7
    assert '<abbr title="Sunday">Sun</abbr>' in text
    assert re.findall(r'aria-current="date">\s*<time datetime="(.*?)"', text) == ["2021-03-31"]
    assert f'<a href="{engagement.get_absolute_url()}">The USCIS Contact Center</a>' in text
    assert '<span class="month-hours">2 to 3 p.m. EDT</span>' in text


def test_an_empty_month_says_so(client: Client) -> None:
    assert "No engagements in this month." in page(client.get(reverse("month", args=[2021, 4])))


def test_weeks_begin_where_the_language_begins_them() -> None:
    with override("de"):
        assert month_of(APRIL, begins_on=1).weeks[0][0].at.isoweekday() == 1


def test_a_month_asks_as_much_for_three_as_for_one(client: Client) -> None:
    counts = []
    for number in range(3):
        series = Series.objects.create(name=f"Series {number}")
        make(f"number-{number}", START, series=series)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("month", args=[2021, 4]))
        counts.append(len(asked))
    assert counts == [counts[0]] * 3


# Series


def test_a_series_is_chosen_once_there_are_two(client: Client) -> None:
    first = Series.objects.create(name="First series")
    make("one", START, series=first)
    make("old", START - timedelta(days=60), series=first, state=states.ENDED)
    assert 'name="series"' not in page(client.get("/"))
    second = Series.objects.create(name="Second series")
    make("two", START, series=second)
    Series.objects.create(name="Of drafts only")
    for address in ("/", reverse("month", args=[2021, 4])):
        text = page(client.get(address))
        assert re.findall(r"<option .*?>(.*?)</option>", text) == [
            "All series",
            "First series",
            "Second series",
        ]
        chosen = page(client.get(address, {"series": second.pk}))
        assert (f">{'two'}</a>" in chosen, f">{'one'}</a>" in chosen) == (True, False)
        assert f'<option value="{second.pk}" selected>' in chosen
    assert f'href="/calendar/2021/3/?series={second.pk}"' in page(
        client.get("/", {"series": second.pk})
    )


@pytest.mark.parametrize("strange", ["", "0", "-1", "x", "\x00", "9" * 30, "٣", "1 OR 1=1"])
def test_a_series_that_does_not_exist_means_all(client: Client, strange: str) -> None:
    for number in range(2):
        make(f"n-{number}", START, series=Series.objects.create(name=f"Series {number}"))
    text = page(client.get("/", {"series": strange}))
    assert (">n-0</a>" in text, ">n-1</a>" in text) == (True, True)


def test_what_is_far_ahead_is_found_by_month(client: Client) -> None:
    for number in range(51):
        make(f"n-{number}", START + timedelta(days=number), title=f"Number {number}.")
    text = page(client.get("/"))
    assert (">Number 49.</a>" in text, ">Number 50.</a>" in text) == (True, False)
    assert '<a href="/calendar/2021/6/">More, month by month</a>' in text
    assert ">Number 50.</a>" in page(client.get("/calendar/2021/6/"))
