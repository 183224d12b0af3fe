"""People of a rehearsal: made up, never counted, and removed when it is over."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING, Final, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, queries, rules, states
from engagements.models import Attendance, AttendanceInterval, Engagement, Notice, Registration
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from engagements.models import RoleCategory, User

ROWS_AT_ONCE: Final = 500

PLAYED: Final = frozenset({states.LIVE, states.ENDED})
"""Where a rehearsal leads. Removing its data takes it back to scheduled."""


class RemovedPeople(NamedTuple):
    registrations: int
    attendances: int


@transaction.atomic
def enroll(engagement: Engagement, *, by: User, people: int) -> list[Registration]:
    """So many made-up people, spread over the role categories that are offered. No mail.

    They are tests, so they never count. Each time there are new ones. One audit row for all.
    """
    if not rules.may_rehearse(by, engagement):
        raise NotAllowed("not_allowed", _("You do not moderate this engagement."))
    locked = lock(engagement)
    notice = Notice.shown_for(locked)
    first = 1 + locked.registrations.count()
    places = zip(range(first, first + people), cycle(queries.offered_categories()), strict=False)
    enrolled = Registration.objects.bulk_create(
        [_made_up(locked, number, category, notice) for number, category in places],
        batch_size=ROWS_AT_ONCE,
    )
    audit.record("rehearsal.enrolled", locked, by=by, engagement=locked, people=people)
    return enrolled


@transaction.atomic
def clear(engagement: Engagement, *, by: User) -> RemovedPeople:
    """Delete its people with their attendance, and let it start again if it had started.

    A cancelled or archived rehearsal stays what it is. The caller has removed what else hangs on
    the people, and writes the audit row.
    """
    locked = lock(engagement)
    if not rules.may_set_up(by, locked):
        raise NotAllowed("not_allowed", _("You do not coordinate this engagement."))
    AttendanceInterval.objects.filter(attendance__registration__engagement=locked).delete()
    attendances, _rows = Attendance.objects.filter(registration__engagement=locked).delete()
    registrations, _rows = locked.registrations.all().delete()
    Engagement.objects.filter(pk=locked.pk, state__in=PLAYED).update(
        state=states.SCHEDULED, started_at=None, ended_at=None
    )
    engagement.refresh_from_db()
    return RemovedPeople(registrations, attendances)


def lock(engagement: Engagement) -> Engagement:
    """The engagement, held until the transaction ends. Refuses what is no rehearsal."""
    locked = Engagement.objects.select_for_update(no_key=True).get(pk=engagement.pk)
    if not locked.is_rehearsal:
        raise no_rehearsal(locked)
    return locked


def no_rehearsal(engagement: Engagement) -> Refused:
    return Refused(
        "no_rehearsal",
        _("“%(slug)s” is no rehearsal. Only an engagement that is set up as one is rehearsed.")
        % {"slug": engagement.slug},
    )


def _made_up(
    engagement: Engagement, number: int, category: RoleCategory, notice: Notice
) -> Registration:
    address = f"attendee-{number}@rehearsal.example"
    return Registration(
        engagement=engagement,
        name=_("Attendee %(number)d") % {"number": number},
        email=address,
        email_key=address,
        category=category,
        notice=notice,
        counted=Registration.Counted.TEST,
    )
