from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.utils.translation import override
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from engagements import clock, states
from engagements.files import calendar_file
from engagements.files.text import clean_line
from engagements.models import Engagement, Office, Series
from tests import factories
from tests.engagements import ical

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db

START = factories.START
NOW = START - timedelta(days=14)
LINK = "https://ask.example/join/abc.def/"
HOSTILE = [
    "a, b; c: d\\n \\ \"quoted\" 'single'",
    "One\r\nATTENDEE:mailto:all@example.org",
    "One\nEND:VEVENT\nBEGIN:VEVENT",
    "One\u2028ATTENDEE:x\u0085ATTENDEE:y\x0bz",
    "اللقاء العام \u200f(عن بُعد)\u200f, פגישה; פתוחה",
    "👩🏽‍⚖️" * 40,
    "é" * 200,
    "=1+1 {{7*7}} <img src=x onerror=alert(1)>",
    "\x00\x07\ud800",
]


@pytest.fixture(autouse=True)
def _two_weeks_before() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


def page_of(engagement: Engagement) -> str:
    return urljoin(settings.PUBLIC_URL, f"/engagements/{engagement.slug}/")


def make(title: str = "The Contact Center", slug: str = "one", **fields: Any) -> Engagement:
    return factories.make_engagement(slug, title=title, code="k7m2q4", **fields)


def test_a_request_is_an_entry_to_publish() -> None:
    changed_at = NOW - timedelta(days=1)
    engagement = make(changed_at=changed_at, series=Series.objects.create(name="Webinar Series"))
    head, [event] = ical.read(calendar_file.invitation(engagement, link=LINK))
    assert head == {
        "VERSION": "2.0",
        "PRODID": "-//Openfloor//Engagements//EN",
        "METHOD": "PUBLISH",
    }
    description = event.pop("DESCRIPTION")
    organizer = event.pop("ORGANIZER")
    assert event == {
        "UID": "engagement-k7m2q4@openfloor",
        "SEQUENCE": "0",
        "DTSTAMP": "20210331T180000Z",
        "LAST-MODIFIED": "20210330T180000Z",
        "DTSTART": "20210414T180000Z",
        "DTEND": "20210414T190000Z",
        "SUMMARY": "Webinar Series: The Contact Center",
        "LOCATION": "Online",
        "STATUS": "CONFIRMED",
        "TRANSP": "OPAQUE",
        "CLASS": "PRIVATE",
        "URL": page_of(engagement),
    }
    assert LINK in description
    assert "Please do not share" in description
    name, address = re.fullmatch(r';CN="?(.*?)"?:mailto:(.*)', organizer).groups()  # type: ignore[union-attr]
    assert name == Office.current().name
    assert address in settings.DEFAULT_FROM_EMAIL


def test_who_has_no_personal_link_is_told_where_to_register() -> None:
    engagement = make()
    event = ical.event_of(calendar_file.invitation(engagement, link=page_of(engagement)))
    assert str(event["description"]).startswith(
        f"About it, and to register: {page_of(engagement)}\n\nPlease do not share"
    )
    assert event["class"] == "PUBLIC"
    engagement.state = states.ENDED
    event = ical.event_of(calendar_file.feed([engagement], name="All"))
    assert event["description"] == page_of(engagement)


def test_an_update_keeps_its_name_and_counts_on() -> None:
    engagement = make()
    first = ical.event_of(calendar_file.invitation(engagement, link=LINK))
    engagement.starts_at += timedelta(days=1)
    engagement.ends_at += timedelta(days=1)
    engagement.calendar_sequence += 1
    with clock.set_to(NOW + timedelta(hours=1)):
        second = ical.event_of(calendar_file.invitation(engagement, link=LINK))
    assert (first["uid"], first["sequence"]) == (second["uid"], 0)
    assert second["sequence"] == 1
    assert second.start == START + timedelta(days=1)
    assert second.stamp > first.stamp


@pytest.mark.parametrize("state", [states.SCHEDULED, states.CANCELLED])
def test_a_cancelled_seat_and_a_cancelled_engagement_leave_the_calendar(state: str) -> None:
    engagement = make(state=state, calendar_sequence=3)
    head, [event] = ical.read(
        calendar_file.invitation(engagement, link=LINK, is_cancelled=state == states.SCHEDULED)
    )
    assert (head["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", "3")
    assert LINK not in event["DESCRIPTION"]
    whose = "Your registration" if state == states.SCHEDULED else "This engagement"
    assert event["DESCRIPTION"].startswith(f"{whose} is cancelled.")


def test_a_feed_holds_all_and_says_when_to_come_again() -> None:
    on = make("On", changed_at=NOW - timedelta(days=2))
    off = factories.make_engagement("off", title="Off", state=states.CANCELLED)
    head, events = ical.read(calendar_file.feed([on, off], name="All, of; them\r\nX:y"))
    assert head == {
        "VERSION": "2.0",
        "PRODID": "-//Openfloor//Engagements//EN",
        "NAME": "All\\, of\\; them X:y",
        "X-WR-CALNAME": "All\\, of\\; them X:y",
        "REFRESH-INTERVAL": ";VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL": "PT1H",
    }
    assert [(event["SUMMARY"], event["STATUS"], event["CLASS"]) for event in events] == [
        ("On", "CONFIRMED", "PUBLIC"),
        ("Off", "CANCELLED", "PUBLIC"),
    ]
    assert events[0]["DTSTAMP"] == events[0]["LAST-MODIFIED"] == "20210329T180000Z"


def test_an_empty_feed_is_a_calendar() -> None:
    head, events = ical.read(calendar_file.feed([], name="Nothing"))
    assert (head["X-WR-CALNAME"], events) == ("Nothing", [])


def test_the_same_rows_make_the_same_feed() -> None:
    engagement = make()
    first = calendar_file.feed([engagement], name="All")
    with clock.set_to(NOW + timedelta(days=1)):
        assert calendar_file.feed([engagement], name="All") == first


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_words(text: str) -> None:
    Office.objects.update(name=text.replace("\x00", "").replace("\ud800", ""))
    engagement = make()
    engagement.title = text
    engagement.series = Series(name=text)
    for file in (
        calendar_file.invitation(engagement, link=LINK),
        calendar_file.feed([engagement], name=text),
    ):
        _head, [event] = ical.read(file)
        assert event["UID"] == "engagement-k7m2q4@openfloor"
        [parsed] = [ical.event_of(file)]
        assert str(parsed["summary"]) == clean_line(f"{text}: {text}")
        assert len(parsed["organizer"].params) == 1


@examples(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(title=st.text(min_size=1, max_size=200), name=st.text(min_size=1, max_size=120))
def test_any_words_make_a_file_that_two_parsers_read(title: str, name: str) -> None:
    engagement = Engagement(
        slug="any", title=title, code="any", starts_at=START, ends_at=START + timedelta(hours=1)
    )
    ical.read(calendar_file.feed([engagement], name=name))


@pytest.mark.parametrize("year", [1990, 2000, 2038, 2100])
def test_times_are_right_in_any_year_and_zone(year: int) -> None:
    start = datetime(year, 2, 28, 23, 30, tzinfo=UTC)
    engagement = make(starts_at=start, ends_at=start + timedelta(hours=2), time_zone="Asia/Tokyo")
    event = ical.event_of(calendar_file.invitation(engagement, link=LINK))
    assert (event.start, event.end) == (start, start + timedelta(hours=2))


def test_the_words_are_in_the_language_of_the_reader() -> None:
    with override("es"):
        ical.read(calendar_file.invitation(make(), link=LINK))
