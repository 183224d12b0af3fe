"""Dates and durations in the ways that platforms write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from engagements.files.attendance import moments

NEW_YORK = ZoneInfo("America/New_York")
DAY = date(2021, 4, 14)
AT = datetime(2021, 4, 14, 18, 45, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "04/14/2021 02:45:07 PM",
        "4/14/21, 2:45:07 PM",
        "4/14/21, 2:45:07\u202fPM",
        "4/14/2021 2:45:07 p. m.",
        "4/14/2021 2:45:07 p.m.",
        "2021-04-14 14:45:07",
        "2021-04-14T14:45:07.263-04:00",
        "2021-04-14T18:45:07Z",
        "2021/04/14 14:45:07",
        "Apr 14, 2021 14:45:07",
        "Apr 14, 2021 02:45:07 PM EDT",
        "Apr 14, 2021 01:45:07 PM CDT",
        "April 14, 2021 2:45:07 PM",
        "Wed, Apr 14, 2021 14:45:07",
        "14 Apr 2021 14:45:07",
        "14 de abril de 2021, 14:45:07",
        "14. April 2021 14:45:07 Uhr",
        "14 avril 2021 14:45:07",
        "14 de abr. de 2021 14:45:07",
        "14.04.2021 14:45:07",
        "14.04.21, 14:45:07",
        "14/04/2021 14:45:07",
        "14-04-2021 14:45:07",
        "14:45:07",
        "44300.61466435185",
    ],
)
def test_a_moment_is_read(text: str) -> None:
    order = moments.order_of([text], DAY)
    assert moments.moment(text, order=order, zone=NEW_YORK, day=DAY) == AT


@pytest.mark.parametrize("text", ["", "--", "NA", "soon", "13:99 o'clock", "4/14", "12345", "0:75"])
def test_what_is_no_moment(text: str) -> None:
    assert moments.moment(text, order="", zone=NEW_YORK, day=DAY) is None


@pytest.mark.parametrize("text", ["99/99/2021 10:00", "2021-02-30 10:00", "4/14/2021 25:00"])
def test_what_no_calendar_has(text: str) -> None:
    assert moments.moment(text, order=moments.MONTH_FIRST, zone=NEW_YORK, day=DAY) is None


def test_month_names_of_five_languages() -> None:
    names = "enero février März abril maio juin Juli agosto Sept. outubro novembre Dez".split()
    read = [
        moments.moment(f"5 {name} 2021 10:00", order="", zone=ZoneInfo("UTC"), day=DAY)
        for name in names
    ]
    assert [at and at.month for at in read] == list(range(1, 13))


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["4/14/21, 2:00 PM", "4/5/21, 2:00 PM"], moments.MONTH_FIRST),
        (["14/4/21, 14:00", "5/4/21, 14:00"], moments.DAY_FIRST),
        (["4/14/21, 2:00 PM", "14/4/21, 14:00"], moments.ASKED),
        (["5/5/21, 14:00"], ""),
        (["2021-04-05 14:00", "Apr 5, 2021 14:00"], ""),
        (["5/4/21, 14:00", "6/4/21, 14:00"], moments.ASKED),
        ([], ""),
    ],
)
def test_a_value_tells_the_order(texts: list[str], order: str) -> None:
    assert moments.order_of(texts, DAY) == order


def test_the_day_of_the_engagement_tells_the_order() -> None:
    texts = ["5/4/2021 14:00"]
    assert moments.order_of(texts, date(2021, 4, 5)) == moments.DAY_FIRST
    assert moments.order_of(texts, date(2021, 5, 4)) == moments.MONTH_FIRST
    assert moments.order_of(texts, date(2021, 5, 5)) == moments.MONTH_FIRST
    assert moments.order_of(texts, date(2021, 8, 8)) == moments.ASKED


def test_both_readings_of_an_open_date() -> None:
    read = [
        moments.moment("5/4/2021 14:00", order=order, zone=ZoneInfo("UTC"), day=DAY)
        for order in (moments.MONTH_FIRST, moments.DAY_FIRST)
    ]
    assert read == [
        datetime(2021, 5, 4, 14, tzinfo=UTC),
        datetime(2021, 4, 5, 14, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1h 30m 51s", 5451),
        ("50m", 3000),
        ("8s", 8),
        ("1 h 5 min", 3900),
        ("1 hour 3 minutes", 3780),
        ("1 Std. 5 Min.", 3900),
        ("1:30:51", 5451),
        ("0:50", 3000),
        ("31", 1860),
        ("31.5", 1890),
        ("31,5", 1890),
        ("--", None),
        ("a while", None),
        ("7d", 604_800),
        ("99999d 99999d", None),
    ],
)
def test_durations(text: str, seconds: int | None) -> None:
    assert moments.seconds_of(text) == seconds
