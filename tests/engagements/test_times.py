from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engagements.models import Engagement
from engagements.templatetags.times import before, when, when_tag

NEW_YORK = "America/New_York"


def engagement(start: datetime, end: datetime, zone: str = NEW_YORK) -> Engagement:
    return Engagement(starts_at=start, ends_at=end, time_zone=zone)


def at(*parts: int) -> datetime:
    year, month, day, hour, minute = parts
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ((2021, 4, 14, 18, 0), (2021, 4, 14, 19, 0), "2 to 3 p.m. EDT"),
        ((2021, 4, 14, 18, 0), (2021, 4, 14, 19, 30), "2 to 3:30 p.m. EDT"),
        ((2021, 4, 14, 14, 30), (2021, 4, 14, 15, 0), "10:30 to 11 a.m. EDT"),
        ((2021, 4, 14, 15, 0), (2021, 4, 14, 17, 0), "11 a.m. to 1 p.m. EDT"),
        ((2021, 4, 14, 15, 0), (2021, 4, 14, 16, 0), "11 a.m. to noon EDT"),
        ((2021, 4, 14, 16, 0), (2021, 4, 14, 17, 0), "noon to 1 p.m. EDT"),
        ((2021, 4, 14, 16, 30), (2021, 4, 14, 17, 0), "12:30 to 1 p.m. EDT"),
    ],
)
def test_the_hours_of_one_day(start: Any, end: Any, words: str) -> None:
    assert when(engagement(at(*start), at(*end))) == f"Wednesday, April 14, 2021, {words}"


def test_two_days_are_both_named() -> None:
    conference = engagement(at(2021, 4, 14, 13, 0), at(2021, 4, 15, 21, 0))
    assert when(conference) == (
        "Wednesday, April 14, 2021, 9 a.m. to Thursday, April 15, 2021, 5 p.m. EDT"
    )


def test_both_zones_are_named_where_clocks_change_in_between() -> None:
    night = engagement(at(2021, 11, 7, 5, 0), at(2021, 11, 7, 8, 0))
    assert when(night) == "Sunday, November 7, 2021, 1 a.m. EDT to 3 a.m. EST"


def test_a_zone_without_letters_is_told_by_its_offset() -> None:
    abroad = engagement(at(2021, 4, 14, 18, 0), at(2021, 4, 14, 19, 0), "America/Sao_Paulo")
    assert when(abroad) == "Wednesday, April 14, 2021, 3 to 4 p.m. UTC-03"


def test_machines_read_the_start_with_its_offset() -> None:
    webinar = engagement(at(2021, 4, 14, 18, 0), at(2021, 4, 14, 19, 0))
    words = "Wednesday, April 14, 2021, 2 to 3 p.m. EDT"
    assert when_tag(webinar) == f'<time datetime="2021-04-14T14:00-04:00">{words}</time>'
    assert when_tag(webinar, local=True) == (
        f'<time datetime="2021-04-14T14:00-04:00" data-local>{words}</time>'
    )


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 minutes before"),
        (1, "1 minute before"),
        (90, "90 minutes before"),
        (60, "1 hour before"),
        (36 * 60, "36 hours before"),
        (24 * 60, "1 day before"),
        (3 * 24 * 60, "3 days before"),
        (14 * 24 * 60, "2 weeks before"),
    ],
)
def test_how_long_before_the_start(minutes: int, words: str) -> None:
    assert before(minutes) == words
