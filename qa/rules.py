"""Who may ask, moderate, forward and download."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engagements.models import Registration, Role
from engagements.rules import holds_role, is_administrator, is_admitted, is_liaison
from qa import states

if TYPE_CHECKING:
    from engagements.models import Engagement
    from engagements.rules import Visitor
    from qa.models import Forwarding


def may_enter_room(registration: Registration) -> bool:
    return is_admitted(registration)


def may_watch_room(user: Visitor, engagement: Engagement) -> bool:
    """Staff of the engagement may read its room, without asking and without being counted."""
    return may_see_desk(user, engagement)


def may_see_desk(user: Visitor, engagement: Engagement) -> bool:
    return is_administrator(user) or may_moderate(user, engagement)


def may_moderate(user: Visitor, engagement: Engagement) -> bool:
    """Decide about questions, open and close the floor. Administrators only look on."""
    return holds_role(user, engagement, [Role.MODERATOR, Role.COORDINATOR])


def may_announce(user: Visitor, engagement: Engagement) -> bool:
    """Tell everybody in the room something."""
    return may_moderate(user, engagement)


def may_forward(user: Visitor, engagement: Engagement) -> bool:
    return is_administrator(user) or holds_role(user, engagement, [Role.EDITOR])


def may_see_forwardings(user: Visitor, engagement: Engagement) -> bool:
    """The lists that were sent: for everybody who works on the engagement."""
    return is_administrator(user) or holds_role(user, engagement, Role.values)


def may_open_as_liaison(user: Visitor, forwarding: Forwarding) -> bool:
    """A liaison opens what was sent to the own agency and not recalled."""
    return (
        is_liaison(user)
        and not user.is_anonymous
        and user.agency_id == forwarding.agency_id
        and forwarding.state in {states.FORWARDING_SENT, states.FORWARDING_SUPERSEDED}
    )
