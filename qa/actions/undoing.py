"""Take back one's own last decision about a question, as long as nobody has changed it since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from engagements.refusals import Refused
from qa import projection, states
from qa.actions import bulk, deciding
from qa.models import FloorEvent, Label, Question

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engagements.models import Speaker, User
    from qa.models import Floor

UNDONE: Final = "question.undone"
UNDOABLE: Final = frozenset(
    f"question.{what}"
    for what in (
        states.SHOWN, states.HELD, states.DISMISSED, "diverted", "labelled", "assigned",
        states.ANSWERING, states.ANSWERED_LIVE, states.FOLLOW_UP, states.NO_OUTCOME,
    )
)  # fmt: skip


def undo(floor: Floor, *, by: User, questions: Sequence[tuple[int, int]]) -> bulk.Outcome:
    """`questions` are pairs of a number and the revision that was seen.

    What was taken back already does not count: undoing again takes back the decision before.
    """
    with transaction.atomic():
        locked = deciding.lock(floor, by)
        return bulk.each(locked, questions, lambda question: _undo(locked, question, by))


def _undo(locked: Floor, question: Question, by: User) -> Question:
    events = FloorEvent.objects.filter(floor=locked, question_number=question.number)
    history = list(events.order_by("-number"))
    at = _last_decision(history, question, by)
    if at + 1 == len(history):
        raise Refused("already", _nothing_to_undo(question))
    before = projection.complete(history[at + 1].payload["question"])
    changes = _as_it_was(locked, before) | _decided(history[at + 1 :], before, by)
    if changes["state"] == states.SHOWN and not question.is_shown:
        changes |= deciding.told_anew(locked, question)
    return deciding.store(locked, question, by, UNDONE, decides=False, **changes)


def _last_decision(history: Sequence[FloorEvent], question: Question, by: User) -> int:
    """The place in the history, newest first, of what is to be taken back."""
    if not history or not _is_of(history[0], by):
        raise Refused("decided", deciding.already_decided(question))
    taken_back = 0
    for at, event in enumerate(history):
        act = event.payload.get("act")
        if not _is_of(event, by) or act not in UNDOABLE | {UNDONE}:
            break
        if act == UNDONE:
            taken_back += 1
        elif taken_back:
            taken_back -= 1
        else:
            return at
    raise Refused("already", _nothing_to_undo(question))


def _is_of(event: FloorEvent, by: User) -> bool:
    who = event.payload.get("by")
    return bool(who) and who["account"] == by.pk


def _as_it_was(locked: Floor, before: dict[str, Any]) -> dict[str, Any]:
    """What a decision may have changed, from the log. Only one is being answered, still."""
    outcome = before["outcome"]
    if outcome == states.ANSWERING and locked.questions.filter(outcome=outcome).exists():
        outcome = states.NO_OUTCOME
    shown_at = before["shown_at"]
    return {
        "state": before["state"],
        "outcome": outcome,
        "shown_at": parse_datetime(shown_at) if shown_at else None,
        "dismissal": before["dismissal"],
        "dismissal_text": before["reason"],
        "tells_dismissal": before["tells_reason"],
        "label": _still_there(locked.engagement.labels, before["label_id"]),
        "speaker": _still_there(locked.engagement.speakers, before["speaker_id"]),
    }


def _still_there(among: Any, pk: int | None) -> Label | Speaker | None:
    found: Label | Speaker | None = among.filter(pk=pk).first() if pk else None
    return found


def _decided(history: Sequence[FloorEvent], before: dict[str, Any], by: User) -> dict[str, Any]:
    """Who had decided before, and when: of the last event that tells a decision."""
    at = before["decided_at"]
    if not at:
        return {"decided_by": None, "decided_at": None}
    deciders = (
        event.payload["by"]["account"]
        for event in history
        if event.payload.get("by") and event.payload["by"]["name"] == before["decided_by"]
    )
    account = next(deciders, None)
    who = type(by).objects.filter(pk=account).first() if account else None
    return {"decided_by": who, "decided_at": parse_datetime(at)}


def _nothing_to_undo(question: Question) -> str:
    return _("There is nothing of yours to undo about question %(number)d.") % {
        "number": question.number
    }
