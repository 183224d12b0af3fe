"""Who may see what of a change on the floor. Pure; what is not listed here is withheld."""

from __future__ import annotations

from typing import Any, Final

from qa import states

ROOM: Final = "room"
DESK: Final = "desk"

QUESTION: Final = "question"
FLOOR: Final = "floor"
ENGAGEMENT: Final = "engagement"

_ROOM_FIELDS: Final = ("number", "text", "outcome", "shown_at")
_OWN_FIELDS: Final = (
    "number",
    "client_id",
    "text",
    "state",
    "outcome",
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


def for_audience(kind: str, payload: dict[str, Any], audience: str) -> dict[str, Any] | None:
    """The message that this audience gets of an event; None when it is not theirs to know."""
    if kind in {FLOOR, ENGAGEMENT}:
        return {"type": kind, "state": payload["state"]}
    if audience == DESK:
        return {"type": QUESTION, "question": desk_view(payload["question"])}
    return _room_message(payload)


def for_asker(kind: str, payload: dict[str, Any]) -> tuple[int, dict[str, Any]] | None:
    """The registration that asked, and what it is told of its own question."""
    if kind != QUESTION or payload["question"]["asker"] is None:
        return None
    question = payload["question"]
    return question["asker"], {"type": "own-question", "question": own_view(question)}


def room_view(question: dict[str, Any]) -> dict[str, Any]:
    return {field: question[field] for field in _ROOM_FIELDS}


def own_view(question: dict[str, Any]) -> dict[str, Any]:
    return {field: question[field] for field in _OWN_FIELDS}


def desk_view(question: dict[str, Any]) -> dict[str, Any]:
    return {field: question[field] for field in _DESK_FIELDS}


def _room_message(payload: dict[str, Any]) -> dict[str, Any] | None:
    question = payload["question"]
    if question["state"] == states.SHOWN:
        return {"type": QUESTION, "question": room_view(question)}
    if payload["was_shown"]:
        return {"type": "question-gone", "number": question["number"]}
    return None
