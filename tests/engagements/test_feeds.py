from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements import clock, states
from engagements.actions import running
from engagements.files.text import clean_line
from engagements.models import Engagement, Office, Series
from tests import factories
from tests.engagements import ical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from engagements.models import User

pytestmark = pytest.mark.django_db

START = factories.START
NOW = START - timedelta(days=14)
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "{{7*7}}",
    "]]><script>alert(1)</script>",
    "&amp; & \x00\x0b\ud800",
    "One\r\nATTENDEE:mailto:all@example.org",
]


@pytest.fixture(autouse=True)
def _two_weeks_before() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


def atom(response: Response) -> Any:
    return ET.fromstring(response.content)


def entries(response: Response) -> list[Any]:
    return list(atom(response).findall(f"{ATOM}entry"))


def child(element: Any, name: str) -> str:
    return str(element.findtext(f"{ATOM}{name}"))


def test_the_file_of_an_engagement(client: Client, engagement: Engagement) -> None:
    response = client.get(reverse("engagement-calendar", args=[engagement.slug]))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'inline; filename="contact-center.ics"'
    assert response["Cache-Control"] == "no-cache"
    head, [event] = ical.read(response.content.decode())
    assert (head["METHOD"], event["UID"]) == ("PUBLISH", engagement.calendar_uid)
    assert urljoin(settings.PUBLIC_URL, engagement.get_absolute_url()) in event["DESCRIPTION"]


def test_the_file_follows_a_move_and_a_cancellation(
    client: Client, engagement: Engagement, cora: User
) -> None:
    address = reverse("engagement-calendar", args=[engagement.slug])
    seen = []
    for change in (
        lambda: None,
        lambda: running.edit(
            engagement,
            by=cora,
            starts_at=START + timedelta(days=1),
            ends_at=START + timedelta(days=1, hours=1),
        ),
        lambda: running.cancel(engagement, by=cora),
    ):
        change()
        head, [event] = ical.read(client.get(address).content.decode())
        seen.append((head["METHOD"], event["STATUS"], event["SEQUENCE"], event["DTSTART"]))
    assert seen == [
        ("PUBLISH", "CONFIRMED", "0", "20210414T180000Z"),
        ("PUBLISH", "CONFIRMED", "1", "20210415T180000Z"),
        ("CANCEL", "CANCELLED", "2", "20210415T180000Z"),
    ]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 200),
        ({"state": states.ENDED}, 200),
        ({"state": states.CANCELLED}, 200),
        ({"state": states.CANCELLED, "scheduled_at": None}, 404),
        ({"state": states.DRAFT}, 404),
        ({"is_rehearsal": True}, 404),
    ],
)
def test_what_is_not_public_is_in_no_file_and_no_feed(
    client: Client, engagement: Engagement, fields: dict[str, Any], status: int
) -> None:
    Engagement.objects.update(**fields)
    response = client.get(reverse("engagement-calendar", args=[engagement.slug]))
    assert response.status_code == status
    _head, events = ical.read(client.get(reverse("calendar-feed")).content.decode())
    news = entries(client.get(reverse("news-feed")))
    assert len(events) == len(news) == (status == 200)


def test_the_calendar_feed_holds_the_past_year_and_all_ahead(client: Client) -> None:
    def make(slug: str, days: int, **fields: Any) -> None:
        start = NOW + timedelta(days=days)
        factories.make_engagement(
            slug, title=slug, starts_at=start, ends_at=start + timedelta(hours=1), **fields
        )

    make("long-ago", -367, state=states.ARCHIVED)
    make("last-year", -365, state=states.ARCHIVED)
    make("off", 3, state=states.CANCELLED)
    make("live", 0, state=states.LIVE)
    make("far-ahead", 9000)
    _head, events = ical.read(client.get(reverse("calendar-feed")).content.decode())
    assert [(event["SUMMARY"], event["STATUS"]) for event in events] == [
        ("last-year", "CONFIRMED"),
        ("live", "CONFIRMED"),
        ("off", "CANCELLED"),
        ("far-ahead", "CONFIRMED"),
    ]


@pytest.mark.parametrize("name", ["calendar-feed", "news-feed"])
def test_a_feed_is_fetched_again_only_when_it_changed(
    client: Client, engagement: Engagement, cora: User, name: str
) -> None:
    first = client.get(reverse(name))
    assert first["Cache-Control"] == "public, max-age=900"
    assert "Cookie" not in first.get("Vary", "")
    by_mark = {"If-None-Match": first["ETag"]}
    by_time = {"If-Modified-Since": first["Last-Modified"]}
    for known in (by_mark, by_time):
        again = client.get(reverse(name), headers=known)
        assert (again.status_code, again.content) == (304, b"")
    with clock.set_to(NOW + timedelta(days=40)):
        running.edit(engagement, by=cora, title="Another title")
    for known in (by_mark, by_time):
        changed = client.get(reverse(name), headers=known)
        assert (changed.status_code, b"Another title" in changed.content) == (200, True)
    Office.objects.update(name="Another Office", short_name="AO")
    known = {"If-None-Match": changed["ETag"]}
    assert client.get(reverse(name), headers=known).status_code == 200


def test_empty_feeds_are_feeds(client: Client) -> None:
    assert ical.read(client.get(reverse("calendar-feed")).content.decode())[1] == []
    response = client.get(reverse("news-feed"))
    assert response["Content-Type"].startswith("application/atom+xml")
    assert (entries(response), child(atom(response), "id")) == (
        [],
        urljoin(settings.PUBLIC_URL, "/feed.atom"),
    )


def test_the_news_tell_what_changed_last_first(client: Client) -> None:
    series = Series.objects.create(name="A series")
    old = factories.make_engagement("old", title="Old", changed_at=NOW - timedelta(days=2))
    new = factories.make_engagement(
        "new",
        title="New",
        series=series,
        changed_at=NOW - timedelta(days=1),
        description="First <b>line</b>.\n\nSecond.",
    )
    response = client.get(reverse("news-feed"))
    feed = atom(response)
    assert child(feed, "title") == f"Public engagements: {Office.current().short_name}"
    assert child(feed, "updated") == "2021-03-30T18:00:00+00:00"
    assert child(feed.find(f"{ATOM}author"), "name") == Office.current().name
    first, second = entries(response)
    assert (child(first, "title"), child(second, "title")) == ("A series: New", "Old")
    assert child(first, "id") == uuid.uuid5(uuid.NAMESPACE_URL, new.calendar_uid).urn
    assert child(first, "updated") == "2021-03-30T18:00:00+00:00"
    assert child(first, "published") == "2021-03-15T18:00:00+00:00"
    assert first.find(f"{ATOM}link").attrib["href"] == urljoin(
        settings.PUBLIC_URL, new.get_absolute_url()
    )
    assert child(first, "summary") == (
        "<p>Wednesday, April 14, 2021, 2 to 3 p.m. EDT</p>"
        "<p>First &lt;b&gt;line&lt;/b&gt;.</p><p>Second.</p>"
    )
    ids = {child(entry, "id") for entry in (first, second)}
    Engagement.objects.filter(pk=old.pk).update(
        state=states.CANCELLED, changed_at=NOW, slug="moved", title="Renamed"
    )
    again = entries(client.get(reverse("news-feed")))
    assert child(again[0], "title") == "Cancelled: Renamed"
    assert {child(entry, "id") for entry in again} == ids


def test_the_news_are_bounded(client: Client) -> None:
    for number in range(52):
        factories.make_engagement(
            f"number-{number}",
            title=f"Number {number}",
            changed_at=NOW - timedelta(days=1, minutes=number),
        )
    found = entries(client.get(reverse("news-feed")))
    assert (len(found), child(found[-1], "title")) == (50, "Number 49")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_words_in_feeds(client: Client, text: str) -> None:
    kept = text.replace("\x00", "").replace("\ud800", "")
    Office.objects.update(name=kept, short_name=kept)
    factories.make_engagement(title=kept, description=kept, series=Series.objects.create(name=kept))
    response = client.get(reverse("news-feed"))
    [entry] = entries(response)
    assert child(entry, "title") == clean_line(f"{kept}: {kept}")
    assert "<img" not in child(entry, "summary")
    assert "<script" not in child(entry, "summary")
    for name in ("calendar-feed", "engagement-calendar"):
        at = ["contact-center"] if name == "engagement-calendar" else []
        assert len(ical.read(client.get(reverse(name, args=at)).content.decode())[1]) == 1


@pytest.mark.parametrize("name", ["calendar-feed", "news-feed"])
def test_a_feed_asks_as_much_for_three_as_for_one(client: Client, name: str) -> None:
    counts = []
    for number in range(3):
        series = Series.objects.create(name=f"Series {number}")
        factories.make_engagement(f"number-{number}", series=series)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(name))
        counts.append(len(queries))
    assert counts == [counts[0]] * 3
    assert counts[0] < 10


def test_the_host_of_a_request_is_in_no_feed(client: Client, engagement: Engagement) -> None:
    for address in (
        reverse("calendar-feed"),
        reverse("news-feed"),
        reverse("engagement-calendar", args=[engagement.slug]),
    ):
        response = client.get(address, HTTP_HOST="localhost")
        assert (response.status_code, b"://localhost/" in response.content) == (
            200,
            "://localhost/" in settings.PUBLIC_URL + "/",
        )


def test_pages_name_their_feeds(client: Client, engagement: Engagement) -> None:
    for address in ("/", engagement.get_absolute_url()):
        head = client.get(address).content.decode().partition("</head>")[0]
        assert 'type="application/atom+xml"' in head
        assert f'href="{reverse("calendar-feed")}"' in head
    assert f'href="{reverse("engagement-calendar", args=[engagement.slug])}"' in head
