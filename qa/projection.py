"""Who may see what of a change on the floor. Pure; what is not listed here is withheld."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from qa import states

if TYPE_CHECKING:
    from qa import messages

ROOM: Final = "room"
DESK: Final = "desk"
SCREEN: Final = "screen"
AUDIENCES: Final = (ROOM, DESK, SCREEN)

QUESTION: Final = "question"
FLOOR: Final = "floor"
ENGAGEMENT: Final = "engagement"
ANNOUNCEMENT: Final = "announcement"

_ROOM_FIELDS: Final = ("number", "text", "outcome", "shown_at")
_OWN_FIELDS: Final = (
    "number",
    "client_id",
    "text",
    "state",
    "outcome",
    "revision",
    "dismissal",
    "asked_at",
)
_DESK_FIELDS: Final = (
    "number",
    "text",
    "state",
    "outcome",
    "revision",
    "category",
    "source",
    "asked_at",
    "shown_at",
    "dismissal",
    "note",
    "decided_by",
    "decided_at",
)


def for_audience(kind: str, payload: dict[str, Any], audience: str) -> messages.Event | None:
    """The message that this audience gets of an event; None when it is not theirs to know."""
    if kind == FLOOR:
        return {"type": FLOOR, "state": payload["state"], "voting": payload["voting"]}
    if kind == ENGAGEMENT:
        return {"type": ENGAGEMENT, "state": payload["state"]}
    if kind == ANNOUNCEMENT:
        return _announcement_message(payload)
    if audience == DESK:
        return {"type": QUESTION, "question": desk_view(payload["question"])}
    return _public_message(payload)


def for_asker(kind: str, payload: dict[str, Any]) -> tuple[int, messages.OwnQuestionChanged] | None:
    """The registration that asked, and what it is told of its own question."""
    if kind != QUESTION or payload["question"]["asker"] is None:
        return None
    question = payload["question"]
    return question["asker"], {"type": "own-question", "question": own_view(question)}


def number_for(audience: str, event: dict[str, Any]) -> int | None:
    """The event's number as this audience counts; None when the audience is not told of it."""
    number: int | None = event["number" if audience == DESK else "public_number"]
    return number


def sees_counts(audience: str, voting: str) -> bool:
    """Whether this audience is told how many people voted for a question."""
    if audience == DESK:
        return voting != states.VOTES_OFF
    return voting == states.VOTES_PUBLIC


def sees_question(audience: str, state: str) -> bool:
    return audience == DESK or state == states.SHOWN


def view(audience: str, question: dict[str, Any]) -> messages.RoomQuestion | messages.DeskQuestion:
    return desk_view(question) if audience == DESK else room_view(question)


def room_view(question: dict[str, Any]) -> messages.RoomQuestion:
    return cast("messages.RoomQuestion", {field: question[field] for field in _ROOM_FIELDS})


def own_view(question: dict[str, Any]) -> messages.OwnQuestion:
    return cast("messages.OwnQuestion", {field: question[field] for field in _OWN_FIELDS})


def desk_view(question: dict[str, Any]) -> messages.DeskQuestion:
    view = {field: question[field] for field in _DESK_FIELDS}
    if question["state"] == states.WITHDRAWN:
        view["text"] = ""
    return cast("messages.DeskQuestion", view)


def announcement_view(announcement: dict[str, Any]) -> messages.Announcement:
    """For everybody; who wrote it is withheld."""
    return {
        "number": announcement["number"],
        "text": announcement["text"],
        "announced_at": announcement["announced_at"],
    }


def _announcement_message(payload: dict[str, Any]) -> messages.Event:
    announcement = payload["announcement"]
    if announcement["is_withdrawn"]:
        return {"type": "announcement-gone", "number": announcement["number"]}
    return {"type": ANNOUNCEMENT, "announcement": announcement_view(announcement)}


def _public_message(payload: dict[str, Any]) -> messages.Event | None:
    question = payload["question"]
    if question["state"] == states.SHOWN:
        return {"type": QUESTION, "question": room_view(question)}
    if payload["was_shown"]:
        return gone(question["number"])
    return None


def gone(number: int) -> messages.QuestionGone:
    return {"type": "question-gone", "number": number}
