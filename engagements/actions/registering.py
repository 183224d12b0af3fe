"""A stakeholder registers. Nothing tells whether the address was known before, not even time."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from engagements import audit, clock, states
from engagements.actions import seating, telling
from engagements.models import Engagement, Notice, Registration, RoleCategory, User
from engagements.refusals import Refused

if TYPE_CHECKING:
    from engagements.audit import Actor

LONGEST_ADDRESS = 256

OPEN = frozenset({states.SCHEDULED, states.LIVE})


@transaction.atomic
def register(
    engagement: Engagement,
    *,
    name: str,
    email: str,
    organization: str,
    category: RoleCategory,
    by: Actor = "public",
) -> Registration:
    """One registration per address, and a mail with its personal link.

    A second time nothing changes and the same link is sent to the address given first; the caller
    must answer both times alike. Refuses an engagement that is not open and a category that is not
    offered. Texts come clean from `RegistrationForm`.
    """
    locked = seating.lock(engagement)
    _check_open(locked)
    if not RoleCategory.objects.filter(pk=category.pk, is_offered=True).exists():
        raise Refused("category", _("Please choose one of the roles that are offered."))
    counted = _counted(email)
    is_seated = counted != Registration.Counted.COUNTED or seating.has_seat(locked)
    now = clock.now()
    wanted = Registration(
        engagement=engagement,
        name=name,
        email=email.strip(),
        email_key=email_key(email),
        organization=organization,
        category=category,
        notice=Notice.shown_for(engagement),
        counted=counted,
        state=Registration.State.REGISTERED if is_seated else Registration.State.WAITLISTED,
        waitlisted_at=None if is_seated else now,
    )
    # A unique violation would write the address into the database server's log.
    Registration.objects.bulk_create([wanted], ignore_conflicts=True)
    registration = engagement.registrations.get(email_key=wanted.email_key)
    is_new = registration.public_id == wanted.public_id
    audit.record(
        "registration.created" if is_new else "registration.repeated",
        registration,
        by=by,
        engagement=engagement,
    )
    telling.link_again(registration)
    return registration


def email_key(email: str) -> str:
    """One text for all spellings of an address: other case, spaces around it, IDN or punycode."""
    local, _at, domain = email.strip().casefold().rpartition("@")
    # What is no name that DNS could hold is compared by its spelling.
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode("ascii").lower()
    key = f"{local}@{domain}"
    if len(key) > LONGEST_ADDRESS:
        raise Refused("email_too_long", _("This e-mail address is too long."))
    return key


def is_open(engagement: Engagement) -> bool:
    """People may register now. Nobody registers for a rehearsal: its people are made up."""
    return engagement.state in OPEN and not engagement.is_rehearsal


def _check_open(engagement: Engagement) -> None:
    if is_open(engagement):
        return
    raise Refused("registration_closed", _("Registration for this engagement is closed."))


def _counted(email: str) -> str:
    """The office's own people never count as stakeholders."""
    of_office = User.objects.filter(
        Q(email__iexact=email.strip()) | Q(email__iexact=email_key(email)),
        is_active=True,
        agency=None,
    )
    return Registration.Counted.STAFF if of_office.exists() else Registration.Counted.COUNTED
