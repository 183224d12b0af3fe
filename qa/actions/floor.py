"""Open and close the floor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import clock
from engagements import states as engagement_states
from engagements.refusals import NotAllowed, Refused
from qa import events, rules, states
from qa.actions import clocking, moderating
from qa.models import Floor

if TYPE_CHECKING:
    from engagements.models import Engagement, User


def lay(engagement: Engagement) -> Floor:
    """Every engagement has one floor, closed at first."""
    return Floor.objects.get_or_create(engagement=engagement)[0]


@transaction.atomic
def set_state(floor: Floor, *, state: str, by: User) -> Floor:
    """Open it, close it, or leave it open for votes only; it stays so until the clock's next
    moment. Opening needs a live engagement, or the window before it."""
    if not rules.may_moderate(by, floor.engagement):
        raise NotAllowed("not_allowed", _("You do not moderate this engagement."))
    locked = events.lock(floor.pk)
    locked.engagement.refresh_from_db(fields=["state"])
    now = clock.now()
    clocking.advance(locked, now)
    is_live = locked.engagement.state == engagement_states.LIVE
    if state != states.FLOOR_CLOSED and not is_live and not locked.is_early(now):
        raise Refused("not_live", _("The floor opens only while the engagement is live."))
    if locked.state == state:
        raise Refused(
            "already",
            _("The floor is %(state)s already.") % {"state": locked.get_state_display()},
        )
    clocking.move(locked, state, by=by)
    return locked


@transaction.atomic
def close_with_engagement(engagement: Engagement, *, by: User) -> None:
    """The engagement is over, and so is its floor; nothing is being answered any more."""
    floor = events.lock(lay(engagement).pk)
    moderating.stop_answering(floor, by=by)
    clocking.move(floor, states.FLOOR_CLOSED, by=by)
    events.append_engagement(floor)


@transaction.atomic
def tell_start(engagement: Engagement) -> None:
    """Who waits in the room or at the desk sees that it has begun. The window before it is over."""
    floor = events.lock(lay(engagement).pk)
    events.append_engagement(floor)
    clocking.begin(floor, clock.now())
