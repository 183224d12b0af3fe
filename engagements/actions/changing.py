"""The own registration: changed, cancelled, deleted. The office does the same for who phoned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, clock, rules, signals, states
from engagements.actions import accommodating, answering, registering, seating, telling
from engagements.models import Invitee, OutgoingMail, Registration, RoleCategory, User
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engagements.audit import Actor
    from engagements.models import Engagement


@transaction.atomic
def change(
    registration: Registration,
    *,
    by: Actor,
    name: str,
    organization: str,
    category: RoleCategory | None = None,
    answers: Mapping[int, Sequence[str]] | None = None,
    accommodations: Mapping[str, str] | None = None,
) -> Registration:
    """What the person says of herself, and what she needs. None leaves a thing as it is.

    The category changes until the engagement starts. Without a change nothing is written or sent.
    """
    locked, found = _open(registration, by)
    wanted = {"name": name, "organization": organization}
    changed = [field for field, value in wanted.items() if getattr(found, field) != value]
    if category is not None and category.pk != found.category_id:
        _check_category(locked, category)
        found.category = category
        changed.append("category")
    found.name, found.organization = name, organization
    found.save(update_fields=["name", "organization", "category"])
    if answers is not None and answering.answer(found, answers):
        changed.append("answers")
    if accommodations is not None:
        accommodating.request(found, wanted=accommodations, by=by)
    if changed:
        audit.record("registration.changed", found, by=by, engagement=locked, fields=changed)
        telling.changed(found)
    return found


@transaction.atomic
def cancel(registration: Registration, *, by: Actor) -> Registration:
    """The person does not come. Until the engagement ends; the seat goes to who waits longest."""
    locked, found = _open(registration, by)
    found.state = Registration.State.CANCELLED
    found.cancelled_at = clock.now()
    found.waitlisted_at = None
    found.save(update_fields=["state", "cancelled_at", "waitlisted_at"])
    audit.record("registration.cancelled", found, by=by, engagement=locked)
    signals.rights_ended.send(Registration, registration=found.pk)
    telling.withdrawn(found)
    seating.promote(locked)
    return found


@transaction.atomic
def erase(registration: Registration, *, by: Actor) -> Registration:
    """What tells who the person was is gone for good. That somebody registered and came, and what
    was asked, stays, so that no published figure changes.

    For who was removed or has cancelled, and for everybody once the engagement is over.
    """
    locked = seating.lock(registration.engagement)
    found = locked.registrations.get(pk=registration.pk)
    _check_may_act(found, by)
    if not rules.may_erase(found):
        raise Refused("not_yet", _("Please cancel your registration first."))
    is_kept_out = found.removed_at is not None and found.email_key is not None
    if not found.is_erased:
        found.email_key = registering.key_of_erased(found.email_key or "") if is_kept_out else None
    found.name = found.email = found.phone = found.organization = ""
    found.save(update_fields=["name", "email", "email_key", "phone", "organization"])
    found.answers.all().delete()
    found.accommodations.all().delete()
    found.listed.update(name="", email="", email_key="", phone="")
    found.mails.all().delete()
    invited = Invitee.objects.filter(registration=found)
    OutgoingMail.objects.filter(
        engagement=locked, template__in=telling.TO_INVITEES, to__in=invited.values("email")
    ).delete()
    invited.delete()
    audit.record("registration.erased", found, by=by, engagement=locked)
    return found


def _open(registration: Registration, by: Actor) -> tuple[Engagement, Registration]:
    """The engagement, locked, and the registration of this moment, which may be changed."""
    locked = seating.lock(registration.engagement)
    found = locked.registrations.select_related("category").get(pk=registration.pk)
    _check_may_act(found, by)
    if not rules.may_change(found):
        raise Refused("closed", _("This registration can no longer be changed."))
    return locked, found


def _check_may_act(registration: Registration, by: Actor) -> None:
    if isinstance(by, User):
        is_allowed = rules.may_act_for_registrants(by, registration.engagement)
    else:
        is_allowed = isinstance(by, Registration) and by.pk == registration.pk
    if not is_allowed:
        raise NotAllowed("not_allowed", _("This is somebody else's registration."))


def _check_category(engagement: Engagement, category: RoleCategory) -> None:
    if engagement.state != states.SCHEDULED:
        raise Refused("category", _("The role can be changed only until the engagement starts."))
    if not RoleCategory.objects.filter(pk=category.pk, is_offered=True).exists():
        raise Refused("category", _("Please choose one of the roles that are offered."))
