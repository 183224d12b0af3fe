"""Somebody registers, confirms the address, or walks in.

Nothing tells whether an address was known before, not even time: what is written for a newcomer is
written for others too, and taken back.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from engagements import audit, clock, rules, states
from engagements.actions import accommodating, answering, attending, seating, subscribing, telling
from engagements.files.addresses import email_key
from engagements.models import (
    Engagement,
    Invitee,
    Notice,
    Registration,
    RoleCategory,
    User,
)
from engagements.queries.standing import Standing, standing
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engagements.audit import Actor
    from engagements.models import Series

State = Registration.State
Source = Registration.Source
Counted = Registration.Counted

OPEN: Final = frozenset({states.SCHEDULED, states.LIVE})

CONFIRM_WITHIN: Final = timedelta(days=3)
"""Who has not confirmed the address by then is forgotten."""

RENEWED: Final = (
    "name",
    "phone",
    "organization",
    "category_id",
    "language",
    "notice_id",
    "state",
    "source",
    "counted",
    "registered_at",
    "registered_by_id",
    "confirmed_at",
    "waitlisted_at",
)
"""What whoever comes back after cancelling gives anew. The address stays as it was given first."""


@transaction.atomic
def register(
    engagement: Engagement,
    *,
    name: str,
    email: str,
    organization: str,
    category: RoleCategory,
    by: Actor = "public",
    language: str = "en",
    answers: Mapping[int, Sequence[str]] | None = None,
    accommodations: Mapping[str, str] | None = None,
    wants_news: bool = False,
    invitee: Invitee | None = None,
    source: str = Source.FORM,
    phone: str = "",
) -> Registration:
    """One registration per address, and a mail with its personal link.

    A second time nothing changes and the same link is sent to the address given first; the caller
    must answer both times alike. Who had cancelled is registered anew. Refuses an engagement that
    is not open, and a category that is not offered. An invitee comes in without the form; the
    office (`by` an account, `source` STAFF) also outside the window, and without an address. Texts
    come clean from a form.
    """
    locked = seating.lock(engagement)
    source = Source.INVITED if invitee else source
    _check_open_to(locked, email, by=by, source=source, invitee=invitee)
    _check_category(category, source)
    wanted = Registration(
        engagement=locked,
        name=name,
        email=email.strip(),
        email_key=email_key(email) if email.strip() else None,
        phone=phone,
        organization=organization,
        category=category,
        language=language,
        notice=Notice.shown_for(locked),
        counted=_counted(email),
        source=source,
        registered_by=by if isinstance(by, User) else None,
        registered_at=clock.now(),
    )
    if locked.confirms_address and source == Source.FORM:
        wanted.state = State.UNCONFIRMED
    else:
        _give_place(wanted, locked)
    registration, became = _kept(wanted)
    with transaction.atomic():
        answering.answer(registration, answers or {})
        if accommodations:
            accommodating.request(registration, wanted=accommodations, by=_owner(registration, by))
        if wants_news and locked.series is not None and email:
            _want_news(registration, locked.series, email=email, language=language)
        # The same work for an address that was there before, and nothing of it stays.
        transaction.set_rollback(became == "repeated")
    if invitee is not None:
        _accept(invitee, registration)
    audit.record(f"registration.{became}", registration, by=by, engagement=locked)
    telling.link_again(registration)
    return registration


@transaction.atomic
def confirm(registration: Registration, *, by: Actor) -> Registration:
    """The owner has opened the mailed link: the seat is certain now, or the place on the waitlist.

    A second time nothing changes.
    """
    locked = seating.lock(registration.engagement)
    found = locked.registrations.get(pk=registration.pk)
    if found.state != State.UNCONFIRMED:
        return found
    if locked.state not in OPEN:
        raise Refused("registration_closed", _("Registration for this engagement is closed."))
    _give_place(found, locked)
    found.confirmed_at = clock.now()
    found.cancelled_at = None
    found.save(update_fields=["state", "waitlisted_at", "confirmed_at", "cancelled_at"])
    if locked.series is not None and found.email_key is not None:
        subscribing.grant(locked.series, key=found.email_key, by=found)
    audit.record("registration.confirmed", found, by=by, engagement=locked, state=found.state)
    telling.link_again(found)
    return found


@transaction.atomic
def walk_in(
    engagement: Engagement,
    *,
    name: str,
    category: RoleCategory,
    key: UUID,
    by: Actor = "public",
    language: str = "en",
) -> Registration:
    """Somebody at the door: a registration without an address, counted as present at once.

    The same form sent twice (`key`, name and category alike) makes one. Refuses what is not live,
    takes no walk-ins or has no seat free.
    """
    locked = seating.lock(engagement)
    if not takes_walk_ins(locked):
        raise Refused("no_walk_ins", _("Nobody can walk in at the moment."))
    _check_category(category, Source.WALK_IN)
    public_id = _id_of_walk_in(locked, key, name, category)
    known = locked.registrations.filter(public_id=public_id).first()
    if known is not None:
        return known
    is_of_office = isinstance(by, User) and by.is_office
    if not is_of_office and not seating.has_seat(locked):
        raise Refused("full", _("All seats are taken."))
    registration = Registration.objects.create(
        engagement=locked,
        public_id=public_id,
        name=name,
        category=category,
        language=language,
        notice=Notice.shown_for(locked),
        source=Source.WALK_IN,
        counted=Counted.STAFF if is_of_office else Counted.COUNTED,
    )
    audit.record("registration.walked_in", registration, by=by, engagement=locked)
    attending.visit(registration)
    return registration


def expire_unconfirmed() -> int:
    """Forget who never confirmed the address, in time or before the end. Returns how many.

    For the worker. Who had cancelled before, and has a history here, stays cancelled.
    """
    stale = Registration.objects.filter(state=State.UNCONFIRMED).filter(
        Q(registered_at__lt=clock.now() - CONFIRM_WITHIN) | ~Q(engagement__state__in=OPEN)
    )
    engagements = Engagement.objects.filter(pk__in=stale.values("engagement"))
    return sum(_expire(engagement) for engagement in engagements)


def is_open(engagement: Engagement) -> bool:
    """People may register now. Nobody registers for a rehearsal: its people are made up."""
    return standing(engagement) is Standing.OPEN and not engagement.is_rehearsal


def takes_walk_ins(engagement: Engagement) -> bool:
    """Whether walking in is possible now, apart from seats."""
    return (
        engagement.takes_walk_ins
        and engagement.state == states.LIVE
        and not engagement.is_rehearsal
    )


def key_of_erased(key: str) -> str:
    """Stands for the address of somebody who was removed and deleted the own registration, so that
    it stays removed, and tells nobody the address."""
    return f"erased:{salted_hmac('engagements.erased', key).hexdigest()}"


@transaction.atomic
def _expire(engagement: Engagement) -> int:
    locked = seating.lock(engagement)
    stale = locked.registrations.filter(state=State.UNCONFIRMED)
    if locked.state in OPEN:
        stale = stale.filter(registered_at__lt=clock.now() - CONFIRM_WITHIN)
    found = list(stale)
    audit.record_all(
        "registration.expired", [(one, "worker", {}) for one in found], engagement=locked
    )
    if locked.series is not None:
        subscribing.forget_wishes(locked.series, {one.email_key for one in found if one.email_key})
    returned = [one.pk for one in found if one.cancelled_at]
    Registration.objects.filter(pk__in=returned).update(state=State.CANCELLED)
    Registration.objects.filter(pk__in={one.pk for one in found} - set(returned)).delete()
    return len(found)


def _kept(wanted: Registration) -> tuple[Registration, str]:
    """The registration of this address, and what became of it: created, renewed or repeated."""
    key = wanted.email_key
    if key is None:
        wanted.save()
        return wanted, "created"
    known = wanted.engagement.registrations.filter(email_key__in=[key, key_of_erased(key)]).first()
    if known is None:
        # A unique violation would write the address into the database server's log.
        Registration.objects.bulk_create([wanted], ignore_conflicts=True)
        known = wanted.engagement.registrations.get(email_key=key)
        return known, "created" if known.public_id == wanted.public_id else "repeated"
    if known.state != State.CANCELLED or known.removed_at is not None:
        return known, "repeated"
    for field in RENEWED:
        setattr(known, field, getattr(wanted, field))
    if known.state != State.UNCONFIRMED:
        known.cancelled_at = None
    known.save()
    return known, "renewed"


def _give_place(registration: Registration, locked: Engagement) -> None:
    """A seat, or the end of the waitlist. The office's own people take no seat."""
    is_seated = registration.counted != Counted.COUNTED or seating.has_seat(locked)
    registration.state = State.REGISTERED if is_seated else State.WAITLISTED
    registration.waitlisted_at = None if is_seated else clock.now()


def _want_news(registration: Registration, series: Series, *, email: str, language: str) -> None:
    """Whoever types a stranger's address subscribes nobody, where addresses are confirmed."""
    if registration.state == State.UNCONFIRMED:
        subscribing.wish(series, email=email, language=language)
    else:
        subscribing.subscribe(series, email=email, language=language, by=registration)


def _accept(invitee: Invitee, registration: Registration) -> None:
    Invitee.objects.filter(pk=invitee.pk).exclude(state=Invitee.State.ACCEPTED).update(
        state=Invitee.State.ACCEPTED, registration=registration, answered_at=clock.now()
    )


def _check_open_to(
    engagement: Engagement, email: str, *, by: Actor, source: str, invitee: Invitee | None
) -> None:
    if source == Source.STAFF and not (
        isinstance(by, User) and rules.may_act_for_registrants(by, engagement)
    ):
        raise NotAllowed("not_allowed", _("You may not register people here."))
    if invitee is not None and not _is_for(invitee, engagement, email):
        raise Refused("invitee", _("This invitation is for another address."))
    is_possible = engagement.state in OPEN and not engagement.is_rehearsal
    if is_possible and source == Source.STAFF:
        return
    stands = standing(engagement)
    if is_possible and stands is Standing.INVITED and invitee is None:
        raise Refused("invitation_only", _("This engagement is only for people who were invited."))
    if not is_possible or stands not in {Standing.OPEN, Standing.INVITED}:
        raise Refused("registration_closed", _("Registration for this engagement is closed."))


def _is_for(invitee: Invitee, engagement: Engagement, email: str) -> bool:
    """The office may have withdrawn it while the form was filled in."""
    return engagement.invitees.filter(pk=invitee.pk, email_key=email_key(email)).exists()


def _check_category(category: RoleCategory, source: str) -> None:
    """The office may also enter that somebody on the phone did not state a role."""
    possible = Q(is_offered=True)
    if source == Source.STAFF:
        possible |= Q(kind=RoleCategory.Kind.NOT_STATED)
    if not RoleCategory.objects.filter(possible, pk=category.pk).exists():
        raise Refused("category", _("Please choose one of the roles that are offered."))


def _counted(email: str) -> str:
    """The office's own people never count as stakeholders."""
    if not email.strip():
        return Counted.COUNTED
    of_office = User.objects.filter(
        Q(email__iexact=email.strip()) | Q(email__iexact=email_key(email)),
        is_active=True,
        agency=None,
    )
    return Counted.STAFF if of_office.exists() else Counted.COUNTED


def _owner(registration: Registration, by: Actor) -> Actor:
    return by if isinstance(by, User) else registration


def _id_of_walk_in(engagement: Engagement, key: UUID, name: str, category: RoleCategory) -> UUID:
    """Secret like every public id: whoever knows the form's key cannot make it."""
    parts = f"{engagement.pk}\n{key}\n{category.pk}\n{name}"
    return UUID(bytes=salted_hmac("engagements.walk_in", parts).digest()[:16], version=4)
