"""The numbered log of a floor, and the hints that are given after commit.

An event is appended in the transaction of the change that it tells of. The announcement is only a
hint: who misses it reads the log.
"""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import orjson
import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from engagements import clock, rows
from qa import projection, states
from qa.models import Floor, FloorEvent

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from engagements.models import Registration, User
    from qa.models import Announcement, Poll, Question, WrittenAnswer

logger = structlog.get_logger(__name__)

RIGHTS: Final = "live.rights"
"""The channel-layer group to which every process listens for rights that end."""

server_loop: ContextVar[AbstractEventLoop | None] = ContextVar("server_loop", default=None)
"""The loop of the server that the running request or socket came through."""

COLUMNS: Final = ("floor_id", "number", "public_number", "kind", "payload", "at", "question_number")

NEWS: Final = "news"
VOTES: Final = "votes"
PEOPLE: Final = "people"
ENDED: Final = "ended"
LOOKING: Final = "looking"
STANDING: Final = "standing"
POLLS: Final = "polls"
BACKSTAGE: Final = "backstage"


def group(floor_id: int) -> str:
    """The channel-layer group to which every process with somebody on this floor listens."""
    return f"floor.{floor_id}"


def lock(floor_id: int) -> Floor:
    """The floor, held until the transaction ends: its changes are numbered one by one.

    The engagement is not held: who changes it wants the floor next, and would wait for us for ever.
    """
    floors = Floor.objects.select_for_update(of=("self",)).select_related(
        "engagement", "current_label"
    )
    return floors.get(pk=floor_id)


def append_question(
    floor: Floor,
    question: Question,
    *,
    act: str,
    by: User | None = None,
    was_shown: bool = False,
) -> None:
    """`act` is the audit's name of what was done; `by` who of the office did it, for the history
    of the question."""
    _append(floor, projection.QUESTION, [_told(question, act=act, by=by, was_shown=was_shown)])


def append_questions(
    floor: Floor,
    questions: Sequence[Question],
    *,
    act: str = "question.asked",
    by: User | None = None,
    shown_before: Collection[int] = (),
) -> None:
    """The same of many, in order; by default new ones. `shown_before` are the numbers of those
    that the room saw before."""
    told = [_told(one, act=act, by=by, was_shown=one.number in shown_before) for one in questions]
    _append(floor, projection.QUESTION, told)


def append_engagement(floor: Floor) -> None:
    _append(floor, projection.ENGAGEMENT, [{"state": floor.engagement.state}])


def append_floor(floor: Floor) -> None:
    _append(floor, projection.FLOOR, [describe_floor(floor)])


def append_announcement(floor: Floor, announcement: Announcement) -> None:
    _append(floor, projection.ANNOUNCEMENT, [{"announcement": describe_announcement(announcement)}])


def append_poll(
    floor: Floor, poll: Poll, *, was_public: bool = False, is_gone: bool = False
) -> None:
    """A poll in the room was written, changed, opened, closed, taken back or deleted."""
    gone = {"state": states.POLL_GONE, "text": "", "options": []} if is_gone else {}
    told = {"poll": describe_poll(poll) | gone, "was_public": was_public}
    _append(floor, projection.POLL, [told])


def append_survey(floor: Floor, *, is_open: bool) -> None:
    _append(floor, projection.SURVEY, [{"is_open": is_open}])


def polls_changed(floor: Floor) -> None:
    """Tell the processes to count answers, after commit."""
    transaction.on_commit(partial(announce, group(floor.pk), {"type": POLLS}))


def votes_changed(floor: Floor) -> None:
    """Tell the processes to look, after commit. What changed they read by the floor's mark."""
    transaction.on_commit(partial(announce, group(floor.pk), {"type": VOTES}))


def backstage_changed(floor: Floor) -> None:
    """Tell the processes to look, after commit; the floor's mark says so too."""
    transaction.on_commit(partial(announce, group(floor.pk), {"type": BACKSTAGE}))


def look(floor_id: int, message: dict[str, Any]) -> None:
    """Who is looking at what, for every process. Not stored, and no harm when it is lost."""
    announce(group(floor_id), message)


def people_changed(floor_id: int) -> None:
    announce(group(floor_id), {"type": PEOPLE})


def standing_changed(floor: Floor, registration: Registration) -> None:
    """Tell the person after commit whether the own questions are taken now."""
    told = {"type": STANDING, "registration": registration.pk}
    transaction.on_commit(partial(announce, group(floor.pk), told))


def tell_rights_ended(
    *, registration: int | None = None, account: int | None = None, device: int | None = None
) -> None:
    """Every process looks at the sockets of this person, or of this device's link, now."""
    who = {"registration": registration, "account": account, "device": device}
    announce(RIGHTS, {"type": ENDED} | who)


def describe(question: Question) -> dict[str, Any]:
    """All that the log keeps of a question. `projection` decides who sees which part; the words of
    a withdrawn one nobody does.

    Reads no more than the row where nothing is set; see `QuestionQuerySet.described` for the rest.
    """
    category = question.category
    decided_by = question.decided_by if question.decided_by_id else None
    label = question.label if question.label_id else None
    speaker = question.speaker if question.speaker_id else None
    merged_into = question.stands_for if question.merged_into_id else None
    told = {
        "number": question.number,
        "asker": question.asker_id,
        "client_id": str(question.client_id) if question.client_id else None,
        "asker_name": question.asker_name,
        "text": question.text,
        "original_text": question.original_text if question.is_edited else "",
        "language": question.language,
        "language_from": question.language_from,
        "state": question.state,
        "outcome": question.outcome,
        "revision": question.revision,
        "category": category.label if category else "",
        "source": question.source,
        "asked_at": _iso(question.asked_at),
        "shown_at": _iso(question.shown_at),
        "label": label.name if label else "",
        "label_id": question.label_id,
        "speaker": speaker.name if speaker else "",
        "speaker_id": question.speaker_id,
        "dismissal": question.dismissal,
        "reason": question.dismissal_text,
        "tells_reason": question.tells_dismissal,
        "merged_into": merged_into.number if merged_into else None,
        "people": question.people,
        "categories": question.categories,
        "answer": _describe_answer(question.answer) if question.has_answer else None,
        "note": question.note,
        "findings": question.open_findings,
        "flagged_words": question.flagged_words,
        "is_redacted": question.is_redacted,
        "wants_answer": question.wants_answer,
        "decided_by": decided_by.name if decided_by else "",
        "decided_by_id": question.decided_by_id,
        "decided_at": _iso(question.decided_at),
    }
    return told | projection.WORDLESS if question.state == states.WITHDRAWN else told


def forget(floor: Floor, numbers: Collection[int]) -> None:
    """The log tells the words of these withdrawn questions no longer, nor what they were before.
    Processes that hold events let go of their own by the event of the withdrawal."""
    told = FloorEvent.objects.filter(floor=floor, question_number__in=numbers)
    history = [
        (payload | {"question": payload["question"] | projection.WORDLESS}, pk)
        for payload, pk in told.values_list("payload", "pk")
    ]
    rows.update(FloorEvent, ["payload"], history)


def _describe_answer(answer: WrittenAnswer) -> dict[str, Any]:
    return {
        "text": answer.text,
        "by": answer.given_by,
        "reach": answer.reach,
        "is_published": answer.is_published,
    }


def describe_floor(floor: Floor) -> dict[str, Any]:
    label = floor.current_label if floor.current_label_id else None
    return {
        "state": floor.state,
        "voting": floor.voting,
        "attribution": floor.attribution,
        "seconds_between": floor.seconds_between,
        "label": label.name if label else "",
    }


def describe_announcement(announcement: Announcement) -> dict[str, Any]:
    """All that the log keeps of an announcement; of one that was taken back, no words."""
    is_withdrawn = announcement.withdrawn_at is not None
    return {
        "number": announcement.pk,
        "text": "" if is_withdrawn else announcement.text,
        "announced_at": _iso(announcement.announced_at),
        "is_withdrawn": is_withdrawn,
    }


def describe_poll(poll: Poll) -> dict[str, Any]:
    """All that the log keeps of a poll. Its results by role category are for the office only."""
    results = poll.results or {}
    return {
        "number": poll.number,
        "kind": poll.kind,
        "text": poll.text,
        "options": [option.text for option in poll.options.all()],
        "low_label": poll.low_label,
        "high_label": poll.high_label,
        "state": poll.state,
        "shows_live": poll.shows_live,
        "opened_at": _iso(poll.opened_at),
        "closed_at": _iso(poll.closed_at),
        "results": {name: results[name] for name in ("answers", "counts", "percents")}
        if results
        else None,
    }


def as_message(event: FloorEvent) -> dict[str, Any]:
    """An event as it travels between processes."""
    at = event.at.timestamp()
    return _as_message(event.number, event.public_number, event.kind, event.payload, at)


def _as_message(
    number: int, public_number: int | None, kind: str, payload: dict[str, Any], at: float
) -> dict[str, Any]:
    return {
        "number": number,
        "public_number": public_number,
        "kind": kind,
        "payload": payload,
        "at": at,
    }


def pack(told: Sequence[dict[str, Any]]) -> str:
    """Events as one text: a channel layer copies what it is given, value by value."""
    return orjson.dumps(told).decode()


def unpack(text: str) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = orjson.loads(text)
    return events


def announce(to: str, message: dict[str, Any]) -> None:
    """Never fails: what is committed stays acknowledged, and listeners find a gap by number.

    Under a server the announcement is handed to its loop, and not waited for: a loop that stops
    meanwhile would be waited for by this thread, and the process by the thread, for ever.
    """
    loop = server_loop.get()
    if loop is None:
        async_to_sync(_send)(to, message)
    elif loop.is_running():
        asyncio.run_coroutine_threadsafe(_send(to, message), loop)


async def _send(to: str, message: dict[str, Any]) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        await layer.group_send(to, message)
    except Exception as error:  # noqa: BLE001 - whatever the layer raises, the change stands
        logger.warning("announcement_lost", group=to, error=type(error).__name__)


def _told(
    question: Question, *, act: str, by: User | None = None, was_shown: bool = False
) -> dict[str, Any]:
    return {
        "question": describe(question),
        "was_shown": was_shown,
        "act": act,
        "by": {"account": by.pk, "name": by.name} if by else None,
    }


def _append(floor: Floor, kind: str, payloads: Sequence[dict[str, Any]]) -> None:
    """`floor` must come from `lock` in the same transaction."""
    now = clock.now()
    appended = []
    for payload in payloads:
        is_public = projection.for_audience(kind, payload, projection.ROOM) is not None
        floor.head += 1
        floor.public_head += is_public
        number = floor.public_head if is_public else None
        of = payload["question"]["number"] if kind == projection.QUESTION else None
        appended.append((floor.pk, floor.head, number, kind, payload, now, of))
    rows.insert(FloorEvent, COLUMNS, appended)
    floor.save(update_fields=["head", "public_head", "last_question_number", "vote_mark"])
    at = now.timestamp()
    told = [_as_message(*row[1:5], at) for row in appended]
    transaction.on_commit(partial(announce, group(floor.pk), {"type": NEWS, "events": pack(told)}))


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
