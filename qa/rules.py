"""Who may ask, moderate, forward and download."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engagements import clock
from engagements import states as engagement_states
from engagements.models import Membership, Registration, Role
from engagements.rules import (
    holds_role,
    is_administrator,
    is_admitted,
    is_lead,
    is_liaison,
    is_office,
    may_remove,
    may_see_registrants,
)
from qa import states
from qa.models import ViewLink

if TYPE_CHECKING:
    from engagements.models import Engagement
    from engagements.rules import Visitor
    from qa.models import Forwarding

COMING: Final = frozenset(
    {engagement_states.DRAFT, engagement_states.SCHEDULED, engagement_states.LIVE}
)
AFTERWARDS: Final = timedelta(hours=2)
"""For so long after the end a device link still opens its view."""


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


def may_see_asker(user: Visitor, engagement: Engagement) -> bool:
    """Learn who asked a question; each time is on record."""
    return may_see_registrants(user, engagement)


def may_silence(user: Visitor, engagement: Engagement) -> bool:
    """Take the word from a person, and give it back: as shutting the room to one."""
    return may_remove(user, engagement)


def may_announce(user: Visitor, engagement: Engagement) -> bool:
    """Tell everybody in the room something."""
    return may_moderate(user, engagement)


def may_link_devices(user: Visitor, engagement: Engagement) -> bool:
    """Make and revoke the links that open screen and speaker view without a sign-in."""
    return may_moderate(user, engagement)


def may_speak_backstage(by: Visitor | ViewLink, engagement: Engagement) -> bool:
    """Coordinators, moderators, and the device that a speaker's link has opened."""
    if not isinstance(by, ViewLink):
        return may_moderate(by, engagement)
    is_here = by.floor.engagement_id == engagement.pk
    return is_here and by.speaker_id is not None and is_link_open(by)


def is_link_open(link: ViewLink) -> bool:
    return link.revoked_at is None and is_staged(link.floor.engagement)


def is_staged(engagement: Engagement) -> bool:
    """Screen, speakers and backstage go on until two hours after the end."""
    if engagement.state in COMING:
        return True
    return clock.now() < (engagement.ended_at or engagement.ends_at) + AFTERWARDS


def may_poll(user: Visitor, engagement: Engagement) -> bool:
    """Write polls and the survey, open and close them."""
    return may_moderate(user, engagement)


def may_see_polls(user: Visitor, engagement: Engagement) -> bool:
    """Polls and their results, without who answered: for everybody who works on the engagement."""
    return may_see_forwardings(user, engagement)


def may_forward(user: Visitor, engagement: Engagement) -> bool:
    return is_administrator(user) or holds_role(user, engagement, [Role.EDITOR])


def may_accept(user: Visitor, engagement: Engagement) -> bool:
    """Accept what an agency answered or return it, and publish what was accepted."""
    return may_forward(user, engagement)


def may_decide_about_findings(user: Visitor, engagement: Engagement) -> bool:
    """Say whether words are a personal identifier: at the desk and, once it is over, before a list
    is forwarded. To redact them is the desk's alone."""
    return may_moderate(user, engagement) or (engagement.is_over and may_forward(user, engagement))


def may_keep_lists(user: Visitor) -> bool:
    """The office's flagged words and reasons of dismissal: administrators, and coordinators of
    whatever engagement."""
    if user.is_anonymous or not is_office(user):
        return False
    return (
        is_administrator(user)
        or Membership.objects.filter(user=user, role=Role.COORDINATOR).exists()
    )


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


def may_answer(user: Visitor, forwarding: Forwarding) -> bool:
    """Write answers to a list: everybody of its agency. Contributors only what is assigned."""
    return may_open_as_liaison(user, forwarding)


def may_lead(user: Visitor, forwarding: Forwarding) -> bool:
    """Submit, clear, assign, ask for more time, take files and bring workbooks back: the liaisons
    of its agency who are no contributors."""
    return may_open_as_liaison(user, forwarding) and is_lead(user)


def may_integrate(user: Visitor) -> bool:
    """Make tokens for programs of the own agency, and say which address is told what: its liaisons
    who are no contributors."""
    return is_lead(user)


def may_decide_about_integration(user: Visitor, agency_id: int) -> bool:
    """Revoke and stop them: the agency its own, administrators everybody's."""
    if is_administrator(user):
        return True
    return may_integrate(user) and not user.is_anonymous and user.agency_id == agency_id
