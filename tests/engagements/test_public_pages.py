from __future__ import annotations

import html
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements import access, clock, states
from engagements.actions import running
from engagements.actions.running import SpeakerEntry
from engagements.models import Engagement, Notice, OutgoingMail, Registration
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from engagements.models import User

pytestmark = pytest.mark.django_db

START = factories.START
HOSTILE = ["<img src=x onerror=alert(1)>", "{{7*7}}", "{% debug %}", '"><script>alert(1)</script>']


@pytest.fixture(autouse=True)
def _before_the_start() -> Any:
    with clock.set_to(START - timedelta(days=14)):
        yield


def page(response: Response) -> str:
    return response.content.decode()


def send(client: Client, engagement: Engagement, **changes: Any) -> Response:
    values = {
        "name": "Ana",
        "email": "ana@example.org",
        "organization": "",
        "category": "attorney",
        "consent": "on",
    }
    return client.post(reverse("register", args=[engagement.slug]), values | changes)


def test_the_calendar_shows_what_is_live_ahead_and_past(
    client: Client, engagement: Engagement, live_engagement: Engagement
) -> None:
    factories.make_engagement("over", title="An old one", state=states.ENDED)
    factories.make_engagement("secret", title="A draft", state=states.DRAFT)
    text = page(client.get("/"))
    for title in ("A live session", "The USCIS Contact Center", "An old one"):
        assert title in text
    assert "A draft" not in text
    assert (
        '<time datetime="2021-04-14T14:00-04:00">Wednesday, April 14, 2021, 2 to 3 p.m. EDT</time>'
        in text
    )
    assert text.count(reverse("register", args=["contact-center"])) == 1
    assert reverse("register", args=["over"]) not in text


def test_an_empty_calendar_says_so(client: Client) -> None:
    assert "Nothing is scheduled at the moment." in page(client.get("/"))


def test_the_calendar_asks_as_much_for_three_as_for_one(client: Client) -> None:
    counts = []
    for number in range(3):
        for state in (states.LIVE, states.SCHEDULED, states.ENDED):
            factories.make_engagement(f"{state}-{number}", state=state)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/")
        counts.append(len(queries))
    assert counts == [counts[0]] * 3


def test_past_engagements_are_paged(client: Client) -> None:
    for number in range(13):
        factories.make_engagement(f"past-{number}", title=f"Past {number}.", state=states.ENDED)
    assert page(client.get("/")).count('class="event is-past"') == 12
    assert page(client.get("/?page=2")).count('class="event is-past"') == 1
    for strange in ("0", "99", "x", "\x00", "9" * 400):
        assert client.get("/", {"page": strange}).status_code == 200


def test_the_page_of_an_engagement(client: Client, engagement: Engagement, cora: User) -> None:
    running.edit(
        engagement,
        by=cora,
        series="A series",
        description="First <b>line</b>.\n\nSecond.",
        speakers=[SpeakerEntry("Zoe", "Chief", "USCIS"), SpeakerEntry("Abe")],
    )
    text = page(client.get(reverse("engagement", args=[engagement.slug])))
    assert "<h1>The USCIS Contact Center</h1>" in text
    assert "Webinar · A series" in text
    assert "<p>First &lt;b&gt;line&lt;/b&gt;.</p>" in text
    assert text.index("<strong>Zoe</strong><span>Chief, USCIS</span>") < text.index("Abe")
    assert reverse("register", args=[engagement.slug]) in text
    assert reverse("room", args=[engagement.slug]) not in text


@pytest.mark.parametrize(
    ("state", "opens", "says"),
    [
        (states.SCHEDULED, True, "Register"),
        (states.LIVE, True, "Register"),
        (states.ENDED, False, "This engagement is over."),
        (states.ARCHIVED, False, "This engagement is over."),
        (states.CANCELLED, False, "This engagement is cancelled"),
    ],
)
def test_registration_is_offered_while_it_is_open(
    client: Client, engagement: Engagement, state: str, opens: bool, says: str
) -> None:
    Engagement.objects.update(state=state)
    text = page(client.get(reverse("engagement", args=[engagement.slug])))
    assert (reverse("register", args=[engagement.slug]) in text, says in text) == (opens, True)
    form = page(client.get(reverse("register", args=[engagement.slug])))
    assert ('name="email"' in form, "Registration is closed" in form) == (opens, not opens)


def test_who_works_on_a_draft_sees_its_page_in_advance(
    engagement: Engagement, edna: User, ada: User, sign_in: Callable[[User], Client]
) -> None:
    Engagement.objects.update(state=states.DRAFT)
    for user in (edna, ada):
        response = sign_in(user).get(reverse("engagement", args=[engagement.slug]))
        assert "This is a draft" in page(response)
        assert '<meta name="robots" content="noindex">' in page(response)


def test_registering_leads_to_the_mail(client: Client, engagement: Engagement) -> None:
    form = page(client.get(reverse("register", args=[engagement.slug])))
    assert html.escape(Notice.of_office().privacy) in form
    assert "Employer" in form
    assert "Not stated" not in form
    response = send(client, engagement, organization="Law Office")
    assert response["Location"] == reverse("registered", args=[engagement.slug])
    assert "Check your mail" in page(client.get(response["Location"]))
    registration = Registration.objects.get()
    assert (registration.engagement, registration.organization) == (engagement, "Law Office")


def test_a_second_registration_is_answered_exactly_like_the_first(
    engagement: Engagement,
) -> None:
    answers = []
    for email in ("ana@example.org", " ANA@example.ORG"):
        client = Client()
        response = send(client, engagement, email=email, name=email.strip())
        followed = client.get(response["Location"])
        answers.append(
            (response.status_code, response["Location"], response.content, page(followed))
        )
        assert "ana@example.org" not in page(followed).lower()
    assert answers[0] == answers[1]
    assert Registration.objects.get().name == "ana@example.org"
    assert OutgoingMail.objects.count() == 2


def test_fields_that_nobody_asked_for_are_ignored(
    client: Client, engagement: Engagement, live_engagement: Engagement
) -> None:
    send(
        client,
        engagement,
        is_staff="1",
        attended="1",
        counted="test",
        engagement_id=live_engagement.pk,
        removed_at="2021-01-01",
    )
    registration = Registration.objects.get()
    assert (registration.engagement, registration.counted, registration.removed_at) == (
        engagement,
        "counted",
        None,
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "Ana\r\nBcc: all@example.org"},
        {"name": "Ana\x0b"},
        {"name": "Ana\x00"},
        {"email": "ana"},
        {"email": "ana@example.org\nBcc: all@example.org"},
        {"category": ""},
        {"category": "king"},
        {"category": ["attorney", "employer"]},
        {"consent": ""},
        {"leave_empty": "spam"},
        {"organization": "x" * 201},
    ],
)
def test_bad_input_is_told_in_words_and_nothing_is_lost(
    client: Client, engagement: Engagement, changes: dict[str, Any]
) -> None:
    kept = {"name": "Ana Kept", "email": "kept@example.org", "organization": "Kept Inc."}
    response = send(client, engagement, **(kept | changes))
    assert response.status_code == 400
    assert "Please check this form" in page(response)
    for name, value in kept.items():
        if name not in changes:
            assert f'value="{value}"' in page(response)
    assert (Registration.objects.count(), OutgoingMail.objects.count()) == (0, 0)


def test_a_registration_that_comes_too_late_is_told(client: Client, engagement: Engagement) -> None:
    Engagement.objects.update(state=states.ENDED)
    response = send(client, engagement)
    assert (response.status_code, Registration.objects.count()) == (409, 0)
    assert "Registration is closed" in page(response)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_literal_on_every_page(
    client: Client,
    engagement: Engagement,
    cora: User,
    sign_in: Callable[[User], Client],
    text: str,
) -> None:
    running.edit(
        engagement,
        by=cora,
        title=text,
        series=text,
        description=text,
        speakers=[SpeakerEntry(text, text, text)],
    )
    send(client, engagement, name=text, organization=text)
    refused = send(client, engagement, name=text, email=text)
    office = sign_in(cora)
    pages = [
        page(client.get("/")),
        page(client.get(reverse("engagement", args=[engagement.slug]))),
        page(client.get(reverse("registered", args=[engagement.slug]))),
        page(refused),
        *(
            page(office.get(reverse(name, args=[engagement.slug])))
            for name in ("engagement-office", "engagement-edit", "registrants", "members")
        ),
        page(office.get(reverse("office"))),
        page(office.get(reverse("outbox"))),
        page(office.get(reverse("outbox-mail", args=[OutgoingMail.objects.get().pk]))),
    ]
    for shown in pages:
        assert html.escape(text) in shown
        assert "<img src=x" not in shown
        assert "<script>" not in shown


def test_a_personal_link_is_exchanged_for_the_session(
    client: Client, live_engagement: Engagement, ana: Registration
) -> None:
    response = client.get(reverse("join", args=[ana.token()]))
    assert (response.status_code, response["Location"]) == (
        302,
        reverse("room", args=[live_engagement.slug]),
    )
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert client.session[access.SESSION_KEY] == {str(live_engagement.pk): ana.pk}
    text = page(client.get(reverse("engagement", args=[live_engagement.slug])))
    assert "Enter the room" in text
    assert ana.token() not in text
    assert reverse("room", args=[live_engagement.slug]) in page(client.get("/"))
    assert reverse("room", args=[live_engagement.slug]) not in page(Client().get("/"))


@pytest.mark.parametrize("link", ["join", "late-link", "survey-link"])
def test_a_session_known_before_the_link_is_given_up(
    client: Client, live_engagement: Engagement, ana: Registration, link: str
) -> None:
    client.session.save()
    planted = client.session.session_key
    response = client.get(reverse(link, args=[ana.token()]))
    assert client.session.session_key != planted
    assert client.session[access.SESSION_KEY] == {str(live_engagement.pk): ana.pk}
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]


def test_one_browser_may_hold_links_of_two_engagements(
    client: Client, engagement: Engagement, live_engagement: Engagement, ana: Registration
) -> None:
    other = factories.make_registration(engagement, "Ana")
    for registration in (ana, other):
        client.get(reverse("join", args=[registration.token()]))
    assert client.session[access.SESSION_KEY] == {
        str(live_engagement.pk): ana.pk,
        str(engagement.pk): other.pk,
    }


def test_a_removed_registration_still_reaches_the_room_page(
    client: Client, ana: Registration
) -> None:
    Registration.objects.update(removed_at=START)
    assert client.get(reverse("join", args=[ana.token()])).status_code == 302


def test_an_edited_or_foreign_token_is_told_in_a_sentence(
    client: Client, ana: Registration
) -> None:
    token = ana.token()
    other = "0" if token[0] != "0" else "1"
    for wrong in (
        other + token[1:],
        token[:-1],
        token + "x",
        token.replace(".", ":"),
        token.partition(".")[0],
        "x",
        "é\u202e",
        "%00",
        "a" * 5000,
    ):
        response = client.get(reverse("join", args=[wrong]))
        assert response.status_code == 404
        assert "This link does not work" in page(response)
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "no-referrer"
    assert access.SESSION_KEY not in client.session
