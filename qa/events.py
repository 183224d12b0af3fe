"""The numbered log of a floor, and the hint that is given after commit.

An event is appended in the transaction of the change that it tells of. The announcement is only a
hint: who misses it reads the log.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from engagements import clock
from qa import projection
from qa.models import Floor, FloorEvent

if TYPE_CHECKING:
    from datetime import datetime

    from qa.models import Question

logger = structlog.get_logger(__name__)


def group(floor_id: int) -> str:
    """The channel-layer group to which every process with somebody on this floor listens."""
    return f"floor.{floor_id}"


def lock(floor_id: int) -> Floor:
    """The floor, held until the transaction ends: its changes are numbered one by one."""
    return Floor.objects.select_for_update().select_related("engagement").get(pk=floor_id)


def append_question(floor: Floor, question: Question, *, was_shown: bool = False) -> FloorEvent:
    payload = {"question": describe(question), "was_shown": was_shown}
    return _append(floor, projection.QUESTION, payload)


def append_engagement(floor: Floor) -> FloorEvent:
    return _append(floor, projection.ENGAGEMENT, {"state": floor.engagement.state})


def append_floor(floor: Floor) -> FloorEvent:
    return _append(floor, projection.FLOOR, {"state": floor.state})


def describe(question: Question) -> dict[str, Any]:
    """All that the log keeps of a question. `projection` decides who sees which part."""
    return {
        "number": question.number,
        "asker": question.asker_id,
        "client_id": str(question.client_id) if question.client_id else None,
        "text": question.text,
        "state": question.state,
        "outcome": question.outcome,
        "revision": question.revision,
        "category": question.category.label if question.category else "",
        "source": question.source,
        "asked_at": _iso(question.asked_at),
        "shown_at": _iso(question.shown_at),
        "dismissal": question.dismissal,
        "note": question.note,
        "decided_by": question.decided_by.name if question.decided_by else "",
        "decided_at": _iso(question.decided_at),
    }


def as_message(event: FloorEvent) -> dict[str, Any]:
    """An event as it travels between processes."""
    return {
        "number": event.number,
        "public_number": event.public_number,
        "kind": event.kind,
        "payload": event.payload,
    }


def _append(floor: Floor, kind: str, payload: dict[str, Any]) -> FloorEvent:
    """`floor` must come from `lock` in the same transaction."""
    is_public = projection.for_audience(kind, payload, projection.ROOM) is not None
    floor.head += 1
    floor.public_head += is_public
    floor.save(update_fields=["head", "public_head"])
    event = FloorEvent.objects.create(
        floor=floor,
        number=floor.head,
        public_number=floor.public_head if is_public else None,
        kind=kind,
        payload=payload,
        at=clock.now(),
    )
    transaction.on_commit(partial(_announce, floor.pk, as_message(event)))
    return event


def _announce(floor_id: int, message: dict[str, Any]) -> None:
    """Never fails: what is committed stays acknowledged, and listeners find a gap by number."""
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async_to_sync(layer.group_send)(group(floor_id), {"type": "news", "event": message})
    except Exception as error:  # noqa: BLE001 - whatever the layer raises, the change stands
        logger.warning("announcement_lost", floor=floor_id, error=type(error).__name__)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
