from __future__ import annotations

import html
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from engagements import clock, states
from engagements.files import qr
from engagements.models import Engagement, Registration, Series
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from engagements.models import User

pytestmark = pytest.mark.django_db

START = factories.START
NOW = START - timedelta(days=14)
State = Registration.State
HOSTILE = ["<img src=x onerror=alert(1)>", "{{7*7}}", "{% debug %}", '"><script>alert(1)</script>']
SVG = "{http://www.w3.org/2000/svg}"


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


# The short address


def test_the_short_address_leads_to_the_engagement(client: Client) -> None:
    engagement = make("one", START, code="k7m2q4")
    assert client.get("/e/k7m2q4")["Location"] == reverse("short", args=["k7m2q4"])
    for code in ("k7m2q4", "K7M2Q4", "k7M2q4"):
        response = client.get(reverse("short", args=[code]))
        assert (response.status_code, response["Location"]) == (302, engagement.get_absolute_url())
        assert "no-store" in response["Cache-Control"]


def test_it_leads_whoever_is_registered_into_the_live_room(
    client: Client, live_engagement: Engagement, ana: Registration
) -> None:
    address = reverse("short", args=[live_engagement.code])
    room = reverse("room", args=[live_engagement.slug])
    assert client.get(address)["Location"] == live_engagement.get_absolute_url()
    client.get(reverse("join", args=[ana.token()]))
    assert client.get(address)["Location"] == room
    Registration.objects.update(removed_at=NOW)
    assert client.get(address)["Location"] == live_engagement.get_absolute_url()
    Registration.objects.update(removed_at=None)
    Engagement.objects.update(state=states.SCHEDULED)
    assert client.get(address)["Location"] == live_engagement.get_absolute_url()


@pytest.mark.parametrize(
    "fields",
    [
        {"state": states.DRAFT},
        {"is_rehearsal": True},
        {"state": states.CANCELLED, "scheduled_at": None},
    ],
)
def test_a_draft_answers_like_a_code_never_given(
    cora: User, engagement: Engagement, sign_in: Callable[[User], Client], fields: dict[str, Any]
) -> None:
    client = sign_in(cora)
    assert client.get(reverse("short", args=[engagement.code])).status_code == 302
    Engagement.objects.update(**fields)
    answers = [
        client.get(reverse("short", args=[code]))
        for code in (engagement.code, "zzzzzz", "é\u202e", "%00", "a" * 5000)
    ]
    assert {answer.status_code for answer in answers} == {404}
    # Signed in, the page carries a token that is another one each time.
    public = [Client().get(reverse("short", args=[code])) for code in (engagement.code, "zzzzzz")]
    assert public[0].content == public[1].content


# QR codes and the sheet


def test_the_code_is_one_drawing_with_a_name() -> None:
    drawing = qr.svg("https://ask.example/e/k7m2q4/", title="A <b>name</b> & \"more\" 'x'")
    [title, *paths] = list(ET.fromstring(drawing))
    assert (title.tag, title.text) == ("title", "A <b>name</b> & \"more\" 'x'")
    assert [path.tag for path in paths] == ["path", "path"]
    assert 'role="img"' in drawing
    assert "<b>" not in drawing
    assert drawing == qr.svg("https://ask.example/e/k7m2q4/", title="A <b>name</b> & \"more\" 'x'")


def test_the_code_is_taken_away_as_a_file(client: Client, engagement: Engagement) -> None:
    drawing = client.get(reverse("qr-svg", args=[engagement.slug]))
    assert drawing["Content-Disposition"] == 'attachment; filename="contact-center-qr.svg"'
    assert drawing["Content-Type"] == "image/svg+xml"
    root = ET.fromstring(drawing.content)
    address = urljoin(settings.PUBLIC_URL, f"/e/{engagement.code}").partition("://")[2]
    assert root.findtext(f"{SVG}title") == f"QR code of {address}"
    picture = client.get(reverse("qr-png", args=[engagement.slug]))
    assert picture.content.startswith(b"\x89PNG\r\n")
    assert picture["Content-Type"] == "image/png"


def test_the_sheet_says_all_that_is_needed_to_take_part(
    client: Client, engagement: Engagement
) -> None:
    Engagement.objects.update(accommodations_until=START - timedelta(days=3))
    text = page(client.get(reverse("sheet", args=[engagement.slug])))
    address = urljoin(settings.PUBLIC_URL, f"/e/{engagement.code}").partition("://")[2]
    for said in (
        "The USCIS Contact Center",
        "Wednesday, April 14, 2021, 2 to 3 p.m. EDT",
        f'<strong class="address">{address}</strong>',
        f"<title>QR code of {address}</title>",
        "You need no account.",
        "Without the web",
        "Please ask by",
        "April 11, 2021, 2 p.m. EDT",
        "Please do not share personal information",
    ):
        assert said in text
    Engagement.objects.update(invitation_only=True)
    text = page(client.get(reverse("sheet", args=[engagement.slug])))
    assert "Only for people whom the office has invited" in text
    Engagement.objects.update(state=states.CANCELLED)
    text = page(client.get(reverse("sheet", args=[engagement.slug])))
    assert "Cancelled. It does not take place." in text
    assert ("You need no account." in text, "/e/" in text) == (False, False)


@pytest.mark.parametrize("name", ["sheet", "qr-svg", "qr-png"])
def test_who_works_on_a_draft_prints_in_advance(
    client: Client,
    engagement: Engagement,
    edna: User,
    sign_in: Callable[[User], Client],
    name: str,
) -> None:
    Engagement.objects.update(state=states.DRAFT)
    address = reverse(name, args=[engagement.slug])
    assert client.get(address).status_code == 404
    assert sign_in(edna).get(address).status_code == 200
    Engagement.objects.update(is_rehearsal=True)
    assert sign_in(edna).get(address).status_code == 404


def test_the_office_finds_address_code_and_sheet_with_the_engagement(
    engagement: Engagement, cora: User, sign_in: Callable[[User], Client]
) -> None:
    text = page(sign_in(cora).get(reverse("engagement-office", args=[engagement.slug])))
    for name in ("sheet", "qr-svg", "qr-png", "engagement-calendar"):
        assert reverse(name, args=[engagement.slug]) in text
    assert f"/e/{engagement.code}</strong>" in text
    Engagement.objects.update(state=states.DRAFT)
    text = page(sign_in(cora).get(reverse("engagement-office", args=[engagement.slug])))
    assert "It leads nowhere until the engagement is scheduled." in text
    assert reverse("engagement-calendar", args=[engagement.slug]) not in text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_literal(client: Client, text: str) -> None:
    for number in range(2):
        make(
            f"n-{number}", START, title=text, series=Series.objects.create(name=text + str(number))
        )
    for address in ("/", reverse("month", args=[2021, 4]), reverse("sheet", args=["n-1"])):
        shown = page(client.get(address))
        assert html.escape(text) in shown
        assert "<img src=x" not in shown
        assert "<script>" not in shown


# How registration stands


LATER, EARLIER = NOW + timedelta(days=1), NOW - timedelta(days=1)


@pytest.mark.parametrize(
    ("fields", "says", "opens"),
    [
        ({}, "Open to everybody.", True),
        ({"capacity": 3}, "Open. There are seats left.", True),
        ({"capacity": 1}, "All seats are taken. You can put yourself on the waitlist.", True),
        ({"registration_closes_at": LATER}, "It closes on", True),
        ({"registration_closes_at": NOW}, "It closed on", False),
        ({"registration_opens_at": NOW}, "Open to everybody.", True),
        ({"registration_opens_at": LATER}, "It opens on", False),
        ({"registration_opens_at": EARLIER, "state": states.LIVE}, "Open to everybody.", True),
        ({"invitation_only": True}, "By invitation only.", False),
        ({"state": states.ENDED}, "Closed: this engagement is over.", False),
        ({"state": states.CANCELLED}, "Closed: this engagement is cancelled.", False),
    ],
)
def test_the_page_says_how_registration_stands(
    client: Client, engagement: Engagement, fields: dict[str, Any], says: str, opens: bool
) -> None:
    factories.make_registration(engagement)
    Engagement.objects.update(**fields)
    register = reverse("register", args=[engagement.slug])
    text = page(client.get(engagement.get_absolute_url()))
    assert (says in text, register in text) == (True, opens)
    assert (register in page(client.get("/"))) == opens


def test_who_is_registered_is_led_on_and_who_waits_sees_the_registration(
    client: Client, engagement: Engagement
) -> None:
    registration = factories.make_registration(engagement)
    client.get(reverse("join", args=[registration.token()]))
    ways = [
        reverse(name, args=[engagement.slug]) for name in ("room", "own-registration", "register")
    ]
    found = {}
    for state in (State.REGISTERED, State.WAITLISTED, State.UNCONFIRMED, State.CANCELLED):
        Registration.objects.update(state=state)
        home, own = page(client.get("/")), page(client.get(engagement.get_absolute_url()))
        found[state] = tuple((way in home, way in own) for way in ways)
    yes, no = (True, True), (False, False)
    assert found == {
        State.REGISTERED: (yes, (False, True), no),
        State.WAITLISTED: (no, yes, no),
        State.UNCONFIRMED: (no, yes, no),
        State.CANCELLED: (no, no, yes),
    }


def test_what_is_past_is_no_longer_put_into_calendars(
    client: Client, engagement: Engagement
) -> None:
    file = f'href="{reverse("engagement-calendar", args=[engagement.slug])}">'
    for state, says in (
        (states.SCHEDULED, "Add to your calendar"),
        (states.LIVE, "Add to your calendar"),
        (states.CANCELLED, "Take it out of your calendar"),
    ):
        Engagement.objects.update(state=state)
        assert f"{file}{says}" in page(client.get(engagement.get_absolute_url()))
    Engagement.objects.update(state=states.ENDED)
    assert f"{file}Add" not in page(client.get(engagement.get_absolute_url()))


def test_the_calendar_says_how_to_follow_it(client: Client) -> None:
    address = urljoin(settings.PUBLIC_URL, "/calendar.ics")
    for path in ("/", reverse("month", args=[2021, 4])):
        text = page(client.get(path))
        assert f'href="webcal://{address.partition("://")[2]}"' in text
        assert f'<span class="address">{address}</span>' in text
        assert f'href="{reverse("news-feed")}"' in text
