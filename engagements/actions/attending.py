"""Presence in the live room, kept as intervals. A person counts once, whatever the devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from engagements import audit, clock, rules, signals, states
from engagements.actions import seating
from engagements.models import SILENCE, Attendance, AttendanceInterval, Registration
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from django.db.models import QuerySet

    from engagements.models import Engagement, User


MOST_COMPANIONS: Final = 99
"""Of one person. A hall full of people is declared by the office."""


def arrive(registration: Registration) -> int | None:
    """See `arrive_all`."""
    return arrive_all([registration.pk])[0]


@transaction.atomic
def arrive_all(registrations: Sequence[int]) -> list[int | None]:
    """Devices of these people of one engagement are in the room. Gives the interval of each.

    The first device makes a person's attendance, with the category held at that moment. Only a
    live engagement has attendance: None before it starts and after its end.
    """
    found = (
        Registration.objects.filter(
            pk__in=set(registrations),
            state=Registration.State.REGISTERED,
            engagement__state=states.LIVE,
        )
        .select_related("engagement")
        .order_by("pk")
    )
    attendances = _attendances(list(found))
    opened = {
        position: AttendanceInterval(attendance=attendances[registration])
        for position, registration in enumerate(registrations)
        if registration in attendances
    }
    AttendanceInterval.objects.bulk_create(opened.values())
    return [
        opened[position].pk if position in opened else None
        for position in range(len(registrations))
    ]


def _attendances(people: Collection[Registration]) -> dict[int, Attendance]:
    known = _known(people)
    new = [person for person in people if person.pk not in known]
    if not new:
        return known
    now = clock.now()
    # Another process may count the same person at this moment.
    Attendance.objects.bulk_create(
        [
            Attendance(registration=person, category_id=person.category_id, first_joined_at=now)
            for person in new
        ],
        ignore_conflicts=True,
    )
    made = _known(new)
    audit.record_all(
        "attendance.joined",
        [
            (attendance, audit.registration(person), {})
            for person, attendance in made.items()
            if attendance.first_joined_at == now
        ],
        engagement=new[0].engagement,
    )
    return known | made


def _known(people: Iterable[Registration]) -> dict[int, Attendance]:
    found = Attendance.objects.filter(registration__in=[person.pk for person in people])
    return {attendance.registration_id: attendance for attendance in found}


@transaction.atomic
def visit(registration: Registration) -> None:
    """The room was read without a socket: presence of a moment, none if a socket is open."""
    if not AttendanceInterval.objects.filter(
        attendance__registration=registration, closed_at=None
    ).exists():
        interval = arrive(registration)
        if interval is not None:
            leave([interval])


def stay(intervals: Collection[int]) -> set[int]:
    """These intervals showed a sign of life now. Gives those that are still open.

    One that was closed for its silence stays closed: whoever comes back opens another.
    """
    still_open = AttendanceInterval.objects.filter(pk__in=intervals, closed_at=None)
    still_open.update(last_seen_at=clock.now())
    return set(still_open.values_list("pk", flat=True))


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


@transaction.atomic
def declare_companions(registration: Registration, *, people: int, by: Registration) -> Attendance:
    """So many people watch together with this one, who is in the room of a live engagement.

    They count as *not stated*. Said again, the last figure is right.
    """
    if by.pk != registration.pk or not rules.is_admitted(registration):
        raise NotAllowed("not_allowed", _("You may not say this for somebody else."))
    if not 0 <= people <= MOST_COMPANIONS:
        raise Refused(
            "invalid",
            _("Please give a number from 0 to %(most)d.") % {"most": MOST_COMPANIONS},
        )
    visit(registration)
    found = Attendance.objects.select_for_update().filter(registration=registration).first()
    if found is None or registration.engagement.state != states.LIVE:
        raise Refused("not_live", _("This can be said while the engagement is live."))
    if found.companions != people:
        found.companions = people
        found.save(update_fields=["companions"])
        audit.record(
            "attendance.companions",
            found,
            by=by,
            engagement=registration.engagement,
            people=people,
        )
    return found


@transaction.atomic
def remove(registration: Registration, *, by: User) -> Registration:
    """Shut the room to a person, at once and on every device. Who was present still counts.

    Before the start the seat is free with that, and goes to whoever waits first.
    """
    locked = seating.lock(registration.engagement)
    _check_may_remove(registration, by)
    if not _standing(registration, is_removed=False).update(removed_at=clock.now()):
        raise Refused("already", _("This person was removed already, or has cancelled."))
    audit.record("registration.removed", registration, by=by, engagement=locked)
    signals.rights_ended.send(Registration, registration=registration.pk)
    if locked.state == states.SCHEDULED:
        seating.promote(locked)
    registration.refresh_from_db()
    return registration


@transaction.atomic
def readmit(registration: Registration, *, by: User) -> Registration:
    """The person's link opens the room again. Refused when the seat was given to somebody else."""
    locked = seating.lock(registration.engagement)
    _check_may_remove(registration, by)
    if not _standing(registration, is_removed=True).update(removed_at=None):
        raise Refused("already", _("This person is admitted already."))
    if not _fits(registration, locked):
        raise Refused(
            "full", _("All seats are taken now. Raise the number of seats, or free one first.")
        )
    audit.record("registration.readmitted", registration, by=by, engagement=locked)
    registration.refresh_from_db()
    return registration


def _fits(registration: Registration, locked: Engagement) -> bool:
    """With this person there are no more people than seats, or the person takes none."""
    if locked.capacity is None or registration.counted != Registration.Counted.COUNTED:
        return True
    return seating.taken(locked) <= locked.capacity


def _standing(registration: Registration, *, is_removed: bool) -> QuerySet[Registration]:
    return Registration.objects.filter(
        pk=registration.pk,
        state=Registration.State.REGISTERED,
        removed_at__isnull=not is_removed,
    )


def _check_may_remove(registration: Registration, by: User) -> None:
    if not rules.may_remove(by, registration.engagement):
        raise NotAllowed("not_allowed", _("You may not remove people here."))
