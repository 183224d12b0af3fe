"""The office's written answer: drafted, published under a named person, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, clock
from engagements.refusals import Refused
from qa import states
from qa.actions import deciding
from qa.models import WrittenAnswer

if TYPE_CHECKING:
    from engagements.models import User
    from qa.models import Floor, Question


@transaction.atomic
def write(
    floor: Floor,
    *,
    by: User,
    number: int,
    seen: int,
    text: str,
    given_by: str,
    reach: str,
    publish: bool = False,
) -> Question:
    """Write the answer, or change it. One that is published is another from now on.

    `publish` does both at once: what is written goes out, or nothing is kept.
    """
    locked, question = _take(floor, by, number, seen)
    answer = question.answer if question.has_answer else None
    says = (text, given_by, reach)
    if answer is not None and (answer.text, answer.given_by, answer.reach) == says:
        if not publish or answer.is_published:
            raise Refused("already", _("The answer says this already."))
    else:
        question = _write(locked, question, by, says)
    if publish and not question.answer.is_published:
        return _publish(locked, question, by)
    return question


@transaction.atomic
def take_back(floor: Floor, *, by: User, number: int, seen: int) -> Question:
    """Nobody outside the office reads it any more; it is a draft again."""
    locked, question = deciding.take(floor, by, number, seen)
    if not question.has_answer or not question.answer.is_published:
        raise Refused("already", _("No answer is published."))
    answer = question.answer
    answer.published_by = answer.published_at = None
    answer.save()
    outcome = question.outcome
    if outcome == states.ANSWERED_IN_WRITING:
        outcome = states.NO_OUTCOME
    return _store(locked, question, by, "question.answer_taken_back", outcome)


@transaction.atomic
def discard(floor: Floor, *, by: User, number: int, seen: int) -> Question:
    """Throw a draft away."""
    locked, question = deciding.take(floor, by, number, seen)
    if not question.has_answer:
        raise Refused("already", _("There is no answer."))
    answer = question.answer
    if answer.is_published:
        raise Refused("published", _("The answer is published. Take it back first."))
    WrittenAnswer.objects.filter(pk=answer.pk).delete()
    question.has_answer = False
    return _store(locked, question, by, "question.answer_discarded")


def _take(floor: Floor, by: User, number: int, seen: int) -> tuple[Floor, Question]:
    locked, question = deciding.take(floor, by, number, seen)
    if question.state == states.WITHDRAWN:
        raise Refused("withdrawn", _("The asker has withdrawn this question."))
    return locked, question


def _write(floor: Floor, question: Question, by: User, says: tuple[str, str, str]) -> Question:
    if question.has_answer:
        answer = question.answer
    else:
        answer = WrittenAnswer(question=question, drafted_by=by)
    answer.text, answer.given_by, answer.reach = says
    if answer.is_published:
        _check_may_be_published(question, answer)
    answer.save()
    question.answer, question.has_answer = answer, True
    act = "question.answer_changed" if answer.is_published else "question.answer_drafted"
    return _store(floor, question, by, act)


def _publish(floor: Floor, question: Question, by: User) -> Question:
    """Everybody reads it below the question, or the asker alone, with the name of who gives it."""
    answer = question.answer
    _check_may_be_published(question, answer)
    answer.published_by, answer.published_at = by, clock.now()
    answer.save()
    outcome = question.outcome
    if question.state in states.ANSWERABLE and outcome in states.BEFORE_WRITTEN:
        outcome = states.ANSWERED_IN_WRITING
    return _store(floor, question, by, "question.answer_published", outcome)


def _check_may_be_published(question: Question, answer: WrittenAnswer) -> None:
    if answer.reach == WrittenAnswer.Reach.ALL and not question.is_shown:
        raise Refused(
            "not_shown",
            _("The room does not see this question. Show it, or answer the asker alone."),
        )
    if answer.reach == WrittenAnswer.Reach.ASKER and question.asker_id is None:
        raise Refused(
            "no_asker", _("Nobody of the room has asked this question. Answer it for everybody.")
        )


def _store(
    floor: Floor, question: Question, by: User, act: str, outcome: str | None = None
) -> Question:
    """The question's row and event, and for the audit what the answer said, as a digest."""
    kept = question.outcome if outcome is None else outcome
    answer = question.answer if question.has_answer else None
    stored = deciding.store(
        floor,
        question,
        by,
        act,
        decides=kept != question.outcome,
        has_answer=question.has_answer,
        outcome=kept,
    )
    if answer is not None:
        audit.record(
            "answer.written",
            question,
            by=by,
            engagement=floor.engagement,
            text=audit.digest(answer.text),
            reach=answer.reach,
            is_published=answer.is_published,
        )
    return stored
