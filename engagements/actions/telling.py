"""What people are told by mail, and when. Every mail becomes a row within the caller's transaction.

One person is written to at once. Many are written to by a `Mailing`: a row that the worker turns
into mails when it is due, so that nobody waits for ten thousand of them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse

from engagements import clock, outbox
from engagements.models import Mailing, OutgoingMail, Registration

if TYPE_CHECKING:
    from engagements.models import Engagement, Invitee, Subscription, User

REGISTERED = "engagements/registered"

MOST_LINKS_AN_HOUR = 5
"""Mails with the link of one registration. More would only fill a stranger's mailbox."""

Occasion = Mailing.Occasion


def registered(registration: Registration) -> None:
    """The seat is certain: the personal link, and the calendar file."""
    _write(REGISTERED, registration)


def confirm_address(registration: Registration) -> None:
    """Registered, once the address is confirmed by this mail's link."""
    _write("engagements/confirm_address", registration)


def waitlisted(registration: Registration) -> None:
    _write("engagements/waitlisted", registration)


def promoted(registration: Registration) -> None:
    """A seat became free for somebody on the waitlist."""
    _write("engagements/promoted", registration)


def changed(registration: Registration) -> None:
    """The own registration was changed."""
    _write("engagements/changed", registration)


def withdrawn(registration: Registration) -> None:
    """The own registration was cancelled; the calendar entry goes with it."""
    _write("engagements/withdrawn", registration)


def link_again(registration: Registration) -> None:
    """Somebody registered again with this address: what it was told last, within a limit."""
    if registration.state == Registration.State.UNCONFIRMED:
        confirm_address(registration)
    elif registration.state == Registration.State.WAITLISTED:
        waitlisted(registration)
    else:
        registered(registration)


def invited(invitee: Invitee) -> None:
    outbox.post(
        "engagements/invitee",
        to=invitee.email,
        engagement=invitee.engagement,
        language=invitee.language,
        invitee=invitee,
        link=outbox.absolute(reverse("invited", args=[invitee.token()])),
    )


def subscribed(subscription: Subscription) -> None:
    """Nothing is sent: the tick in the registration form is followed by that form's own mail."""


def engagement_scheduled(engagement: Engagement, *, by: User) -> None:
    """Lays its reminders, "starting now" and thanks, and tells who follows its series."""
    plan(engagement)


def engagement_moved(engagement: Engagement, *, by: User) -> None:
    """Its time, title or place changed: reminders follow, registrants get the new calendar file."""
    plan(engagement)
    Mailing.objects.create(engagement=engagement, occasion=Occasion.MOVED, made_by=by)


def engagement_cancelled(engagement: Engagement, *, by: User) -> None:
    """Registrants are told, and nothing else is sent any more."""
    _discard_waiting(engagement)
    Mailing.objects.create(engagement=engagement, occasion=Occasion.CANCELLED, made_by=by)


def engagement_started(engagement: Engagement, *, by: User) -> None:
    """ "Starting now", if the engagement tells its start."""
    if engagement.tells_start:
        Mailing.objects.create(engagement=engagement, occasion=Occasion.STARTING, made_by=by)


def engagement_ended(engagement: Engagement, *, by: User) -> None:
    """Thanks to who attended, with the survey's link, if the engagement sends them."""
    if engagement.sends_thanks:
        Mailing.objects.create(engagement=engagement, occasion=Occasion.THANKS, made_by=by)


def plan(engagement: Engagement) -> None:
    """Reminders that are not laid yet follow the engagement's start; those due already are left."""
    _discard_waiting(engagement)
    now = clock.now()
    Mailing.objects.bulk_create(
        Mailing(
            engagement=engagement, occasion=Occasion.REMINDER, minutes_before=minutes, due_at=due
        )
        for minutes in engagement.reminders
        if (due := engagement.starts_at - timedelta(minutes=minutes)) > now
    )


def _discard_waiting(engagement: Engagement) -> None:
    engagement.mailings.filter(
        state=Mailing.State.WAITING, occasion__in=[Occasion.REMINDER, Occasion.STARTING]
    ).update(state=Mailing.State.DISCARDED)


def _write(template: str, registration: Registration) -> None:
    if not registration.email:
        return
    lately = OutgoingMail.objects.filter(
        template=template,
        registration=registration,
        created_at__gt=clock.now() - timedelta(hours=1),
    ).count()
    if lately < MOST_LINKS_AN_HOUR:
        outbox.post(
            template,
            to=registration.email,
            engagement=registration.engagement,
            registration=registration,
            language=registration.language,
            link=outbox.absolute(reverse("join", args=[registration.token()])),
        )
