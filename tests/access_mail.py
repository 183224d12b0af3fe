"""Mail for the world of the access matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engagements.actions import subscribing, telling
from engagements.models import Engagement, Mailing, OutgoingMail, Series

if TYPE_CHECKING:
    from engagements.models import Registration


def lay(person: Registration) -> dict[str, Any]:
    """A mail that waits, a reminder that is planned, and somebody who wants news."""
    telling.registered(person)
    soon = Engagement.objects.get(slug="soon")
    reminder = Mailing.objects.create(
        engagement=soon,
        occasion=Mailing.Occasion.REMINDER,
        minutes_before=soon.reminders[0],
        due_at=soon.starts_at,
    )
    series = Series.objects.create(name="Evenings")
    subscription = subscribing.subscribe(
        series, email="nell@new.example", language="en", by="public"
    )
    return {
        "waiting-mail": OutgoingMail.objects.latest("pk").pk,
        "reminder": reminder.pk,
        "news-token": subscription.token(),
    }
