"""The personal link, and what its owner sees and does on the page of the own registration."""

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
from engagements.actions import registering
from engagements.models import (
    Accommodation,
    Attendance,
    Engagement,
    OutgoingMail,
    Registration,
    RegistrationQuestion,
)
from tests import factories

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db

START = factories.START
HOSTILE = ["<img src=x onerror=alert(1)>", "{{7*7}}", "{% debug %}", '"><script>alert(1)</script>']
ADDRESSES = ["=1+1@b.org", '"<script>alert(1)</script>"@b.org']


@pytest.fixture(autouse=True)
def _before_the_start() -> Any:
    with clock.set_to(START - timedelta(days=14)):
        yield


@pytest.fixture
def own(engagement: Engagement) -> Registration:
    return factories.make_registration(engagement, "Ana", organization="Law Office")


@pytest.fixture
def page_address(engagement: Engagement) -> str:
    return reverse("own-registration", args=[engagement.slug])


@pytest.fixture
def holder(client: Client, own: Registration) -> Client:
    """The browser in which the link was opened."""
    client.get(reverse("join", args=[own.token()]))
    return client


def page(response: Response) -> str:
    return response.content.decode()


def typed(**changes: Any) -> dict[str, Any]:
    return {"name": "Anna", "organization": "", "category": "employer"} | changes


def do(client: Client, engagement: Engagement, what: str) -> Response:
    return client.post(reverse(f"own-registration-{what}", args=[engagement.slug]))


@pytest.mark.parametrize(
    ("fields", "leads"),
    [
        ({}, "room"),
        ({"state": "waitlisted", "waitlisted_at": START}, "own-registration"),
        ({"state": "unconfirmed"}, "own-registration"),
        ({"state": "cancelled"}, "own-registration"),
        ({"removed_at": START}, "own-registration"),
    ],
)
@pytest.mark.parametrize("link", ["join", "confirm-address"])
def test_the_link_leads_where_something_can_be_done(
    client: Client, engagement: Engagement, fields: dict[str, Any], leads: str, link: str
) -> None:
    own = factories.make_registration(engagement, "Ana", **fields)
    response = client.get(reverse(link, args=[own.token()]))
    assert (response.status_code, response["Location"]) == (
        302,
        reverse(leads, args=[engagement.slug]),
    )
    assert (response["Referrer-Policy"], "no-store" in response["Cache-Control"]) == (
        "no-referrer",
        True,
    )
    landed = client.get(response["Location"])
    assert (landed.status_code, own.token() in page(landed)) == (200, False)
    assert (
        reverse("own-registration", args=[engagement.slug]) in page(landed) + response["Location"]
    )


def test_a_link_that_a_mail_scanner_opens_confirms_nothing(
    client: Client, engagement: Engagement
) -> None:
    own = factories.make_registration(engagement, "Ana", state=Registration.State.UNCONFIRMED)
    shown = client.get(reverse("confirm-address", args=[own.token()]), follow=True)
    own.refresh_from_db()
    assert (own.state, "Please confirm your address" in page(shown)) == ("unconfirmed", True)
    assert do(client, engagement, "confirm")["Location"] == reverse(
        "own-registration", args=[engagement.slug]
    )
    own.refresh_from_db()
    assert own.state == "registered"


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_the_link_there_is_no_such_page(
    own: Registration, live_engagement: Engagement, page_address: str, method: str
) -> None:
    stranger, elsewhere = Client(), Client()
    other = factories.make_registration(live_engagement, "Ben")
    elsewhere.get(reverse("join", args=[other.token()]))
    for client in (stranger, elsewhere):
        assert getattr(client, method)(page_address, typed()).status_code == 404
        for what in ("confirm", "cancel", "delete"):
            assert do(client, own.engagement, what).status_code == 404
    own.refresh_from_db()
    assert (own.name, own.state) == ("Ana", "registered")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "You are registered"),
        ({"state": "waitlisted", "waitlisted_at": START}, "You are number 2 on the waitlist"),
        ({"state": "unconfirmed"}, "Please confirm your address"),
        ({"state": "cancelled"}, "Your registration is cancelled"),
        ({"removed_at": START}, "The room is closed for you"),
        ({"name": ""}, "Your data are deleted"),
    ],
)
def test_the_page_says_how_it_stands(
    holder: Client,
    own: Registration,
    engagement: Engagement,
    page_address: str,
    fields: dict[str, Any],
    says: str,
) -> None:
    before = START - timedelta(days=1)
    factories.make_registration(engagement, state="waitlisted", waitlisted_at=before)
    Registration.objects.filter(pk=own.pk).update(**fields)
    text = page(holder.get(page_address))
    assert says in text
    may_change = "removed_at" not in fields and fields.get("state") != "cancelled"
    assert ("Cancel my registration" in text) == may_change


def test_what_is_typed_is_saved(
    holder: Client, own: Registration, engagement: Engagement, page_address: str
) -> None:
    question = RegistrationQuestion.objects.create(engagement=engagement, label="Why?")
    answer = {f"question-{question.pk}": "Because."}
    response = holder.post(page_address, typed(needs=["captions"], **answer))
    assert response["Location"] == page_address
    own.refresh_from_db()
    assert (own.name, own.organization, own.category.key) == ("Anna", "", "employer")
    assert own.answers.get().values == ["Because."]
    assert Accommodation.objects.get().kind == "captions"
    shown = page(holder.get(page_address))
    for text in ("Your registration is saved.", 'value="Anna"', "Because.", "Requested"):
        assert text in shown


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"name": ""}, 400),
        ({"category": "king"}, 400),
        ({"category": ["attorney", "employer"]}, 400),
        ({"needs": ["other"]}, 400),
    ],
)
def test_bad_input_is_told_and_kept(
    holder: Client, own: Registration, page_address: str, changes: dict[str, Any], status: int
) -> None:
    response = holder.post(page_address, typed(organization="Kept Inc.") | changes)
    assert (response.status_code, 'value="Kept Inc."' in page(response)) == (status, True)
    own.refresh_from_db()
    assert (own.name, own.organization) == ("Ana", "Law Office")


def test_fields_that_nobody_asked_for_are_ignored(
    holder: Client, own: Registration, page_address: str
) -> None:
    holder.post(
        page_address, typed(email="x@y.org", counted="staff", state="cancelled", is_staff=1)
    )
    own.refresh_from_db()
    assert (own.name, own.email, own.counted, own.state) == (
        "Anna",
        "ana@public.example",
        "counted",
        "registered",
    )


def test_the_role_is_shown_and_not_asked_once_it_is_live(
    holder: Client, own: Registration, page_address: str
) -> None:
    Engagement.objects.update(state=states.LIVE)
    assert 'name="category"' not in page(holder.get(page_address))
    holder.post(page_address, typed())
    own.refresh_from_db()
    assert (own.name, own.category.key) == ("Anna", "attorney")


def test_a_role_that_is_no_longer_offered_may_be_kept(
    holder: Client, own: Registration, page_address: str
) -> None:
    own.category.is_offered = False
    own.category.save()
    assert holder.post(page_address, typed(category="attorney")).status_code == 302
    own.refresh_from_db()
    assert (own.name, own.category.key) == ("Anna", "attorney")


def test_it_is_cancelled_and_the_room_is_shut(
    holder: Client, own: Registration, engagement: Engagement
) -> None:
    room = reverse("room", args=[engagement.slug])
    assert holder.get(room).status_code == 200
    do(holder, engagement, "cancel")
    own.refresh_from_db()
    assert (own.state, holder.get(room).status_code) == ("cancelled", 404)
    again = do(holder, engagement, "cancel")
    assert "can no longer be changed" in page(holder.get(again["Location"]))
    assert OutgoingMail.objects.count() == 1


def test_a_removed_person_sees_what_is_kept_and_deletes_it(
    holder: Client, own: Registration, engagement: Engagement, page_address: str
) -> None:
    Registration.objects.update(removed_at=START)
    shown = page(holder.get(page_address))
    for kept in ("Ana", "ana@public.example", "Law Office", "Attorney or legal representative"):
        assert kept in shown
    assert holder.post(page_address, typed()).status_code == 409
    do(holder, engagement, "cancel")
    own.refresh_from_db()
    assert (own.name, own.state) == ("Ana", "registered")
    do(holder, engagement, "delete")
    own.refresh_from_db()
    assert (own.name, own.email) == ("", "")
    after = page(holder.get(page_address))
    assert ("Law Office" in after, "Delete my data" in after) == (False, False)


def test_needs_stay_when_their_deadline_has_passed(
    holder: Client, own: Registration, engagement: Engagement, page_address: str
) -> None:
    Accommodation.objects.create(registration=own, kind="captions")
    Engagement.objects.update(accommodations_until=START - timedelta(days=15))
    assert 'name="needs"' not in page(holder.get(page_address))
    assert holder.post(page_address, typed()).status_code == 302
    assert Accommodation.objects.get().state == "requested"


def test_one_link_on_many_devices_is_one_attendance(
    live_engagement: Engagement, ana: Registration
) -> None:
    with clock.set_to(START):
        for _ in range(5):
            Client().get(reverse("join", args=[ana.token()]), follow=True)
    assert Attendance.objects.get().registration == ana


def test_a_session_holds_no_token(holder: Client, own: Registration) -> None:
    assert own.token() not in str(dict(holder.session))
    assert holder.session[access.SESSION_KEY] == {str(own.engagement_id): own.pk}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_literal(
    holder: Client, own: Registration, engagement: Engagement, page_address: str, text: str
) -> None:
    question = RegistrationQuestion.objects.create(engagement=engagement, label=text)
    values = {f"question-{question.pk}": text, "needs_other": text}
    holder.post(page_address, typed(name=text, organization=text, **values))
    shown = [page(holder.get(page_address))]
    Registration.objects.update(removed_at=START)
    shown.append(page(holder.get(page_address)))
    mail = OutgoingMail.objects.get()
    for one in (*shown, mail.html):
        assert "<img src=x" not in one
        assert "<script>alert" not in one
    for one in shown:
        assert one.count(html.escape(text)) >= 4


@pytest.mark.parametrize("email", ADDRESSES)
def test_hostile_addresses_are_inert(
    client: Client, engagement: Engagement, page_address: str, email: str
) -> None:
    own = registering.register(
        engagement,
        name="Ana",
        email=email,
        organization="",
        category=factories.category(),
    )
    Registration.objects.update(removed_at=START)
    client.get(reverse("join", args=[own.token()]))
    shown = page(client.get(page_address))
    assert html.escape(email) in shown
    assert "<script>alert" not in shown
    mail = OutgoingMail.objects.get()
    assert (mail.to, "<script>alert" in mail.html) == (email, False)


def test_the_page_asks_as_much_for_three_as_for_one(
    holder: Client, own: Registration, engagement: Engagement, page_address: str
) -> None:
    counts = []
    for kind in ("captions", "language", "other"):
        question = RegistrationQuestion.objects.create(engagement=engagement, label=kind)
        own.answers.create(question=question, values=["x"])
        Accommodation.objects.create(registration=own, kind=kind, detail="x")
        with CaptureQueriesContext(connection) as queries:
            holder.get(page_address)
        counts.append(len(queries))
    assert counts == [counts[0]] * 3


def test_a_rehearsal_has_the_page_for_its_own_people(client: Client) -> None:
    rehearsal = factories.make_engagement("rehearsal", is_rehearsal=True)
    own = factories.make_registration(rehearsal, "Ana")
    client.get(reverse("join", args=[own.token()]))
    shown = client.get(reverse("own-registration", args=["rehearsal"]))
    public = f'href="{reverse("engagement", args=["rehearsal"])}"'
    assert (shown.status_code, public in page(shown)) == (200, False)
