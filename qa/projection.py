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
BACKSTAGE: Final = "backstage"
"""The desk, and among the screens those of speakers; no audience of its own."""

MASKING: Final = frozenset(
    f"question.{what}"
    for what in (
        "redacted", "edited", "restored", "undone", "answer_changed", "answer_taken_back",
        "name_taken_off",
    )
)  # fmt: skip
"""Acts after which older words of the same question are told to nobody any more."""

QUESTION: Final = "question"
FLOOR: Final = "floor"
ENGAGEMENT: Final = "engagement"
ANNOUNCEMENT: Final = "announcement"
POLL: Final = "poll"
SURVEY: Final = "survey"

_ROOM_FIELDS: Final = (
    "number",
    "text",
    "outcome",
    "shown_at",
    "asker_name",
    "label",
    "speaker",
    "speaker_id",
    "people",
    "categories",
)
_OWN_FIELDS: Final = (
    "number",
    "client_id",
    "text",
    "state",
    "outcome",
    "revision",
    "asked_at",
    "original_text",
    "asker_name",
    "merged_into",
    "is_redacted",
    "wants_answer",
)
_DESK_FIELDS: Final = (
    "number",
    "text",
    "state",
    "outcome",
    "revision",
    "category",
    "source",
    "language",
    "asked_at",
    "shown_at",
    "asker_name",
    "original_text",
    "label",
    "label_id",
    "speaker",
    "speaker_id",
    "dismissal",
    "reason",
    "tells_reason",
    "merged_into",
    "people",
    "categories",
    "answer",
    "note",
    "findings",
    "flagged_words",
    "is_redacted",
    "decided_by",
    "decided_at",
)

WORDLESS: Final[dict[str, Any]] = {
    "text": "", "original_text": "", "asker_name": "", "flagged_words": [],
}  # fmt: skip
"""What the log tells of a withdrawn question instead of its words."""

_POLL_FIELDS: Final = (
    "number",
    "kind",
    "text",
    "options",
    "low_label",
    "high_label",
    "state",
    "shows_live",
    "opened_at",
    "closed_at",
    "results",
)

_QUESTION_DEFAULTS: Final[dict[str, Any]] = {
    "asker_name": "",
    "original_text": "",
    "language": "",
    "label": "",
    "label_id": None,
    "speaker": "",
    "speaker_id": None,
    "reason": "",
    "tells_reason": True,
    "merged_into": None,
    "people": 1,
    "categories": 1,
    "answer": None,
    "findings": [],
    "flagged_words": [],
    "is_redacted": False,
    "wants_answer": False,
}
_FLOOR_DEFAULTS: Final[dict[str, Any]] = {
    "state": states.FLOOR_CLOSED,
    "voting": states.VOTES_PUBLIC,
    "attribution": states.ANONYMOUS,
    "seconds_between": 0,
    "label": "",
}


def for_audience(kind: str, payload: dict[str, Any], audience: str) -> messages.Event | None:
    """The message that this audience gets of an event; None when it is not theirs to know."""
    if kind == FLOOR:
        return cast("messages.Event", {"type": FLOOR} | floor_view(payload))
    if kind in {ENGAGEMENT, SURVEY}:
        return cast("messages.Event", {"type": kind, **payload})
    if kind == ANNOUNCEMENT:
        return _announcement_message(payload)
    if kind == POLL:
        return _poll_message(payload, audience)
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


def sees_backstage(audience: str, *, is_speaker: bool) -> bool:
    """Whether a socket is told what coordinator, moderators and speakers write to each other."""
    return audience == DESK or (audience == SCREEN and is_speaker)


def sees_poll(audience: str, state: str) -> bool:
    """A draft is for the desk alone, and a deleted one for nobody."""
    if audience == DESK:
        return state != states.POLL_GONE
    return state in {states.POLL_OPEN, states.POLL_CLOSED}


def sees_results(audience: str, *, shows_live: bool) -> bool:
    """Whether this audience is told what was answered so far in a poll that is open."""
    return audience == DESK or shows_live


def sees_question(audience: str, state: str) -> bool:
    return audience == DESK or state == states.SHOWN


def view(audience: str, question: dict[str, Any]) -> messages.RoomQuestion | messages.DeskQuestion:
    return desk_view(question) if audience == DESK else room_view(question)


def complete(question: dict[str, Any]) -> dict[str, Any]:
    """A question as the log keeps it today; what was told before it knew these fields had none."""
    return question if "wants_answer" in question else _QUESTION_DEFAULTS | question


def room_view(question: dict[str, Any]) -> messages.RoomQuestion:
    question = complete(question)
    view = {field: question[field] for field in _ROOM_FIELDS}
    view["is_edited"] = bool(question["original_text"])
    view["answer"] = _published(question["answer"], to_asker=False)
    return cast("messages.RoomQuestion", view)


def own_view(question: dict[str, Any]) -> messages.OwnQuestion:
    question = complete(question)
    view = {field: question[field] for field in _OWN_FIELDS}
    is_told = question["tells_reason"]
    view["dismissal"] = question["dismissal"] if is_told else ""
    view["reason"] = question["reason"] if is_told else ""
    view["answer"] = _published(question["answer"], to_asker=True)
    if question["state"] == states.WITHDRAWN:
        view |= {"text": "", "original_text": "", "asker_name": ""}
    return cast("messages.OwnQuestion", view)


def desk_view(question: dict[str, Any]) -> messages.DeskQuestion:
    question = complete(question)
    view = {field: question[field] for field in _DESK_FIELDS}
    if question["state"] == states.WITHDRAWN:
        view |= WORDLESS
    return cast("messages.DeskQuestion", view)


def floor_view(floor: dict[str, Any]) -> dict[str, Any]:
    """For everybody. An event of the log may be older than some of its fields."""
    return _FLOOR_DEFAULTS | {k: v for k, v in floor.items() if k in _FLOOR_DEFAULTS}


def _published(answer: dict[str, Any] | None, *, to_asker: bool) -> dict[str, Any] | None:
    """A written answer as far as it is out and meant for this reader."""
    if answer is None or not answer["is_published"]:
        return None
    if answer["reach"] != "all" and not to_asker:
        return None
    return {"text": answer["text"], "by": answer["by"]}


def announcement_view(announcement: dict[str, Any]) -> messages.Announcement:
    """For everybody; who wrote it is withheld."""
    return {
        "number": announcement["number"],
        "text": announcement["text"],
        "announced_at": announcement["announced_at"],
    }


def poll_view(poll: dict[str, Any]) -> messages.Poll:
    """For whom it is at all; see `sees_poll`."""
    return cast("messages.Poll", {field: poll[field] for field in _POLL_FIELDS})


def results_view(
    audience: str, figures: messages.PollFigures, *, shows_live: bool
) -> messages.PollFigures | None:
    """Of an open poll: everything, the number of answers for the screen, or nothing."""
    if sees_results(audience, shows_live=shows_live):
        return figures
    if audience == SCREEN:
        return {"answers": figures["answers"], "counts": [], "percents": []}
    return None


def _poll_message(payload: dict[str, Any], audience: str) -> messages.Event | None:
    poll = payload["poll"]
    if sees_poll(audience, poll["state"]):
        return {"type": POLL, "poll": poll_view(poll)}
    if audience == DESK or payload["was_public"]:
        return {"type": "poll-gone", "number": poll["number"]}
    return None


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
