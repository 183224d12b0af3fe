"""Decide about questions, one at a time. See `deciding` for what is refused to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import clock
from engagements.refusals import Refused
from qa import states
from qa.actions import deciding
from qa.models import DismissalReason

if TYPE_CHECKING:
    from engagements.models import User
    from qa.models import Floor, Question


def show(floor: Floor, *, by: User, number: int, seen: int) -> Question:
    """Everybody in the room sees it from now on."""
    return _decide(floor, "show", by=by, number=number, seen=seen)


def hold(floor: Floor, *, by: User, number: int, seen: int) -> Question:
    """Reviewed, and not public."""
    return _decide(floor, "hold", by=by, number=number, seen=seen)


def dismiss(
    floor: Floor, *, by: User, number: int, seen: int, reason: str, text: str = ""
) -> Question:
    """`reason` is the code of one of the office's reasons in use, `text` says it in own words.

    The asker is told both where the reason is one that is told.
    """
    changes = dismissal(reason, text)
    return _decide(floor, "dismiss", by=by, number=number, seen=seen, **changes)


def divert(floor: Floor, *, by: User, number: int, seen: int) -> Question:
    """It is about one case: the asker is told where such questions go. It still counts as asked."""
    return _decide(floor, "divert", by=by, number=number, seen=seen, **diversion())


@transaction.atomic
def mark(floor: Floor, *, by: User, number: int, seen: int, outcome: str) -> Question:
    """Say what is becoming of a shown question. Only one is being answered at a time."""
    locked, question = deciding.take(floor, by, number, seen)
    if not question.is_shown:
        raise Refused("not_shown", _("Only a shown question can be answered. Show it first."))
    if question.outcome not in states.OUTCOMES[outcome]:
        raise Refused(
            "already",
            _("Question %(number)d is already “%(outcome)s”.")
            % {"number": number, "outcome": question.get_outcome_display()},
        )
    if outcome == states.ANSWERING:
        stop_answering(locked, by=by)
    act = f"question.{outcome}"
    if outcome == states.NO_OUTCOME:
        outcome = deciding.unmarked(question, question.state)
    return deciding.store(locked, question, by, act, outcome=outcome)


@transaction.atomic
def _decide(floor: Floor, move: str, *, by: User, number: int, seen: int, **more: Any) -> Question:
    locked, question = deciding.take(floor, by, number, seen)
    act, changes, _decides = moved(locked, question, move, **more)
    return deciding.store(locked, question, by, act, **changes)


def moved(locked: Floor, question: Question, move: str, **more: Any) -> deciding.Change:
    """One move of a question that was picked on a locked floor. `more` is why it is dismissed."""
    sources, state = states.MODERATION[move]
    if question.state not in sources:
        raise Refused(
            "already",
            _("Question %(number)d is %(state)s.")
            % {"number": question.number, "state": question.get_state_display()},
        )
    changes: dict[str, Any] = {
        "state": state,
        "outcome": deciding.unmarked(question, state),
        "dismissal": "",
        "dismissal_text": "",
    } | more
    if state == states.SHOWN:
        changes["shown_at"] = question.shown_at or clock.now()
        changes |= deciding.told_anew(locked, question)
    act = "question.diverted" if move == "divert" else f"question.{state}"
    return deciding.Change(act, changes)


def dismissal(reason: str, text: str = "") -> dict[str, Any]:
    """What a question keeps of why it was dismissed."""
    given = DismissalReason.objects.filter(code=reason, is_active=True).first()
    if given is None:
        raise Refused("invalid", _("Please choose a reason."))
    words = f"{given.label}: {text}" if text else given.label
    return {"dismissal": given.code, "dismissal_text": words, "tells_dismissal": given.is_told}


def diversion() -> dict[str, Any]:
    """The same of a diverted one: always told, also where the office's list has it switched off."""
    given = DismissalReason.objects.get(code=states.CASE_SPECIFIC)
    return {"dismissal": given.code, "dismissal_text": given.label, "tells_dismissal": True}


def stop_answering(floor: Floor, *, by: User) -> None:
    """What was being answered goes back to no outcome: nobody said that it was answered."""
    for question in floor.questions.described().filter(outcome=states.ANSWERING):
        outcome = deciding.unmarked(question, question.state)
        deciding.store(floor, question, by, "question.none", outcome=outcome)
