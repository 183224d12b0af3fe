"""Letters of the office to registrants or attendees."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements import clock, tasks
from engagements.actions import mailing, telling
from engagements.models import AuditEntry, Mailing, OutgoingMail, Registration
from engagements.refusals import NotAllowed, Refused
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client

    from engagements.models import Engagement, User

pytestmark = pytest.mark.django_db

NOW = factories.START - timedelta(days=3)
HOSTILE = "<img src=x onerror=alert(1)> {{7*7}} {x.__init__}"
State = Registration.State


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


@pytest.fixture
def people(engagement: Engagement) -> None:
    ana = factories.make_registration(engagement, "Ana")
    factories.make_registration(engagement, "Ben", category=factories.category("employer"))
    factories.make_registration(engagement, "Cay", state=State.WAITLISTED, waitlisted_at=NOW)
    factories.make_registration(engagement, "Dan", state=State.CANCELLED)
    factories.make_registration(engagement, "Eve", removed_at=NOW)
    factories.make_registration(engagement, "Fay", email="")
    factories.make_attendance(ana)


def letter(**fields: Any) -> dict[str, Any]:
    text = {"subject": "Documents", "body": "See https://office.example/x for more."}
    return {"states": [State.REGISTERED], "came": "", **text} | fields


def address(engagement: Engagement) -> str:
    return reverse("letters", args=[engagement.slug])


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        ({}, ["ana", "ben"]),
        ({"states": [State.WAITLISTED]}, ["cay"]),
        ({"states": [State.REGISTERED, State.CANCELLED]}, ["ana", "ben", "dan"]),
        ({"categories": ["employer"]}, ["ben"]),
        ({"categories": ["employer", "attorney"]}, ["ana", "ben"]),
        ({"came": "yes"}, ["ana"]),
        ({"came": "no"}, ["ben"]),
    ],
)
@pytest.mark.usefixtures("people")
def test_the_preview_counts_whom_the_letter_then_reaches(
    engagement: Engagement,
    cora: User,
    sign_in: Callable[[User], Client],
    chosen: dict[str, Any],
    names: list[str],
) -> None:
    client = sign_in(cora)
    shown = client.post(address(engagement), letter(**chosen, preview="yes"))
    assert (shown.status_code, shown.context["people"]) == (200, len(names))
    assert Mailing.objects.count() == 0

    sent = client.post(address(engagement), letter(**chosen, send="yes"))
    assert sent.status_code == 302
    tasks.lay_mailings()
    mails = OutgoingMail.objects.order_by("pk")
    assert [mail.to.partition("@")[0] for mail in mails] == names
    entry = AuditEntry.objects.get(action="mailing.written")
    assert (entry.engagement, entry.detail["people"]) == (engagement, len(names))


@pytest.mark.usefixtures("people")
def test_the_text_is_literal_and_its_links_are_links(engagement: Engagement, cora: User) -> None:
    body = f"{HOSTILE}\n\nSee https://office.example/x\n\nBye"
    mailing.write(
        engagement, by=cora, subject=HOSTILE, body=body, audience={"categories": ["employer"]}
    )
    tasks.lay_mailings()
    mail = OutgoingMail.objects.get()
    assert mail.subject == HOSTILE
    assert mail.body.startswith(body)
    assert engagement.registrations.get(name="Ben").token() in mail.body
    assert "<img" not in mail.html
    assert "&lt;img src=x onerror=alert(1)&gt; {{7*7}} {x.__init__}" in mail.html
    assert '<a href="https://office.example/x" rel="nofollow"' in mail.html


@pytest.mark.usefixtures("people")
def test_who_has_no_seat_gets_no_link_to_the_room(engagement: Engagement, cora: User) -> None:
    mailing.write(
        engagement, by=cora, subject="A", body="B", audience={"states": [State.CANCELLED]}
    )
    tasks.lay_mailings()
    assert "/join/" not in OutgoingMail.objects.get().body


@pytest.mark.usefixtures("people")
def test_a_held_letter_waits_for_its_release(
    engagement: Engagement, cora: User, sign_in: Callable[[User], Client]
) -> None:
    sign_in(cora).post(address(engagement), letter(is_held="on", send="yes"))
    tasks.lay_mailings()
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"held"}


@pytest.mark.parametrize(
    "fault",
    [
        {"subject": "Two\nlines"},
        {"subject": "A\rB"},
        {"subject": "A\x0bB"},
        {"subject": ""},
        {"body": " \u200b "},
        {"states": []},
        {"states": ["nonsense"]},
        {"categories": ["nonsense"]},
        {"came": "perhaps"},
        {"body": "x" * 10_001},
    ],
)
@pytest.mark.usefixtures("people")
def test_a_faulty_letter_is_not_written_and_stays_typed(
    engagement: Engagement, cora: User, sign_in: Callable[[User], Client], fault: dict[str, Any]
) -> None:
    client = sign_in(cora)
    response = client.post(address(engagement), letter(send="yes") | fault)
    assert response.status_code == 400
    assert Mailing.objects.count() == 0
    assert (
        "Documents" if "subject" not in fault else "office.example"
    ) in response.content.decode()
    assert client.post(address(engagement), letter(send="yes")).status_code == 302


def test_a_letter_to_nobody_is_refused(
    engagement: Engagement, cora: User, sign_in: Callable[[User], Client]
) -> None:
    response = sign_in(cora).post(address(engagement), letter(send="yes"))
    assert response.status_code == 409
    assert "Nobody would get this letter." in response.content.decode()
    assert Mailing.objects.count() == 0


@pytest.mark.usefixtures("people")
def test_a_moderator_writes_no_letters(engagement: Engagement, omar: User) -> None:
    with pytest.raises(NotAllowed):
        mailing.write(engagement, by=omar, subject="A", body="B", audience={})
    assert Mailing.objects.count() == 0


def test_a_rehearsal_has_nobody_to_write_to(engagement: Engagement, cora: User) -> None:
    factories.make_registration(engagement, "Ana")
    engagement.is_rehearsal = True
    engagement.save()
    with pytest.raises(Refused):
        mailing.write(engagement, by=cora, subject="A", body="B", audience={})


@pytest.mark.usefixtures("people")
def test_what_is_planned_and_sent_is_listed(
    engagement: Engagement, cora: User, sign_in: Callable[[User], Client]
) -> None:
    telling.plan(engagement)
    mailing.write(engagement, by=cora, subject="A", body="B", audience={})
    tasks.lay_mailings()
    ana, other, *_rest = OutgoingMail.objects.order_by("to")
    OutgoingMail.objects.filter(pk=ana.pk).update(state="sent")
    OutgoingMail.objects.filter(pk=other.pk).update(state="discarded")
    client = sign_in(cora)
    response = client.get(address(engagement))
    listed = response.context["mailings"]
    figures = [(each.mails, each.sent, each.unsent, each.failed, each.discarded) for each in listed]
    assert [(each.occasion, each.state) for each in listed] == [
        ("reminder", "waiting"),
        ("reminder", "waiting"),
        ("letter", "laid"),
    ]
    assert figures == [(0, 0, 0, 0, 0), (0, 0, 0, 0, 0), (4, 1, 2, 0, 1)]
    text = response.content.decode()
    assert "Reminder, 1 hour before" in text
    assert "Reminder, 1 day before" in text
    assert "Who is only on an attendance list gets them after the list is applied" in text
    planned = listed[0]
    discard = reverse("letter-discard", args=[engagement.slug, planned.pk])
    assert client.post(discard).status_code == 302
    planned.refresh_from_db()
    assert planned.state == "discarded"
    assert AuditEntry.objects.filter(action="mailing.discarded").count() == 1
    elsewhere = factories.make_engagement("elsewhere")
    telling.plan(elsewhere)
    foreign = reverse(
        "letter-discard", args=[engagement.slug, elsewhere.mailings.earliest("pk").pk]
    )
    assert client.post(foreign).status_code == 404


@pytest.mark.usefixtures("people")
def test_the_page_asks_as_much_for_three_as_for_one(
    engagement: Engagement, cora: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(cora)
    counts = []
    for _number in range(3):
        mailing.write(engagement, by=cora, subject="A", body="B", audience={})
        tasks.lay_mailings()
        with CaptureQueriesContext(connection) as queries:
            client.get(address(engagement))
        counts.append(len(queries))
    assert counts == [counts[0]] * 3
