"""News of a series: somebody wants to hear of further engagements, and may stop at any time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from engagements import audit, clock
from engagements.actions import planning
from engagements.files.addresses import email_key
from engagements.models import OutgoingMail, Subscription

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

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
def wish(series: Series, *, email: str, language: str) -> None:
    """As `subscribe`, for an address that its owner has not confirmed: nothing is sent before
    `grant`. A subscription that stands, stands; one that had ended waits too."""
    now = clock.now()
    wanted = Subscription(
        series=series,
        email=email.strip(),
        email_key=email_key(email),
        language=language,
        since=now,
        ended_at=now,
    )
    # A unique violation would write the address into the database server's log.
    Subscription.objects.bulk_create([wanted], ignore_conflicts=True)
    series.subscriptions.filter(email_key=wanted.email_key, ended_at__isnull=False).update(
        since=now, ended_at=now
    )


@transaction.atomic
def grant(series: Series, *, key: str, by: Actor) -> None:
    """The owner has confirmed the address: what was wished for with it begins."""
    for subscription in _wished(series).filter(email_key=key):
        resume(subscription, by=by)


def forget_wishes(series: Series, keys: Collection[str]) -> None:
    """Nobody has confirmed these addresses."""
    _wished(series).filter(email_key__in=keys).delete()


def _wished(series: Series) -> QuerySet[Subscription]:
    """It ended in the moment in which it began: no news was ever due."""
    return series.subscriptions.filter(ended_at=F("since"))


@transaction.atomic
def end(subscription: Subscription, *, by: Actor) -> Subscription:
    """No more news, not even what is written and not sent. A second time nothing changes."""
    if Subscription.objects.filter(pk=subscription.pk, ended_at=None).update(ended_at=clock.now()):
        OutgoingMail.objects.filter(
            template="engagements/news",
            to=subscription.email,
            engagement__series=subscription.series_id,
            state__in=planning.UNSENT,
        ).exclude(state=OutgoingMail.State.SENDING).update(state=OutgoingMail.State.DISCARDED)
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
