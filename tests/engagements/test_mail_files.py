"""Mail as it leaves the house, read back from a real SMTP server."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar

from engagements import clock, tasks
from engagements.actions import registering, running, telling
from engagements.models import Mailing, Office, OutgoingMail, Registration
from tests import factories
from tests.mailbox import Mailbox, deliver_to, listening

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

    from django.conf import LazySettings

    from engagements.models import Engagement, User

pytestmark = pytest.mark.django_db

NOW = factories.START - timedelta(days=3)
HOSTILE = "<img src=x onerror=alert(1)> {{7*7}} {x.__init__} {% debug %}"
LOOK = [
    telling.registered,
    telling.confirm_address,
    telling.promoted,
    telling.changed,
    telling.withdrawn,
]


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


@pytest.fixture
def mailbox(settings: LazySettings) -> Iterator[Mailbox]:
    found = Mailbox()
    with listening(found) as port:
        deliver_to(settings, port)
        yield found


def only(mailbox: Mailbox) -> EmailMessage:
    (message,) = mailbox.messages()
    return message


def part(message: EmailMessage, kind: str) -> str:
    found = [each for each in message.walk() if each.get_content_type() == kind]
    text: str = found[0].get_content()
    return text


def sent(mailbox: Mailbox) -> EmailMessage:
    tasks.lay_mailings()
    tasks.send_due_mail()
    return mailbox.messages()[-1]


def calendar(message: EmailMessage) -> tuple[str, Any]:
    file = Calendar.from_ical(part(message, "text/calendar"))
    (event,) = file.walk("VEVENT")
    return str(file["METHOD"]), event


def test_a_confirmation_has_text_the_same_as_html_and_a_calendar_file(
    engagement: Engagement, mailbox: Mailbox
) -> None:
    person = factories.make_registration(engagement, "Ana Núñez")
    telling.registered(person)

    assert tasks.send_due_mail() == 1

    message = only(mailbox)
    assert [each.get_content_type() for each in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "text/calendar",
    ]
    charsets = {each.get_content_charset() for each in message.walk() if not each.is_multipart()}
    assert charsets == {"utf-8"}
    alternative, attached = [
        each for each in message.walk() if each.get_content_type() == "text/calendar"
    ]
    assert alternative.get_param("method") == attached.get_param("method") == "PUBLISH"
    assert attached.get_filename() == "engagement.ics"
    assert alternative.get_content() == attached.get_content()
    link = f"https://floor.example/join/{person.token()}/"
    assert link in part(message, "text/plain")
    assert f'href="{link}"' in part(message, "text/html")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["To"] == person.email
    assert message["From"] == "no-reply@floor.example"
    method, event = calendar(message)
    assert (method, str(event["UID"]), int(event["SEQUENCE"])) == (
        "PUBLISH",
        engagement.calendar_uid,
        0,
    )


def test_the_html_part_has_its_style_inside_and_nothing_from_elsewhere(
    engagement: Engagement,
) -> None:
    telling.registered(factories.make_registration(engagement))
    html = OutgoingMail.objects.get().html
    assert '<html lang="en"' in html
    assert "<title>Your link: The USCIS Contact Center</title>" in html
    assert 'class="button"' in html
    assert "max-width: 600px" in html.replace("max-width:600px", "max-width: 600px")
    assert "prefers-color-scheme" in html
    for elsewhere in ("<link", "<img", "<script", "url(", "@import"):
        assert elsewhere not in html


@pytest.mark.parametrize("tell", LOOK)
def test_hostile_names_are_literal_in_text_and_inert_in_html(
    engagement: Engagement, tell: Any
) -> None:
    engagement.title = f"Title {HOSTILE}"[:200]
    engagement.save()
    person = factories.make_registration(engagement, HOSTILE, email="ana@public.example")
    tell(person)
    mail = OutgoingMail.objects.get()
    assert HOSTILE in mail.body
    assert HOSTILE in mail.subject
    assert "<img" not in mail.html
    assert "&lt;img src=x onerror=alert(1)&gt; {{7*7}} {x.__init__} {% debug %}" in mail.html


def test_every_mail_to_a_person_has_both_parts(engagement: Engagement, cora: User) -> None:
    person = factories.make_registration(engagement, "Ana")
    waiting = factories.make_registration(
        engagement, "Ben", state=Registration.State.WAITLISTED, waitlisted_at=NOW
    )
    factories.make_registration(
        engagement,
        "Cay",
        state=Registration.State.WAITLISTED,
        waitlisted_at=NOW - timedelta(minutes=1),
    )
    for tell in LOOK:
        tell(person)
    telling.waitlisted(waiting)
    for occasion in Mailing.Occasion.values:
        if occasion != Mailing.Occasion.NEWS:
            mailing = Mailing.objects.create(
                engagement=engagement, occasion=occasion, subject="A subject", body="A text"
            )
            telling.mail_of(mailing, person, Office.current()).save()
    mails = {mail.template.partition("/")[2]: mail for mail in OutgoingMail.objects.all()}
    assert set(mails) == {
        *("registered", "confirm_address", "promoted", "changed", "withdrawn", "waitlisted"),
        *("reminder", "starting", "thanks", "moved", "cancelled", "letter", "late"),
    }
    for name, mail in mails.items():
        assert "The USCIS Contact Center" in mail.body, name
        assert "Wednesday, April 14, 2021, 2 to 3 p.m. EDT" in mail.body, name
        assert mail.html.count("<h1") == 1, name
        assert "CIS Ombudsman" in mail.html, name
        assert "None" not in mail.body, name
        assert "\n\n\n" not in mail.body, name
    assert "Your place on the waitlist is number 2." in mails["waitlisted"].body
    methods = {
        name: mail.calendar.split("METHOD:")[1][:7] for name, mail in mails.items() if mail.calendar
    }
    assert {name: method.split("\r")[0] for name, method in methods.items()} == {
        "registered": "PUBLISH",
        "promoted": "PUBLISH",
        "changed": "PUBLISH",
        "moved": "PUBLISH",
        "reminder": "PUBLISH",
        "withdrawn": "CANCEL",
        "cancelled": "CANCEL",
    }


def test_a_calendar_entry_is_published_changed_and_cancelled(
    engagement: Engagement, cora: User, mailbox: Mailbox
) -> None:
    registering.register(
        engagement,
        name="Ana",
        email="ana@public.example",
        organization="",
        category=factories.category(),
    )
    first = calendar(sent(mailbox))
    running.edit(
        engagement,
        by=cora,
        starts_at=engagement.starts_at + timedelta(hours=2),
        ends_at=engagement.ends_at + timedelta(hours=2),
    )
    moved = sent(mailbox)
    running.cancel(engagement, by=cora)
    cancelled = sent(mailbox)

    methods, events = zip(first, calendar(moved), calendar(cancelled), strict=True)
    assert methods == ("PUBLISH", "PUBLISH", "CANCEL")
    assert {str(event["UID"]) for event in events} == {engagement.calendar_uid}
    sequences = [int(event["SEQUENCE"]) for event in events]
    assert sequences == sorted(set(sequences))
    assert [str(event["STATUS"]) for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert events[1]["DTSTART"].dt - events[0]["DTSTART"].dt == timedelta(hours=2)
    text = part(moved, "text/plain")
    assert "4 to 5 p.m. EDT" in text
    assert "It was planned for Wednesday, April 14, 2021, 2 to 3 p.m. EDT." in text


def test_the_message_id_is_the_same_at_every_attempt(
    engagement: Engagement, mailbox: Mailbox
) -> None:
    telling.registered(factories.make_registration(engagement))
    tasks.send_due_mail()
    # As after a worker that was killed between sending and noting it.
    OutgoingMail.objects.update(state="sending", taken_at=clock.now() - timedelta(minutes=11))
    tasks.take_over_mail()
    tasks.send_due_mail()
    first, second = mailbox.messages()
    assert first["Message-ID"] == second["Message-ID"]


def test_while_the_server_is_away_people_register_and_the_mail_goes_once_later(
    engagement: Engagement, settings: LazySettings
) -> None:
    mailbox = Mailbox()
    with listening(mailbox) as port:
        pass
    deliver_to(settings, port)

    registering.register(
        engagement,
        name="Ana",
        email="ana@public.example",
        organization="",
        category=factories.category(),
    )
    for minute in range(10):
        with clock.set_to(NOW + timedelta(minutes=minute)):
            tasks.send_due_mail()
    assert OutgoingMail.objects.get().state == "waiting"

    with listening(mailbox, port):
        for minute in range(10, 40):
            with clock.set_to(NOW + timedelta(minutes=minute)):
                tasks.send_due_mail()
    assert mailbox.to == ["ana@public.example"]


def test_one_connection_serves_many_mails(engagement: Engagement, mailbox: Mailbox) -> None:
    for _number in range(5):
        telling.registered(factories.make_registration(engagement))
    assert tasks.send_due_mail() == 5
    assert len(set(mailbox.to)) == 5


@pytest.mark.parametrize(
    ("typed", "delivered"),
    [
        ("ana@straße.example", "ana@xn--strae-oqa.example"),
        ("ana@BÜCHER.example", "ana@xn--bcher-kva.example"),
        ("Ana@Public.Example", "Ana@Public.Example"),
    ],
)
def test_mail_goes_where_the_key_of_the_address_says(
    engagement: Engagement, mailbox: Mailbox, typed: str, delivered: str
) -> None:
    telling.registered(factories.make_registration(engagement, "Ana", email=typed))
    tasks.send_due_mail()
    assert mailbox.to == [delivered]
    assert only(mailbox)["To"] == delivered
