"""Who may do what. Each rule is a question with a yes or no; actions and pages ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from engagements import states
from engagements.models import Engagement, Registration, Role, User

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engagements.models import Agency

Visitor = User | AnonymousUser


def is_office(user: Visitor) -> bool:
    return isinstance(user, User) and user.is_office


def is_liaison(user: Visitor) -> bool:
    return isinstance(user, User) and user.is_liaison


def is_contributor(user: Visitor) -> bool:
    """Somebody of an agency who answers what is assigned, and sees nothing else."""
    return isinstance(user, User) and user.is_liaison and user.is_contributor


def is_lead(user: Visitor) -> bool:
    """A liaison who sees all of the own agency's lists and speaks for it."""
    return isinstance(user, User) and user.is_liaison and not user.is_contributor


def leads(user: Visitor, agency: Agency) -> bool:
    return isinstance(user, User) and is_lead(user) and user.agency_id == agency.pk


def may_invite_colleague(user: Visitor, agency: Agency) -> bool:
    """Offer somebody of this agency an account. Administrators invite everybody."""
    return is_administrator(user) or leads(user, agency)


def is_administrator(user: Visitor) -> bool:
    return isinstance(user, User) and user.is_office and user.is_administrator


def holds_role(user: Visitor, engagement: Engagement, roles: Iterable[str]) -> bool:
    """The person has one of these roles here. Administrators are not members by themselves."""
    if not isinstance(user, User) or not user.is_office:
        return False
    held = {one.role for one in engagement.memberships.all() if one.user_id == user.pk}
    return not held.isdisjoint(roles)


def may_create_engagements(user: Visitor) -> bool:
    return isinstance(user, User) and user.is_office and user.may_create_engagements


def may_see_in_office(user: Visitor, engagement: Engagement) -> bool:
    return is_administrator(user) or holds_role(user, engagement, Role.values)


def may_set_up(user: Visitor, engagement: Engagement) -> bool:
    """Edit, schedule, start, end, cancel; give roles in this engagement."""
    return is_administrator(user) or holds_role(user, engagement, [Role.COORDINATOR])


def may_clone(user: Visitor, engagement: Engagement) -> bool:
    """Make the next one from it: needs the right to create, and to set this one up."""
    return may_create_engagements(user) and may_set_up(user, engagement)


def may_rehearse(user: Visitor, engagement: Engagement) -> bool:
    """Put made-up people into a rehearsal."""
    return holds_role(user, engagement, [Role.COORDINATOR, Role.MODERATOR])


def may_see_registrants(user: Visitor, engagement: Engagement) -> bool:
    return is_administrator(user) or holds_role(
        user, engagement, [Role.COORDINATOR, Role.MODERATOR]
    )


def may_remove(user: Visitor, engagement: Engagement) -> bool:
    """Shut the room to a person, or open it again."""
    return may_see_registrants(user, engagement)


def may_see_outbox(user: Visitor) -> bool:
    """Mail carries names, so not everybody may read it; `queries.outgoing_mail` says which."""
    return is_administrator(user) or may_create_engagements(user)


def may_manage_people(user: Visitor) -> bool:
    return is_administrator(user)


def may_read_audit(user: Visitor) -> bool:
    return is_administrator(user)


def may_see_publicly(engagement: Engagement) -> bool:
    return engagement.is_public


def has_room(engagement: Engagement) -> bool:
    """A rehearsal has a room like what is public; it opens only for its own people and staff."""
    return engagement.is_public or (engagement.is_rehearsal and engagement.state in states.PUBLIC)


ADMITTED: Final = Q(state=Registration.State.REGISTERED, removed_at=None)
"""Registrations for which `is_admitted` says yes, as a condition of a query."""


def is_admitted(registration: Registration) -> bool:
    """The registration opens the room: it stands, and the person was not removed."""
    return registration.state == Registration.State.REGISTERED and registration.removed_at is None


def may_see_accommodations(user: Visitor, engagement: Engagement) -> bool:
    """What people need is told to coordinators only, not to administrators by themselves."""
    return holds_role(user, engagement, [Role.COORDINATOR])


def may_see_attendance(user: Visitor, engagement: Engagement) -> bool:
    """The figures, not who came."""
    return may_see_in_office(user, engagement)


def may_count(user: Visitor, engagement: Engagement) -> bool:
    """Take over attendance lists and declare attendance."""
    return may_set_up(user, engagement)


def may_write_to_people(user: Visitor, engagement: Engagement) -> bool:
    """Write to registrants, decide about mail in the outbox."""
    return may_set_up(user, engagement)


def may_act_for_registrants(user: Visitor, engagement: Engagement) -> bool:
    """Register somebody who phoned, change or cancel on behalf, invite people from a list."""
    return may_set_up(user, engagement)


def may_change(registration: Registration) -> bool:
    """Its owner may change and cancel it: it stands or waits, and the engagement is not over."""
    return (
        registration.removed_at is None
        and registration.state != Registration.State.CANCELLED
        and registration.engagement.state in {states.SCHEDULED, states.LIVE}
    )


def may_erase(registration: Registration) -> bool:
    """Its owner may delete it: whoever was removed or has cancelled, and all when it is over."""
    return not may_change(registration)
