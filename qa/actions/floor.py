"""Open and close the floor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit
from engagements import states as engagement_states
from engagements.refusals import NotAllowed, Refused
from qa import events, rules, states
from qa.actions import moderating
from qa.models import Floor

if TYPE_CHECKING:
    from engagements.models import Engagement, User


def lay(engagement: Engagement) -> Floor:
    """Every engagement has one floor, closed at first."""
    return Floor.objects.get_or_create(engagement=engagement)[0]


@transaction.atomic
def set_state(floor: Floor, *, state: str, by: User) -> Floor:
    """Open it, close it, or leave it open for votes only. Opening needs a live engagement."""
    if not rules.may_moderate(by, floor.engagement):
        raise NotAllowed("not_allowed", _("You do not moderate this engagement."))
    locked = events.lock(floor.pk)
    if state != states.FLOOR_CLOSED and locked.engagement.state != engagement_states.LIVE:
        raise Refused("not_live", _("The floor opens only while the engagement is live."))
    if locked.state == state:
        raise Refused(
            "already",
            _("The floor is %(state)s already.") % {"state": locked.get_state_display()},
        )
    return _move(locked, state, by)


@transaction.atomic
def close_with_engagement(engagement: Engagement, *, by: User) -> None:
    """The engagement is over, and so is its floor; nothing is being answered any more."""
    floor = events.lock(lay(engagement).pk)
    moderating.stop_answering(floor, by=by)
    if floor.state != states.FLOOR_CLOSED:
        _move(floor, states.FLOOR_CLOSED, by)
    events.append_engagement(floor)


@transaction.atomic
def tell_start(engagement: Engagement) -> None:
    """Who waits in the room or at the desk sees that it has begun."""
    events.append_engagement(events.lock(lay(engagement).pk))


def _move(floor: Floor, state: str, by: User) -> Floor:
    floor.state = state
    floor.save(update_fields=["state"])
    events.append_floor(floor)
    audit.record(f"floor.{state}", floor, by=by, engagement=floor.engagement)
    return floor
