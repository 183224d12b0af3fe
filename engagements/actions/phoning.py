"""Somebody registered and took part by phone alone: the office notes it, and the person counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, clock, rules, states
from engagements.actions import seating
from engagements.models import Attendance, Registration
from engagements.queries import counts
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from engagements.models import Engagement, User

HAS_BEGUN = frozenset({states.LIVE, states.ENDED})
"""An archived engagement is closed for changes."""


def may_be_noted(engagement: Engagement) -> bool:
    return engagement.state in HAS_BEGUN and not engagement.is_rehearsal


@transaction.atomic
def note(registration: Registration, *, by: User) -> Attendance:
    """The person counts as joined, with the role category of this moment, once and for all.

    Only once the engagement is live or has ended. Refuses who has joined already, in our room or by
    an attendance list that counts, and who has no seat.
    """
    engagement = seating.lock(registration.engagement)
    _check(engagement, by)
    registration = engagement.registrations.get(pk=registration.pk)
    if registration.state != Registration.State.REGISTERED:
        raise Refused("not_registered", _("Only who is registered can have taken part by phone."))
    wanted = Attendance(
        registration=registration,
        category_id=registration.category_id,
        source=Attendance.Source.PHONE,
        first_joined_at=clock.now()
        if engagement.state == states.LIVE
        else engagement.started_at or engagement.starts_at,
    )
    if engagement.registrations.filter(counts.came(), pk=registration.pk).exists():
        raise Refused("joined_already", _("This person is counted as joined already."))
    # The person may enter the room at this moment, and is counted once all the same.
    Attendance.objects.bulk_create([wanted], ignore_conflicts=True)
    attendance = Attendance.objects.get(registration=registration)
    audit.record("attendance.by_phone", attendance, by=by, engagement=engagement)
    return attendance


@transaction.atomic
def take_back(registration: Registration, *, by: User) -> None:
    """It was noted by mistake. Whoever was in our room as well stays counted: refused."""
    _check(registration.engagement, by)
    noted = Attendance.objects.filter(
        registration=registration, source=Attendance.Source.PHONE, intervals=None
    )
    attendance = noted.select_for_update(of=("self",)).first()
    if attendance is None:
        raise Refused("not_by_phone", _("It is not noted that this person took part by phone."))
    audit.record(
        "attendance.by_phone_taken_back", attendance, by=by, engagement=registration.engagement
    )
    Attendance.objects.filter(pk=attendance.pk).delete()


def _check(engagement: Engagement, by: User) -> None:
    if not rules.may_count(by, engagement):
        raise NotAllowed("not_allowed", _("You do not coordinate this engagement."))
    if not may_be_noted(engagement):
        raise Refused(
            "wrong_state",
            _("Who took part can be noted while the engagement is live, and after its end."),
        )
