"""The addresses of an agency's systems, and what they are told. `delivering` sends it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

import orjson
from django.urls import reverse

from engagements import clock, outbox
from qa.models import AgencyAnswer, Delivery, PublishedAnswer, Webhook

if TYPE_CHECKING:
    from collections.abc import Collection

    from engagements.models import Agency
    from qa.models import Forwarding

PING: Final = "ping"


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
    hooks = [hook for hook in agency.webhooks.filter(stopped_at=None) if event in hook.events]
    if hooks:
        body = _body(event, _data(forwarding, answers))
        Delivery.objects.bulk_create(_delivery(hook, event, body) for hook in hooks)
    return len(hooks)


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
    versions = {
        one.answer_id: one.number for one in answers if isinstance(one, PublishedAnswer)
    } | {one.pk: None for one in answers if isinstance(one, AgencyAnswer)}
    found = (
        AgencyAnswer.objects.filter(pk__in=versions)
        .order_by("question__number")
        .values_list("pk", "question__number", "state", "question__floor__engagement__slug")
    )
    rows = list(found)
    return {
        "engagement": rows[0][3],
        "count": len(rows),
        "answers": [
            {"number": number, "state": state}
            | ({"version": versions[pk]} if versions[pk] is not None else {})
            for pk, number, state, _slug in rows
        ],
    }
