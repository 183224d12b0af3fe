"""What people need to take part: requested by them, arranged or declined by the coordinators.

The log holds states only: what somebody needs is nobody else's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, clock, rules
from engagements.actions import telling
from engagements.models import Accommodation, User
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engagements.audit import Actor
    from engagements.models import Engagement, Registration

State = Accommodation.State

DECIDED = frozenset({State.ARRANGED, State.DECLINED})


def is_open(engagement: Engagement) -> bool:
    """People may still say what they need: before the deadline, and not after the end."""
    until = engagement.accommodations_until
    return not engagement.is_over and (until is None or clock.now() < until)


@transaction.atomic
def request(registration: Registration, *, wanted: Mapping[str, str], by: Actor) -> None:
    """What the person needs from now on, as kind and detail; other kinds are withdrawn.

    A kind that stands with the same detail stays as it is, decided or not. After the deadline a
    change is refused, except by the office; withdrawing is possible always. Texts come clean from
    a form.
    """
    unknown = set(wanted) - set(Accommodation.Kind.values)
    if unknown:
        raise Refused("kind", _("Please choose from the accommodations that are offered."))
    known = {
        row.kind: row for row in registration.accommodations.select_for_update().order_by("pk")
    }
    asked = {kind: detail for kind, detail in wanted.items() if _is_news(known.get(kind), detail)}
    if asked and not (isinstance(by, User) or is_open(registration.engagement)):
        raise Refused(
            "too_late", _("Accommodations for this engagement can no longer be requested.")
        )
    for kind, detail in asked.items():
        _ask(registration, kind, detail, by=by)
    for kind, row in known.items():
        if kind not in wanted and row.state != State.WITHDRAWN:
            _withdraw(row, by=by)


def _is_news(row: Accommodation | None, detail: str) -> bool:
    return row is None or row.state == State.WITHDRAWN or row.detail != detail


def _ask(registration: Registration, kind: str, detail: str, *, by: Actor) -> None:
    """A changed request has to be looked at again, whatever was decided about the former one."""
    row, _is_new = Accommodation.objects.update_or_create(
        registration=registration,
        kind=kind,
        defaults={
            "detail": detail,
            "state": State.REQUESTED,
            "requested_at": clock.now(),
            "decided_at": None,
            "decided_by": None,
        },
    )
    # Administrators read the log, and not what somebody needs: so no kind.
    audit.record("accommodation.requested", row, by=by, engagement=registration.engagement)


def _withdraw(row: Accommodation, *, by: Actor) -> None:
    Accommodation.objects.filter(pk=row.pk).update(state=State.WITHDRAWN)
    audit.record("accommodation.withdrawn", row, by=by, engagement=row.registration.engagement)


@transaction.atomic
def decide(
    accommodation: Accommodation,
    *,
    by: User,
    state: str,
    seen: str,
    notes: str | None = None,
    tells: bool = False,
) -> Accommodation:
    """Requested, arranged or declined, and back; `notes` are the office's own, None keeps them.

    `seen` is the state that was on the page: whoever was slower is told so, and changes nothing.
    With `tells` the person hears of it by mail. What was withdrawn is not decided about.
    """
    engagement = accommodation.registration.engagement
    _check(by, engagement)
    if state not in {State.REQUESTED, *DECIDED}:
        raise Refused("state", _("Please choose one of the states."))
    is_decided = state in DECIDED
    fields: dict[str, Any] = {"state": state}
    if state != seen:
        fields |= {
            "decided_at": clock.now() if is_decided else None,
            "decided_by": by if is_decided else None,
        }
    if notes is not None:
        fields["notes"] = notes
    open_to_it = Accommodation.objects.filter(pk=accommodation.pk, state=seen).exclude(
        state=State.WITHDRAWN
    )
    if not open_to_it.update(**fields):
        raise Refused(
            "changed", _("Somebody has changed this request meanwhile. Please look again.")
        )
    accommodation.refresh_from_db()
    audit.record(
        f"accommodation.{state}" if state != seen else "accommodation.noted",
        accommodation,
        by=by,
        engagement=engagement,
    )
    if tells and is_decided:
        telling.accommodation_decided(accommodation)
    return accommodation


def _check(by: User, engagement: Engagement) -> None:
    if not rules.may_see_accommodations(by, engagement):
        raise NotAllowed("not_allowed", _("You do not coordinate this engagement."))
