"""The registration form when it is closed, crowded, refused or not saved; and the door."""

from __future__ import annotations

import html
import uuid
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from engagements import clock, states
from engagements.models import (
    Accommodation,
    Attendance,
    AuditEntry,
    Engagement,
    Notice,
    OutgoingMail,
    Registration,
    RegistrationQuestion,
    Series,
    Subscription,
)
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.conf import LazySettings
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from engagements.models import User

pytestmark = pytest.mark.django_db

START = factories.START
DAY = timedelta(days=1)
HOSTILE = ["<img src=x onerror=alert(1)>", "{{7*7}}", "{% debug %}", '"><script>alert(1)</script>']


@pytest.fixture(autouse=True)
def _before_the_start() -> Any:
    cache.clear()
    with clock.set_to(START - 14 * DAY):
        yield


@pytest.fixture
def door(live_engagement: Engagement) -> Engagement:
    live_engagement.takes_walk_ins = True
    live_engagement.save()
    return live_engagement


def page(response: Response) -> str:
    return response.content.decode()


def typed(**changes: Any) -> dict[str, Any]:
    values = {"name": "Ana", "email": "ana@example.org", "category": "attorney", "consent": "on"}
    return values | changes


def send(client: Client, engagement: Engagement, **changes: Any) -> Response:
    return client.post(reverse("register", args=[engagement.slug]), typed(**changes))


def walk_in(client: Client, engagement: Engagement, **changes: Any) -> Response:
    return client.post(reverse("walk-in", args=[engagement.slug]), typed(**changes))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"registration_opens_at": START - DAY}, "Registration is not open yet"),
        ({"registration_closes_at": START - 15 * DAY}, "The time to register has passed."),
        ({"invitation_only": True}, "This engagement is for people on the office"),
        ({"state": states.ENDED}, "This engagement is ended."),
    ],
)
def test_a_closed_form_says_why(
    client: Client, engagement: Engagement, fields: dict[str, Any], says: str
) -> None:
    Engagement.objects.update(**fields)
    shown = page(client.get(reverse("register", args=[engagement.slug])))
    assert (says in shown, 'name="email"' in shown) == (True, False)
    assert send(client, engagement).status_code == 409
    assert (Registration.objects.count(), OutgoingMail.objects.count()) == (0, 0)


def test_a_full_engagement_offers_its_waitlist(client: Client, engagement: Engagement) -> None:
    address = reverse("register", args=[engagement.slug])
    Engagement.objects.update(capacity=1)
    assert "All seats are taken" not in page(client.get(address))
    factories.make_registration(engagement)
    assert "All seats are taken" in page(client.get(address))
    assert send(client, engagement)["Location"] == reverse("registered", args=[engagement.slug])
    assert Registration.objects.get(name="Ana").state == "waitlisted"


def test_everything_on_the_form_is_kept(client: Client, engagement: Engagement) -> None:
    Engagement.objects.update(series=Series.objects.create(name="A series"))
    question = RegistrationQuestion.objects.create(engagement=engagement, label="Why?")
    shown = page(client.get(reverse("register", args=[engagement.slug])))
    for text in ("A series", "Why?", "Interpreting into another language"):
        assert text in shown
    values = {f"question-{question.pk}": "Because.", "needs": "captions", "wants_news": "on"}
    send(client, engagement, **values)
    own = Registration.objects.get()
    assert own.answers.get().values == ["Because."]
    assert (Accommodation.objects.get().kind, Subscription.objects.get().email) == (
        "captions",
        "ana@example.org",
    )


def test_the_version_of_the_notice_that_was_read_is_kept(
    client: Client, engagement: Engagement
) -> None:
    own_notice = Notice.objects.create(engagement=engagement, version=1, privacy="Our own.")
    assert "Our own." in page(client.get(reverse("register", args=[engagement.slug])))
    assert send(client, engagement, notice=Notice.of_office().pk).status_code == 400
    assert send(client, engagement, notice=own_notice.pk).status_code == 302
    assert Registration.objects.get().notice == own_notice


def test_answers_are_alike_for_a_known_and_an_unknown_address(engagement: Engagement) -> None:
    Engagement.objects.update(capacity=1, confirms_address=True)
    answers = []
    for _ in range(2):
        client = Client()
        response = send(client, engagement, needs="captions")
        followed = client.get(response["Location"])
        answers.append((response.status_code, response["Location"], followed.content))
    assert answers[0] == answers[1]
    assert Registration.objects.count() == 1


def test_too_many_from_one_address_are_asked_to_wait(
    engagement: Engagement, settings: LazySettings
) -> None:
    settings.REGISTRATIONS_A_MINUTE = 2
    with clock.set_to(START - 14 * DAY + timedelta(seconds=15)):
        sent = [
            send(Client(), engagement, email=f"p{number}@example.org", organization="Kept Inc.")
            for number in range(3)
        ]
    assert [response.status_code for response in sent] == [302, 302, 429]
    assert sent[2]["Retry-After"] == "45"
    for text in ("Please send it again in 45 seconds.", 'value="Kept Inc."', "p2@example.org"):
        assert text in page(sent[2])
    assert Registration.objects.count() == 2
    with clock.set_to(START - 14 * DAY + timedelta(seconds=60)):
        assert send(Client(), engagement, email="p2@example.org").status_code == 302


def test_nobody_goes_on_for_an_hour_as_fast_as_a_crowd_begins(
    engagement: Engagement, settings: LazySettings
) -> None:
    settings.REGISTRATIONS_A_MINUTE = 1
    for minute in range(10):
        with clock.set_to(START + timedelta(minutes=minute)):
            assert send(Client(), engagement, email=f"p{minute}@example.org").status_code == 302
    with clock.set_to(START + timedelta(minutes=10)):
        late = send(Client(), engagement, email="late@example.org")
    assert (late.status_code, late["Retry-After"]) == (429, "3000")
    assert "50 minutes" in page(late)


def test_each_address_is_counted_by_itself_behind_the_trusted_proxy(
    engagement: Engagement, settings: LazySettings
) -> None:
    settings.REGISTRATIONS_A_MINUTE = 1
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def status(forwarded: str, email: str) -> int:
        client = Client(headers={"X-Forwarded-For": forwarded})
        return send(client, engagement, email=email).status_code

    assert status("198.51.100.1", "a@example.org") == 302
    assert status("198.51.100.2", "b@example.org") == 302
    # What the client itself wrote into the header changes nothing.
    assert status("203.0.113.9, 198.51.100.1", "c@example.org") == 429
    assert status("2001:db8::1", "d@example.org") == 302
    assert status("2001:db8::2", "e@example.org") == 429


def test_forms_with_faults_are_not_counted(engagement: Engagement, settings: LazySettings) -> None:
    settings.REGISTRATIONS_A_MINUTE = 1
    for _ in range(3):
        assert send(Client(), engagement, name="").status_code == 400
    assert send(Client(), engagement).status_code == 302


@contextmanager
def read_only() -> Iterator[None]:
    """The database takes no writes, as when its disk is full."""
    on, off = (
        ("PRAGMA query_only = ON", "PRAGMA query_only = OFF")
        if connection.vendor == "sqlite"
        else ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off")
    )
    with connection.cursor() as cursor:
        cursor.execute(on)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(off)


@pytest.mark.django_db(transaction=True)
def test_what_is_not_saved_is_said_and_kept(client: Client, engagement: Engagement) -> None:
    address = reverse("register", args=[engagement.slug])
    with read_only():
        response = send(
            client,
            engagement,
            name='A "name" <b>',
            needs=["captions", "language"],
            needs_language="Tagalog",
        )
    assert response.status_code == 503
    shown = page(response)
    assert "Not saved" in shown
    assert f'action="{address}"' in shown
    for name, value in (
        ("name", "A &quot;name&quot; &lt;b&gt;"),
        ("email", "ana@example.org"),
        ("needs", "captions"),
        ("needs", "language"),
        ("needs_language", "Tagalog"),
    ):
        assert f'<input type="hidden" name="{name}" value="{value}">' in shown
    assert "csrfmiddlewaretoken" in shown
    assert "leave_empty" not in shown
    assert (Registration.objects.count(), OutgoingMail.objects.count()) == (0, 0)
    assert send(client, engagement).status_code == 302


def test_who_walks_in_is_in_the_room_and_counted(client: Client, door: Engagement) -> None:
    response = walk_in(client, door)
    room = reverse("room", args=[door.slug])
    assert response["Location"] == room
    own = Registration.objects.get()
    assert (own.name, own.email, own.email_key, own.source, own.state, own.counted) == (
        "Ana",
        "",
        None,
        "walk_in",
        "registered",
        "counted",
    )
    attendance = Attendance.objects.get()
    assert (attendance.registration, attendance.category.key) == (own, "attorney")
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "registration.walked_in",
        "attendance.joined",
    ]
    assert client.get(room).status_code == 200
    assert OutgoingMail.objects.count() == 0


def test_the_same_form_sent_twice_is_one_person(door: Engagement) -> None:
    key = str(uuid.uuid4())
    for _ in range(3):
        assert walk_in(Client(), door, key=key).status_code == 302
    assert (Registration.objects.count(), Attendance.objects.count()) == (1, 1)
    # The next person at the same device went back in its history.
    walk_in(Client(), door, key=key, name="Ben")
    walk_in(Client(), door, key=str(uuid.uuid4()))
    assert (Registration.objects.count(), Attendance.objects.count()) == (3, 3)


def test_a_key_opens_nobody_elses_registration(door: Engagement, ana: Registration) -> None:
    client = Client()
    walk_in(client, door, key=str(ana.public_id), name=ana.name)
    assert client.session["registrations"] != {str(door.pk): ana.pk}
    assert Registration.objects.count() == 2


def test_each_form_has_a_key_of_its_own(client: Client, door: Engagement) -> None:
    first, second = (page(client.get(reverse("walk-in", args=[door.slug]))) for _ in range(2))
    assert 'name="key"' in first
    assert first.split('name="key"')[1][:60] != second.split('name="key"')[1][:60]


def test_nobody_walks_in_when_it_is_full(client: Client, door: Engagement) -> None:
    Engagement.objects.update(capacity=1)
    assert walk_in(client, door).status_code == 302
    refused = walk_in(Client(), door, name="Ben")
    assert (refused.status_code, "All seats are taken." in page(refused)) == (409, True)
    assert 'value="Ben"' in page(refused)
    assert (Registration.objects.count(), Attendance.objects.count()) == (1, 1)
    assert "All seats are taken" in page(Client().get(reverse("walk-in", args=[door.slug])))


@pytest.mark.parametrize(
    "fields",
    [{"takes_walk_ins": False}, {"state": states.SCHEDULED}, {"state": states.ENDED}],
)
def test_nobody_walks_in_at_another_time(
    client: Client, door: Engagement, fields: dict[str, Any]
) -> None:
    Engagement.objects.update(**fields)
    shown = page(client.get(reverse("walk-in", args=[door.slug])))
    assert ("Nobody can walk in at the moment" in shown, 'name="name"' in shown) == (True, False)
    assert walk_in(client, door).status_code == 409
    assert Registration.objects.count() == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"category": ""},
        {"category": "not-stated"},
        {"category": ["attorney", "employer"]},
        {"consent": ""},
        {"leave_empty": "spam"},
        {"key": "no uuid"},
    ],
)
def test_a_bad_form_lets_nobody_in(
    client: Client, door: Engagement, changes: dict[str, Any]
) -> None:
    assert walk_in(client, door, **changes).status_code == 400
    assert Registration.objects.count() == 0


def test_a_hall_may_walk_in_through_one_address(door: Engagement, settings: LazySettings) -> None:
    settings.REGISTRATIONS_A_MINUTE = 1
    statuses = [walk_in(Client(), door, name=f"P{number}").status_code for number in range(6)]
    assert statuses == [302] * 5 + [429]


def test_people_of_the_office_walk_in_uncounted(
    door: Engagement, omar: User, sign_in: Callable[[User], Client]
) -> None:
    Engagement.objects.update(capacity=0)
    walk_in(sign_in(omar), door, name="Omar")
    assert Registration.objects.get().counted == "staff"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_literal_at_the_door(client: Client, door: Engagement, text: str) -> None:
    refused = page(walk_in(client, door, name=text, category=""))
    walk_in(client, door, name=text)
    own = page(client.get(reverse("own-registration", args=[door.slug])))
    for shown in (refused, own):
        assert html.escape(text) in shown
        assert "<img src=x" not in shown
        assert "<script>alert" not in shown
