"""Decide about questions. Nobody's decision is ever overwritten unseen.

A moderator decides about a question as she saw it: `seen` is the revision on her page. When
somebody was first, the decision is refused and told who decided what, and when.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from engagements import audit, clock
from engagements.refusals import NotAllowed, Refused
from qa import events, rules, states
from qa.models import DismissalReason, Question

if TYPE_CHECKING:
    from engagements.models import User
    from qa.models import Floor


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
    given = DismissalReason.objects.filter(code=reason, is_active=True).first()
    if given is None:
        raise Refused("invalid", _("Please choose a reason."))
    words = f"{given.label}: {text}" if text else given.label
    changes = {
        "dismissal": given.code, "dismissal_text": words, "tells_dismissal": given.is_told
    }  # fmt: skip
    return _decide(floor, "dismiss", by=by, number=number, seen=seen, **changes)


@transaction.atomic
def mark(floor: Floor, *, by: User, number: int, seen: int, outcome: str) -> Question:
    """Say what is becoming of a shown question. Only one is being answered at a time."""
    locked, question = _take(floor, by, number, seen)
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
    return _store(locked, question, by, f"question.{outcome}", outcome=outcome)


@transaction.atomic
def _decide(floor: Floor, move: str, *, by: User, number: int, seen: int, **more: Any) -> Question:
    locked, question = _take(floor, by, number, seen)
    sources, state = states.MODERATION[move]
    if question.state not in sources:
        raise Refused(
            "already",
            _("Question %(number)d is %(state)s.")
            % {"number": number, "state": question.get_state_display()},
        )
    changes: dict[str, Any] = {"state": state, "dismissal": "", "dismissal_text": ""} | more
    if state == states.SHOWN:
        changes["shown_at"] = question.shown_at or clock.now()
        changes |= _told_anew(locked, question)
    else:
        changes["outcome"] = states.NO_OUTCOME
    return _store(locked, question, by, f"question.{state}", **changes)


def _take(floor: Floor, by: User, number: int, seen: int) -> tuple[Floor, Question]:
    """The locked floor and the question, if it still is as the moderator saw it."""
    if not rules.may_moderate(by, floor.engagement):
        raise NotAllowed("not_allowed", _("You do not moderate this engagement."))
    locked = events.lock(floor.pk)
    question = locked.questions.described().filter(number=number).first()
    if question is None:
        raise NotAllowed("unknown_question", _("There is no question with this number."))
    if question.revision != seen:
        raise Refused("decided", _already_decided(question))
    return locked, question


def _store(floor: Floor, question: Question, by: User, action: str, **changes: Any) -> Question:
    was_shown = question.is_shown
    changes |= {"decided_by": by, "decided_at": clock.now(), "revision": question.revision + 1}
    changed = Question.objects.filter(pk=question.pk, revision=question.revision).update(**changes)
    if not changed:
        raise Refused("decided", _already_decided(question))
    for field, value in changes.items():
        setattr(question, field, value)
    events.append_question(floor, question, act=action, by=by, was_shown=was_shown)
    audit.record(
        action, question, by=by, engagement=floor.engagement, text=audit.digest(question.text)
    )
    return question


def _told_anew(floor: Floor, question: Question) -> dict[str, Any]:
    """Votes of a question that comes back: the room forgot it, and is told its count by a mark."""
    if not question.votes:
        return {}
    floor.vote_mark += 1
    events.votes_changed(floor)
    return {"vote_mark": floor.vote_mark}


def stop_answering(floor: Floor, *, by: User) -> None:
    """What was being answered goes back to no outcome: nobody said that it was answered."""
    for question in floor.questions.described().filter(outcome=states.ANSWERING):
        _store(floor, question, by, "question.none", outcome=states.NO_OUTCOME)


def _already_decided(question: Question) -> str:
    if question.state == states.WITHDRAWN:
        return _("The asker has withdrawn question %(number)d.") % {"number": question.number}
    if question.decided_by is None or question.decided_at is None:
        return _("Question %(number)d has changed since you saw it.") % {"number": question.number}
    local = question.floor.engagement.local(question.decided_at)
    return _("%(name)s decided about question %(number)d at %(time)s: %(state)s.") % {
        "name": question.decided_by.name,
        "number": question.number,
        "time": date_format(local, "g:i:s a"),
        "state": question.get_state_display(),
    }
