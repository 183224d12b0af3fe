"""Who has a seat and who waits. Every change of seats holds the engagement's row until its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction

from engagements import audit, clock
from engagements.actions import telling, working
from engagements.models import Engagement, Registration
from engagements.queries.people import waiting

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

State = Registration.State

TOLD_AT_ONCE: Final = 20
"""More seats at once are told of by the worker: meanwhile nobody else could register."""

TASK: Final = "engagements.tasks.registrations.tell_promoted"


def lock(engagement: Engagement) -> Engagement:
    """The engagement of this moment, for the caller alone until the transaction ends."""
    return Engagement.objects.select_for_update(no_key=True).get(pk=engagement.pk)


def taken(engagement: Engagement) -> int:
    """Seats of stakeholders who are registered, and not removed; the office's people take none."""
    return _seated(engagement).count()


def free(locked: Engagement) -> int | None:
    """Seats that nobody has; None when the engagement does not count them."""
    return None if locked.capacity is None else max(0, locked.capacity - taken(locked))


def has_seat(locked: Engagement) -> bool:
    """A newcomer gets a seat: one is free, and nobody waits for it."""
    seats = free(locked)
    return seats is None or (seats > 0 and not waiting(locked).exists())


def promote(locked: Engagement) -> list[Registration]:
    """Give what is free to those who wait, first come first served, and tell each by mail.

    To be called within the transaction that freed a seat, with the engagement locked.
    """
    promoted = list(waiting(locked).select_related("engagement", "category")[: free(locked)])
    for registration in promoted:
        registration.state = State.REGISTERED
    Registration.objects.bulk_update(promoted, ["state"], batch_size=500)
    audit.record_all(
        "registration.promoted",
        [(registration, "seating", {}) for registration in promoted],
        engagement=locked,
    )
    for registration in promoted[:TOLD_AT_ONCE]:
        telling.promoted(registration)
    if rest := [registration.pk for registration in promoted[TOLD_AT_ONCE:]]:
        working.enqueue(TASK, rest, clock.now().isoformat())
    return promoted


def tell_promoted(registrations: Iterable[int], *, since: datetime) -> int:
    """Mail those who were promoted at that moment and have not been told. Returns how many were.

    Each is a transaction of its own, so nobody is told twice when the worker is killed in between.
    """
    return sum(_tell(registration, since) for registration in registrations)


@transaction.atomic
def _tell(pk: int, since: datetime) -> bool:
    found = Registration.objects.filter(pk=pk, state=State.REGISTERED, removed_at=None)
    registration = found.select_for_update(of=["self"]).select_related("engagement").first()
    if registration is None:
        return False
    if registration.mails.filter(template=telling.PROMOTED, created_at__gte=since).exists():
        return False
    telling.promoted(registration)
    return True


def _seated(engagement: Engagement) -> QuerySet[Registration]:
    return engagement.registrations.filter(
        state=State.REGISTERED, removed_at=None, counted=Registration.Counted.COUNTED
    )
