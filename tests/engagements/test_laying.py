"""Mailings become mails in pieces, and are taken back before they do."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from engagements import clock, tasks
from engagements.actions import changing, inviting, mailing, planning, reviewing, running, telling
from engagements.models import Mailing, OutgoingMail, Registration
from engagements.queries.mail import people_to_tell
from engagements.refusals import NotAllowed, Refused
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engagements.models import Engagement, User

pytestmark = pytest.mark.django_db

START = factories.START
NOW = START - timedelta(days=3)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


def person(engagement: Engagement, name: str) -> Registration:
    return factories.make_registration(engagement, name, registered_at=NOW)


def lay(at: Any = NOW) -> int:
    with clock.set_to(at):
        return tasks.lay_mailings()


def written() -> list[tuple[str, str]]:
    mails = OutgoingMail.objects.order_by("pk").values_list("template", "to")
    return [(name.removeprefix("engagements/"), to.partition("@")[0]) for name, to in mails]


def move(engagement: Engagement, cora: User, by: timedelta) -> None:
    running.edit(
        engagement,
        by=cora,
        starts_at=engagement.starts_at + by,
        ends_at=engagement.ends_at + by,
    )


@pytest.mark.parametrize("people", [0, 1, mailing.PIECE, mailing.PIECE + 1, 2 * mailing.PIECE])
def test_every_size_is_laid_once(engagement: Engagement, cora: User, people: int) -> None:
    for number in range(people):
        person(engagement, f"P{number}")
    Mailing.objects.create(engagement=engagement, occasion="moved", made_by=cora)
    assert lay() == people
    assert OutgoingMail.objects.count() == people
    assert engagement.mailings.get().mails == people


def test_a_mailing_goes_on_where_a_killed_worker_stopped(engagement: Engagement) -> None:
    for number in range(mailing.PIECE + 5):
        person(engagement, f"P{number}")
    made = Mailing.objects.create(engagement=engagement, occasion="moved")
    told = iter([False, False, True])
    with clock.set_to(NOW):
        # Stops after the first piece, as a worker that is told to.
        assert tasks.lay_mailings(stop=lambda: next(told)) == mailing.PIECE
    made.refresh_from_db()
    assert made.state == "waiting"

    Mailing.objects.update(state="laying", laid_at=NOW)  # and this is how a killed one leaves it
    assert lay(NOW + mailing.LEFT_LYING) == 0
    assert lay(NOW + mailing.LEFT_LYING + timedelta(seconds=1)) == 5
    assert OutgoingMail.objects.count() == mailing.PIECE + 5
    made.refresh_from_db()
    assert (made.state, made.mails) == ("laid", mailing.PIECE + 5)


def test_a_discarded_reminder_does_not_come_back(engagement: Engagement, cora: User) -> None:
    telling.plan(engagement)
    mailing.discard(engagement.mailings.get(minutes_before=60), by=cora)
    engagement.refresh_from_db()
    assert engagement.reminders == [24 * 60]
    move(engagement, cora, timedelta(days=7))
    waiting = engagement.mailings.filter(state="waiting", occasion="reminder")
    assert [each.minutes_before for each in waiting] == [24 * 60]
    with pytest.raises(Refused):
        mailing.discard(engagement.mailings.filter(state="discarded")[0], by=cora)


def test_only_a_coordinator_discards_a_reminder(engagement: Engagement, omar: User) -> None:
    telling.plan(engagement)
    with pytest.raises(NotAllowed):
        mailing.discard(engagement.mailings.earliest("pk"), by=omar)
    assert engagement.mailings.filter(state="waiting").count() == 2


def test_held_mail_of_an_engagement_stays_here(engagement: Engagement, cora: User) -> None:
    person(engagement, "Ana")
    reviewing.hold_mail_of(engagement, by=cora, is_held=True)
    Mailing.objects.create(engagement=engagement, occasion="moved")
    lay()
    assert OutgoingMail.objects.get().state == "held"


def test_who_cancels_is_reminded_of_nothing(engagement: Engagement) -> None:
    telling.plan(engagement)
    ana = person(engagement, "Ana")
    lay(START - 24 * HOUR)
    with clock.set_to(START - 23 * HOUR):
        changing.cancel(ana, by=ana)
    states = dict(OutgoingMail.objects.values_list("template", "state"))
    assert states == {"engagements/reminder": "discarded", "engagements/withdrawn": "waiting"}
    assert planning.unsent(engagement).count() == 0


def test_invited_people_who_have_not_answered_hear_of_a_new_time(
    engagement: Engagement, cora: User
) -> None:
    person(engagement, "Ana")
    ann = factories.make_invitee(engagement, "Ann", mailed_at=NOW)
    factories.make_invitee(engagement, "Due")
    factories.make_invitee(engagement, "Declined", mailed_at=NOW, state="declined")
    factories.make_invitee(engagement, "Ana", mailed_at=NOW)
    move(engagement, cora, 24 * HOUR)
    assert people_to_tell(engagement) == lay() == engagement.mailings.get(occasion="moved").mails
    assert written() == [("moved", "ana"), ("invitee_moved", "ann")]
    mail = OutgoingMail.objects.get(template="engagements/invitee_moved")
    assert (mail.registration, mail.calendar, mail.language) == (None, "", "en")
    assert f"/invited/{ann.token()}/" in mail.body
    assert f"/invited/{ann.token()}/" in mail.html
    assert "/join/" not in mail.body + mail.html
    assert "Thursday, April 15, 2021" in mail.body
    assert "It was planned for Wednesday, April 14, 2021" in mail.body
    assert lay() == 0


def test_invited_people_who_have_not_answered_hear_that_it_is_cancelled(
    engagement: Engagement, cora: User
) -> None:
    person(engagement, "Ana")
    ann = factories.make_invitee(engagement, "Ann", mailed_at=NOW)
    move(engagement, cora, HOUR)
    assert lay() == 2
    running.cancel(engagement, by=cora)
    assert lay() == 2
    assert [pair for pair in written() if "cancelled" in pair[0]] == [
        ("cancelled", "ana"),
        ("invitee_cancelled", "ann"),
    ]
    overtaken = OutgoingMail.objects.get(template="engagements/invitee_moved")
    assert overtaken.state == OutgoingMail.State.DISCARDED
    mail = OutgoingMail.objects.get(template="engagements/invitee_cancelled")
    assert ann.token() not in mail.body + mail.html
    assert "need not answer the invitation" in mail.body


@pytest.mark.parametrize("people", [mailing.PIECE, mailing.PIECE + 1])
def test_invited_people_are_laid_in_pieces_too(
    engagement: Engagement, cora: User, people: int
) -> None:
    for number in range(people):
        factories.make_invitee(engagement, f"P{number}", mailed_at=NOW)
    person(engagement, "Ana")
    Mailing.objects.create(engagement=engagement, occasion="moved", made_by=cora)
    stops = iter([False, False, True])
    assert mailing.lay_due(stop=lambda: next(stops, False)) == 1
    assert engagement.mailings.get().state == Mailing.State.WAITING
    assert lay() == people
    found = engagement.mailings.get()
    assert (found.state, found.mails) == (Mailing.State.LAID, people + 1)


def test_who_is_taken_off_the_list_is_told_nothing_more(engagement: Engagement, cora: User) -> None:
    ann = factories.make_invitee(engagement, "Ann", mailed_at=NOW)
    move(engagement, cora, HOUR)
    assert lay() == 1
    inviting.withdraw(ann, by=cora)
    assert OutgoingMail.objects.get().state == OutgoingMail.State.DISCARDED
