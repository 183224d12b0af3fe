"""The queue of what agencies' systems are told: take a delivery, call, say what became of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from engagements import audit, clock, outbox
from qa import calling
from qa.models import Delivery, Webhook
from qa.queries.agency import forwardings

if TYPE_CHECKING:
    from django.db.models import QuerySet

WAITS: Final = tuple(
    timedelta(**{unit: amount})
    for unit, amount in (
        ("seconds", 5),
        ("minutes", 5),
        ("minutes", 30),
        ("hours", 2),
        ("hours", 5),
        ("hours", 10),
        ("hours", 14),
        ("hours", 20),
        ("hours", 24),
    )
)
"""After each failure, three days together. After one more the delivery is given up."""

LEFT_LYING: Final = timedelta(minutes=2)
"""A delivery taken so long ago belongs to a worker that was killed."""

KEPT: Final = timedelta(days=30)
"""So long a delivery can be looked up, and sent again."""

GONE: Final = 410
"""The status by which an address says that it wants to be told nothing any more."""


def due(limit: int) -> list[int]:
    """Keys of the deliveries to make next; of stopped addresses there are none."""
    return list(_waiting().order_by("due_at", "pk").values_list("pk", flat=True)[:limit])


def take(pk: int) -> Delivery | None:
    """The delivery, for the caller alone; None when it is not due any more. Counts the attempt."""
    taken = (
        _waiting()
        .filter(pk=pk)
        .update(state=Delivery.State.SENDING, taken_at=clock.now(), attempts=F("attempts") + 1)
    )
    return Delivery.objects.select_related("webhook").get(pk=pk) if taken else None


def call(delivery: Delivery) -> int:
    """Send it, signed for this moment, without a look at the database. The status of the answer.

    Raises calling.NotCalled when there was none.
    """
    timestamp = int(clock.now().timestamp())
    signature = calling.signature(
        delivery.webhook.secret, key=delivery.key, timestamp=timestamp, body=delivery.body
    )
    return calling.post(
        delivery.webhook.url,
        body=delivery.body,
        headers={
            "webhook-id": delivery.key,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature,
        },
        may_stay_here=settings.WEBHOOKS_MAY_STAY_HERE,
    )


def settle(delivery: Delivery, *, status: int | None, error: str = "") -> None:
    """Note what came of the attempt: an answer with this status, or none because of `error`."""
    if status is not None and 200 <= status < 300:
        _attempted(delivery).update(
            state=Delivery.State.DELIVERED,
            delivered_at=clock.now(),
            last_status=status,
            last_error="",
        )
    elif status == GONE:
        _give_up(delivery, status=status, error="gone")
    elif delivery.attempts > len(WAITS):
        _give_up(delivery, status=status, error=error or "status")
    else:
        _put_back(delivery, WAITS[delivery.attempts - 1], status=status, error=error or "status")


def take_over_left_lying() -> int:
    """What a killed worker had in hand is due again. It may have arrived: receivers know the key.
    Returns how many."""
    left = list(
        Delivery.objects.filter(
            state=Delivery.State.SENDING, taken_at__lt=clock.now() - LEFT_LYING
        ).select_related("webhook")
    )
    for delivery in left:
        settle(delivery, status=None, error="stopped")
    return len(left)


def forget_old() -> int:
    """Deliveries of long ago, whatever became of them. Returns how many."""
    forgotten, _rows = Delivery.objects.filter(made_at__lt=clock.now() - KEPT).delete()
    return forgotten


def _waiting() -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        state=Delivery.State.WAITING, due_at__lte=clock.now(), webhook__stopped_at=None
    )


def _attempted(delivery: Delivery) -> QuerySet[Delivery]:
    """Only the attempt that is meant: by now another worker may have taken it over."""
    return Delivery.objects.filter(
        pk=delivery.pk, state=Delivery.State.SENDING, attempts=delivery.attempts
    )


def _put_back(delivery: Delivery, wait: timedelta, *, status: int | None, error: str) -> None:
    _attempted(delivery).update(
        state=Delivery.State.WAITING,
        due_at=clock.now() + wait,
        taken_at=None,
        last_status=status,
        last_error=error,
    )


@transaction.atomic
def _give_up(delivery: Delivery, *, status: int | None, error: str) -> None:
    """An address to which nothing came through since this was laid down is told no more."""
    changed = _attempted(delivery).update(
        state=Delivery.State.FAILED, taken_at=None, last_status=status, last_error=error
    )
    if not changed:
        return
    hook = delivery.webhook
    came_through = hook.deliveries.filter(delivered_at__gte=delivery.made_at).exists()
    if came_through and error != "gone":
        return
    if Webhook.objects.filter(pk=hook.pk, stopped_at=None).update(stopped_at=clock.now()):
        audit.record("webhook.gave_up", hook, by="worker", agency=hook.agency_id, reason=error)
        _tell(hook)


def _tell(hook: Webhook) -> None:
    """Those of the agency who can put it right."""
    for liaison in forwardings.leads_of(hook.agency):
        outbox.post(
            "qa/webhook_stopped",
            to=liaison.email,
            name=liaison.name,
            hook=hook,
            link=outbox.absolute(reverse("agency-integration")),
        )
