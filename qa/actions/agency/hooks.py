"""The addresses of an agency's systems, and what they are told. `delivering` sends it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

import orjson
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements import audit, clock, outbox
from engagements.refusals import NotAllowed, Refused
from qa import calling, rules
from qa.models import AgencyAnswer, Delivery, PublishedAnswer, Webhook

if TYPE_CHECKING:
    from collections.abc import Collection

    from engagements.models import Agency, User
    from qa.models import Forwarding

PING: Final = "ping"
"""Tells nothing; an agency asks for it to see that its address works."""

MOST: Final = 10
"""Addresses of one agency at a time."""


def lay(
    agency: Agency,
    event: str,
    *,
    forwarding: Forwarding | None = None,
    answers: Collection[AgencyAnswer | PublishedAnswer] = (),
) -> int:
    """Put the event into the queue of each address of the agency that wants it; how many do.

    Goes with the transaction of what it tells of. It says ids, numbers, counts and links only: no
    text of a question or an answer, and nobody's name. `answers` are of one engagement.
    """
    hooks = [hook for hook in in_force(agency) if event in hook.events]
    if hooks:
        body = _body(event, _data(forwarding, answers))
        Delivery.objects.bulk_create(_delivery(hook, event, body) for hook in hooks)
    return len(hooks)


@transaction.atomic
def add(*, by: User, url: str, events: Collection[str]) -> Webhook:
    """Tell this address of these events from now on. Its secret signs what it is told.

    What the address leads to is looked at when it is called, each time.
    """
    agency = by.agency
    if agency is None or not rules.may_integrate(by):
        raise NotAllowed("not_allowed", _("You add no address for this agency."))
    if set(events) - set(Webhook.Event.values) or not events:
        raise Refused("events", _("Choose at least one event."))
    try:
        calling.target(url, may_stay_here=settings.WEBHOOKS_MAY_STAY_HERE)
    except calling.NotCalled as error:
        raise Refused("url", _("The address must be one that begins with https://.")) from error
    type(agency).objects.select_for_update().get(pk=agency.pk)
    standing = in_force(agency)
    if len(standing) >= MOST:
        raise Refused("many", _("The agency has too many addresses. Stop one first."))
    if any(hook.url == url for hook in standing):
        raise Refused("known", _("This address is told already. Stop it first."))
    hook = Webhook.objects.create(
        agency=agency,
        url=url,
        events=[event for event in Webhook.Event.values if event in events],
        secret=calling.new_secret(),
        made_by=by,
    )
    audit.record("webhook.added", hook, by=by, agency=agency.pk, events=hook.events)
    return hook


@transaction.atomic
def stop(hook: Webhook, *, by: User) -> Webhook:
    """It is told nothing any more, nor what was still waiting for it."""
    if not rules.may_decide_about_integration(by, hook.agency_id):
        raise NotAllowed("not_allowed", _("There is no such address."))
    if not Webhook.objects.filter(pk=hook.pk, stopped_at=None).update(stopped_at=clock.now()):
        raise Refused("already", _("This address was stopped before."))
    hook.refresh_from_db()
    audit.record("webhook.stopped", hook, by=by, agency=hook.agency_id)
    return hook


@transaction.atomic
def ping(hook: Webhook, *, by: User) -> Delivery:
    """Send a message that tells nothing, to see whether it arrives."""
    _check_standing(hook, by)
    delivery = _delivery(hook, PING, _body(PING, {}))
    delivery.save()
    audit.record("webhook.tried", hook, by=by, agency=hook.agency_id)
    return delivery


@transaction.atomic
def send_again(delivery: Delivery, *, by: User) -> Delivery:
    """What arrived or was given up is sent once more, as it was and with the same key."""
    _check_standing(delivery.webhook, by)
    ended = [Delivery.State.DELIVERED, Delivery.State.FAILED]
    changed = Delivery.objects.filter(pk=delivery.pk, state__in=ended).update(
        state=Delivery.State.WAITING, attempts=0, due_at=clock.now(), taken_at=None
    )
    if not changed:
        raise Refused("waiting", _("This message is on its way already."))
    delivery.refresh_from_db()
    audit.record("webhook.sent_again", delivery.webhook, by=by, delivery=delivery.pk)
    return delivery


def in_force(agency: Agency) -> list[Webhook]:
    return list(agency.webhooks.filter(stopped_at=None))


def _check_standing(hook: Webhook, by: User) -> None:
    if not rules.may_integrate(by) or by.agency_id != hook.agency_id:
        raise NotAllowed("not_allowed", _("There is no such address."))
    if not Webhook.objects.filter(pk=hook.pk, stopped_at=None).exists():
        raise Refused("stopped", _("This address was stopped. Add it anew."))


def _delivery(hook: Webhook, event: str, body: str) -> Delivery:
    return Delivery(webhook=hook, key=f"msg_{secrets.token_hex(16)}", event=event, body=body)


def _body(event: str, data: dict[str, Any]) -> str:
    told = {"type": event, "timestamp": clock.now().isoformat(timespec="seconds"), "data": data}
    return orjson.dumps(told).decode()


def _data(
    forwarding: Forwarding | None, answers: Collection[AgencyAnswer | PublishedAnswer]
) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if forwarding is not None:
        told |= _of_forwarding(forwarding)
    if answers:
        told |= _of_answers(answers)
    return told


def _of_forwarding(forwarding: Forwarding) -> dict[str, Any]:
    return {
        "engagement": forwarding.engagement.slug,
        "forwarding": {
            "id": forwarding.pk,
            "number": forwarding.number,
            "state": forwarding.state,
            "questions": forwarding.question_count,
            "due_on": forwarding.due_on.isoformat() if forwarding.due_on else None,
            "digest": forwarding.digest,
            "page": outbox.absolute(reverse("agency-forwarding", args=[forwarding.pk])),
        },
    }


def _of_answers(answers: Collection[AgencyAnswer | PublishedAnswer]) -> dict[str, Any]:
    versions: dict[int, int | None] = {
        one.answer_id if isinstance(one, PublishedAnswer) else one.pk: one.number
        if isinstance(one, PublishedAnswer)
        else None
        for one in answers
    }
    rows = (
        AgencyAnswer.objects.filter(pk__in=versions)
        .order_by("question__number")
        .values_list("pk", "question__number", "state", "question__floor__engagement__slug")
    )
    told = [
        {"number": number, "state": state, "version": versions[pk]}
        for pk, number, state, _slug in rows
    ]
    return {"engagement": rows[0][3], "count": len(told), "answers": told}
