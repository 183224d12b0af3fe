"""More time for a list: the agency asks, the office grants or refuses."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements import audit, clock, outbox
from engagements.files.text import clean_text
from engagements.models import Role, User
from engagements.refusals import NotAllowed, Refused
from qa import rules, states
from qa.models import ExtensionRequest, Forwarding

if TYPE_CHECKING:
    from datetime import date

    from engagements.models import Engagement

LONGEST_TEXT: Final = 1_000
LONGEST: Final = timedelta(days=366)
"""No due date is asked for that lies further away than this."""


@transaction.atomic
def ask(forwarding: Forwarding, *, by: User, until: date, reason: str) -> ExtensionRequest:
    """One at a time; whoever forwards this engagement's lists is told by mail."""
    if not rules.may_lead(by, forwarding):
        raise NotAllowed("not_allowed", _("There is no such list."))
    locked = _locked(forwarding)
    reason = _text(reason, _("Say why more time is needed."))
    _check_until(locked, until)
    if locked.extensions.filter(state=ExtensionRequest.State.ASKED).exists():
        raise Refused("asked", _("More time was asked for already, and the office has it."))
    request = ExtensionRequest.objects.create(
        forwarding=locked, until=until, reason=reason, asked_by=by, asked_at=clock.now()
    )
    _record("extension.asked", request, by=by, until=until.isoformat())
    for person in _deciders(locked.engagement):
        _post("qa/extension_asked", person, request, _office_page(request))
    return request


@transaction.atomic
def withdraw(request: ExtensionRequest, *, by: User) -> ExtensionRequest:
    if not rules.may_lead(by, request.forwarding):
        raise NotAllowed("not_allowed", _("There is no such list."))
    return _decide(request, ExtensionRequest.State.WITHDRAWN, by=by, remark="")


@transaction.atomic
def grant(request: ExtensionRequest, *, by: User, remark: str = "") -> ExtensionRequest:
    """Moves the due date of the list, and tells who asked."""
    _check_decider(request, by)
    forwarding = _locked(request.forwarding)
    _check_until(forwarding, request.until)
    remark = _text(remark, "") if remark else ""
    decided = _decide(request, ExtensionRequest.State.GRANTED, by=by, remark=remark)
    Forwarding.objects.filter(pk=forwarding.pk).update(due_on=request.until)
    decided.forwarding.refresh_from_db(fields=["due_on"])
    _tell(decided)
    return decided


@transaction.atomic
def refuse(request: ExtensionRequest, *, by: User, remark: str) -> ExtensionRequest:
    """The due date stays; who asked is told why."""
    _check_decider(request, by)
    remark = _text(remark, _("Say why there is no more time."))
    decided = _decide(request, ExtensionRequest.State.REFUSED, by=by, remark=remark)
    _tell(decided)
    return decided


@transaction.atomic
def close(forwarding: Forwarding, *, by: User) -> None:
    """What was asked for a list that is not in force any more needs no decision. Its caller has
    changed the list in the same transaction, and tells the agency of that."""
    asked = {"forwarding": forwarding.pk, "state": ExtensionRequest.State.ASKED}
    for request in ExtensionRequest.objects.filter(**asked):
        # Meanwhile the agency may have withdrawn it itself.
        if ExtensionRequest.objects.filter(pk=request.pk, **asked).update(
            state=ExtensionRequest.State.WITHDRAWN, decided_by=by, decided_at=clock.now()
        ):
            detail = {"forwarding": forwarding.pk}
            engagement = forwarding.engagement
            audit.record("extension.closed", request, by=by, engagement=engagement, **detail)


def _locked(forwarding: Forwarding) -> Forwarding:
    """One after the other, and none for a list that is not in force or has no due date."""
    found = Forwarding.objects.select_for_update(of=("self",)).select_related(
        "engagement__series", "agency"
    )
    locked = found.get(pk=forwarding.pk)
    if locked.state != states.FORWARDING_SENT:
        raise Refused("not_in_force", _("This list is not in force any more."))
    if locked.due_on is None:
        raise Refused("no_due_date", _("This list has no due date."))
    return locked


def _check_until(forwarding: Forwarding, until: date) -> None:
    today = forwarding.engagement.local(clock.now()).date()
    earliest = max(today, forwarding.due_on or today)
    if not earliest < until <= today + LONGEST:
        raise Refused("until", _("Choose a day after the due date, and within a year from now."))


def _check_decider(request: ExtensionRequest, by: User) -> None:
    if not rules.may_forward(by, request.forwarding.engagement):
        raise NotAllowed("not_allowed", _("There is no such request."))


def _text(typed: str, missing: str) -> str:
    text = clean_text(typed)
    if missing and not text:
        raise Refused("no_reason", missing)
    if len(text) > LONGEST_TEXT:
        words = _("At most %(most)d characters are taken.")
        raise Refused("too_long", words % {"most": LONGEST_TEXT})
    return text


def _decide(request: ExtensionRequest, state: str, *, by: User, remark: str) -> ExtensionRequest:
    changed = ExtensionRequest.objects.filter(
        pk=request.pk, state=ExtensionRequest.State.ASKED
    ).update(state=state, remark=remark, decided_by=by, decided_at=clock.now())
    if not changed:
        raise Refused("decided", _("This request was decided about or withdrawn meanwhile."))
    decided = ExtensionRequest.objects.select_related(
        "forwarding__engagement__series", "forwarding__agency", "asked_by", "decided_by"
    ).get(pk=request.pk)
    _record(f"extension.{state}", decided, by=by)
    return decided


def _record(action: str, request: ExtensionRequest, *, by: User, **detail: Any) -> None:
    forwarding = request.forwarding
    detail |= {"forwarding": forwarding.pk}
    audit.record(action, request, by=by, engagement=forwarding.engagement, **detail)


def _deciders(engagement: Engagement) -> list[User]:
    """The engagement's editors, or where there are none, the administrators."""
    active = User.objects.filter(is_active=True, agency=None)
    editors = active.filter(
        memberships__engagement=engagement, memberships__role=Role.EDITOR
    ).distinct()
    return list(editors) or list(active.filter(is_administrator=True))


def _tell(request: ExtensionRequest) -> None:
    if request.asked_by.is_active and request.asked_by.agency_id == request.forwarding.agency_id:
        link = reverse("agency-forwarding", args=[request.forwarding_id])
        _post("qa/extension_decided", request.asked_by, request, link)


def _office_page(request: ExtensionRequest) -> str:
    return reverse("extension", args=[request.forwarding.engagement.slug, request.pk])


def _post(template: str, person: User, request: ExtensionRequest, link: str) -> None:
    outbox.post(
        template,
        to=person.email,
        engagement=request.forwarding.engagement,
        name=person.name,
        request=request,
        forwarding=request.forwarding,
        link=outbox.absolute(link),
    )
