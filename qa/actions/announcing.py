"""Tell everybody in the room something, and take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, clock
from engagements import states as engagement_states
from engagements.refusals import NotAllowed, Refused
from qa import events, rules
from qa.models import Announcement

if TYPE_CHECKING:
    from engagements.models import User
    from qa.models import Floor

MOST_STANDING: Final = 10
"""More than that nobody reads; the oldest are to be taken back first."""


@transaction.atomic
def announce(floor: Floor, *, text: str, by: User) -> Announcement:
    """Everybody in the room reads it at once, and who comes later as long as it stands."""
    _check(floor, by)
    locked = events.lock(floor.pk)
    if locked.engagement.state not in {engagement_states.SCHEDULED, engagement_states.LIVE}:
        raise Refused(
            "not_live", _("Announcements are made while an engagement is scheduled or live.")
        )
    if locked.announcements.filter(withdrawn_at=None).count() >= MOST_STANDING:
        raise Refused(
            "too_many",
            _("%(most)d announcements stand already. Take one back first.")
            % {"most": MOST_STANDING},
        )
    announcement = Announcement.objects.create(floor=locked, text=text, announced_by=by)
    events.append_announcement(locked, announcement)
    _record("announcement.made", announcement, by)
    return announcement


@transaction.atomic
def take_back(announcement: Announcement, *, by: User) -> Announcement:
    """It is gone from every page at once. The office still reads who said what."""
    floor = announcement.floor
    _check(floor, by)
    locked = events.lock(floor.pk)
    standing = Announcement.objects.filter(pk=announcement.pk, withdrawn_at=None)
    if not standing.update(withdrawn_at=clock.now(), withdrawn_by=by):
        raise Refused("already", _("This announcement was taken back already."))
    announcement.refresh_from_db()
    events.append_announcement(locked, announcement)
    _record("announcement.taken_back", announcement, by)
    return announcement


def _check(floor: Floor, by: User) -> None:
    if not rules.may_announce(by, floor.engagement):
        raise NotAllowed("not_allowed", _("You do not moderate this engagement."))


def _record(action: str, announcement: Announcement, by: User) -> None:
    audit.record(
        action,
        announcement,
        by=by,
        engagement=announcement.floor.engagement,
        text=audit.digest(announcement.text),
    )
