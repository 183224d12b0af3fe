"""Who has a seat and who waits. Every change of seats holds the engagement's row until its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engagements import audit, clock
from engagements.actions import telling
from engagements.models import Engagement, Registration

if TYPE_CHECKING:
    from django.db.models import QuerySet

State = Registration.State


def lock(engagement: Engagement) -> Engagement:
    """The engagement of this moment, for the caller alone until the transaction ends."""
    return Engagement.objects.select_for_update(no_key=True).get(pk=engagement.pk)


def taken(engagement: Engagement) -> int:
    """Seats of stakeholders who are registered, and not removed; the office's people take none."""
    return _seated(engagement).count()


def has_seat(locked: Engagement) -> bool:
    """A newcomer gets a seat: one is free, and nobody waits for it."""
    if locked.capacity is None:
        return True
    return taken(locked) < locked.capacity and not _waiting(locked).exists()


def promote(locked: Engagement) -> list[Registration]:
    """Give what is free to those who wait, first come first served, and tell each by mail.

    To be called within the transaction that freed a seat, with the engagement locked.
    """
    waiting = _waiting(locked).select_related("engagement", "category")
    if locked.capacity is not None:
        waiting = waiting[: max(0, locked.capacity - taken(locked))]
    promoted = list(waiting)
    now = clock.now()
    for registration in promoted:
        registration.state = State.REGISTERED
        registration.confirmed_at = registration.confirmed_at or now
    Registration.objects.bulk_update(promoted, ["state", "confirmed_at"], batch_size=500)
    for registration in promoted:
        audit.record("registration.promoted", registration, by="seating", engagement=locked)
        telling.promoted(registration)
    return promoted


def _seated(engagement: Engagement) -> QuerySet[Registration]:
    return engagement.registrations.filter(
        state=State.REGISTERED, removed_at=None, counted=Registration.Counted.COUNTED
    )


def _waiting(engagement: Engagement) -> QuerySet[Registration]:
    return engagement.registrations.filter(state=State.WAITLISTED, removed_at=None).order_by(
        "waitlisted_at", "pk"
    )
