"""Take back one's own last decision about a question, as long as nobody has changed it since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from engagements.refusals import Refused
from qa import projection, states
from qa.actions import bulk, deciding, gating
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
        "edited", "restored", "noted", "language_set",
    )
)  # fmt: skip
ELSEWHERE: Final = {
    "question.merged": _lazy("Question %(number)d was merged: open it to undo the merge."),
    "question.joined": _lazy("Question %(number)d took in another one: open that to undo it."),
    "question.answer": _lazy("The answer to question %(number)d is changed where it was written."),
    "question.translated": _lazy(
        "The translation of question %(number)d is changed where it was written."
    ),
    "question.untranslated": _lazy(
        "The translation of question %(number)d is changed where it was written."
    ),
    "question.redact": _lazy("Open question %(number)d to undo its redaction."),
    "question.finding": _lazy("Open question %(number)d to decide anew about its identifiers."),
}
"""What is not taken back here, by how its act begins, and where it is."""


def undo(floor: Floor, *, by: User, questions: Sequence[tuple[int, int]]) -> bulk.Outcome:
    """`questions` are pairs of a number and the revision that was seen.

    What was taken back already does not count: undoing again takes back the decision before. With
    “answer now” the question comes back that had to stop for it; it is among those done.
    """
    with transaction.atomic():
        locked = deciding.lock(floor, by)
        resumed: list[Question] = []
        outcome = bulk.each(locked, questions, lambda q: _undo(locked, q, by, resumed))
        return outcome._replace(done=outcome.done + resumed)


def _undo(locked: Floor, question: Question, by: User, resumed: list[Question]) -> Question:
    events = FloorEvent.objects.filter(floor=locked, question_number=question.number)
    history = list(events.order_by("-number"))
    at = _last_decision(history, question, by)
    if at + 1 == len(history):
        raise Refused("already", _nothing_to_undo(question))
    before = projection.complete(history[at + 1].payload["question"])
    changes = _as_it_was(locked, question, before) | _decided(history[at + 1 :], before, by)
    changes |= _text_as_it_was(question, before)
    if changes["state"] == states.SHOWN and not question.is_shown:
        changes |= deciding.told_anew(locked, question)
    undone = deciding.store(locked, question, by, UNDONE, decides=False, **changes)
    if history[at].payload["act"] == f"question.{states.ANSWERING}":
        resumed += _resume(locked, history[at], by)
    return undone


def _resume(locked: Floor, answering: FloorEvent, by: User) -> list[Question]:
    """What stopped being answered for it, in the event before, unless it changed since."""
    stopped = FloorEvent.objects.filter(floor=locked, number=answering.number - 1).first()
    if stopped is None or not _is_of(stopped, by):
        return []
    was = stopped.payload.get("question", {})
    if stopped.payload.get("act") != f"question.{states.NO_OUTCOME}":
        return []
    question = deciding.find(locked, was["number"])
    is_as_it_was = question.revision == was["revision"] and question.is_shown
    if not is_as_it_was or locked.questions.filter(outcome=states.ANSWERING).exists():
        return []
    act = f"question.{states.ANSWERING}"
    return [deciding.store(locked, question, by, act, outcome=states.ANSWERING)]


def _last_decision(history: Sequence[FloorEvent], question: Question, by: User) -> int:
    """The place in the history, newest first, of what is to be taken back."""
    if not history or not _is_of(history[0], by):
        raise Refused("decided", deciding.already_decided(question))
    taken_back = 0
    for at, event in enumerate(history):
        act = event.payload.get("act")
        if not _is_of(event, by):
            break
        if act not in UNDOABLE | {UNDONE}:
            raise Refused("already", _elsewhere(act, question))
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


def _as_it_was(locked: Floor, question: Question, before: dict[str, Any]) -> dict[str, Any]:
    """What a decision may have changed, from the log. Only one is being answered, still."""
    outcome = before["outcome"]
    others = locked.questions.exclude(pk=question.pk)
    if outcome == states.ANSWERING and others.filter(outcome=outcome).exists():
        outcome = deciding.unmarked(question, before["state"])
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
        "note": before.get("note", question.note),
        "language": before["language"],
        "language_from": before.get("language_from", ""),
    }


def _text_as_it_was(question: Question, before: dict[str, Any]) -> dict[str, Any]:
    """Nothing is undone across a redaction: no text from the log brings back what one took out."""
    if before["text"] == question.text:
        return {}
    question.text = before["text"]
    return {"text": before["text"]} | gating.reexamine(question)


def _still_there(among: Any, pk: int | None) -> Label | Speaker | None:
    found: Label | Speaker | None = among.filter(pk=pk).first() if pk else None
    return found


def _decided(history: Sequence[FloorEvent], before: dict[str, Any], by: User) -> dict[str, Any]:
    """Who had decided before, and when: of the last event that tells a decision."""
    at = before["decided_at"]
    if not at:
        return {"decided_by": None, "decided_at": None}
    account = before["decided_by_id"] if "decided_by_id" in before else _by_name(history, before)
    who = type(by).objects.filter(pk=account).first() if account else None
    return {"decided_by": who, "decided_at": parse_datetime(at)}


def _by_name(history: Sequence[FloorEvent], before: dict[str, Any]) -> int | None:
    """For what was told before the log knew the account."""
    deciders = (
        event.payload["by"]["account"]
        for event in history
        if event.payload.get("by") and event.payload["by"]["name"] == before["decided_by"]
    )
    return next(deciders, None)


def _elsewhere(act: str | None, question: Question) -> str:
    for begin, words in ELSEWHERE.items():
        if act and act.startswith(begin):
            return str(words) % {"number": question.number}
    return _nothing_to_undo(question)


def _nothing_to_undo(question: Question) -> str:
    return _("There is nothing of yours to undo about question %(number)d.") % {
        "number": question.number
    }
