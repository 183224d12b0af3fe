"""Presence in the live room, kept as intervals. A person counts once, whatever the devices."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from engagements import audit, clock, states
from engagements.models import Attendance, AttendanceInterval, Registration

if TYPE_CHECKING:
    from collections.abc import Collection

SILENCE = timedelta(seconds=90)
"""An interval without a sign of life for so long is closed at its last one."""


@transaction.atomic
def arrive(registration: Registration) -> AttendanceInterval | None:
    """A device of this person is in the room. The first one makes the attendance.

    Only a live engagement has attendance: None before it starts and after its end.
    """
    if registration.engagement.state != states.LIVE:
        return None
    attendance, is_first = Attendance.objects.get_or_create(
        registration=registration,
        defaults={"category_id": registration.category_id, "first_joined_at": clock.now()},
    )
    if is_first:
        audit.record(
            "attendance.joined",
            attendance,
            by=registration,
            engagement=registration.engagement,
        )
    return AttendanceInterval.objects.create(attendance=attendance)


@transaction.atomic
def visit(registration: Registration) -> None:
    """The room was read without a socket: presence of a moment, none if a socket is open."""
    if not AttendanceInterval.objects.filter(
        attendance__registration=registration, closed_at=None
    ).exists():
        interval = arrive(registration)
        if interval is not None:
            leave([interval.pk])


def stay(intervals: Collection[int]) -> int:
    """These intervals showed a sign of life now. Returns how many are still open."""
    return AttendanceInterval.objects.filter(pk__in=intervals, closed_at=None).update(
        last_seen_at=clock.now()
    )


def leave(intervals: Collection[int]) -> None:
    now = clock.now()
    AttendanceInterval.objects.filter(pk__in=intervals, closed_at=None).update(
        last_seen_at=now, closed_at=now
    )


def close_silent() -> int:
    """Close what a killed worker left open, at its last sign of life. Returns how many."""
    return AttendanceInterval.objects.filter(
        closed_at=None, last_seen_at__lt=clock.now() - SILENCE
    ).update(closed_at=F("last_seen_at"))
