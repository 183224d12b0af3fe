"""News of a series: somebody wants to hear of further engagements, and may stop at any time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from engagements import audit, clock
from engagements.files.addresses import email_key
from engagements.models import Subscription

if TYPE_CHECKING:
    from engagements.audit import Actor
    from engagements.models import Series


@transaction.atomic
def subscribe(series: Series, *, email: str, language: str, by: Actor) -> Subscription:
    """One subscription per address and series; one that had ended begins again.

    The caller answers alike whether it was there before. Refuses an address that is too long.
    """
    wanted = Subscription(
        series=series, email=email.strip(), email_key=email_key(email), language=language
    )
    # A unique violation would write the address into the database server's log.
    Subscription.objects.bulk_create([wanted], ignore_conflicts=True)
    subscription = series.subscriptions.select_for_update().get(email_key=wanted.email_key)
    if subscription.public_id == wanted.public_id:
        audit.record("subscription.begun", subscription, by=by)
    else:
        resume(subscription, by=by)
    return subscription


@transaction.atomic
def end(subscription: Subscription, *, by: Actor) -> Subscription:
    """No more news. A second time nothing changes."""
    if Subscription.objects.filter(pk=subscription.pk, ended_at=None).update(ended_at=clock.now()):
        audit.record("subscription.ended", subscription, by=by)
    subscription.refresh_from_db()
    return subscription


@transaction.atomic
def resume(subscription: Subscription, *, by: Actor) -> Subscription:
    """News again, for who had ended them. A second time nothing changes."""
    ended = Subscription.objects.filter(pk=subscription.pk, ended_at__isnull=False)
    if ended.update(ended_at=None, since=clock.now()):
        audit.record("subscription.resumed", subscription, by=by)
    subscription.refresh_from_db()
    return subscription
