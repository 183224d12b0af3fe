"""Somebody recognizes that questions of different engagements are the same, or takes that back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements import audit, clock
from engagements.files.text import clean_line
from engagements.refusals import NotAllowed, Refused
from qa import identifiers, states
from qa.models import MAX_LENGTH
from readouts import rules
from readouts.models import Recurrence, RecurringQuestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engagements.models import User
    from qa.models import Question


@transaction.atomic
def note(
    questions: Sequence[Question],
    *,
    by: User,
    text: str = "",
    recurring: RecurringQuestion | None = None,
) -> RecurringQuestion:
    """These questions are the same: a new recurring one in the office's words, or one more of it.

    A question stands for one recurring question only. Who is not allowed for one of them notes
    none; a new one needs two engagements, else nothing recurs.
    """
    _check(questions, by)
    if recurring is None:
        if len({question.floor.engagement_id for question in questions}) < 2:
            raise Refused(
                "one_engagement", _("Choose questions of at least two different engagements.")
            )
        recurring = RecurringQuestion.objects.create(text=_worded(text), noted_by=by)
        audit.record("recurring.noted", recurring, by=by, text=audit.digest(recurring.text))
    elif not RecurringQuestion.objects.select_for_update().filter(pk=recurring.pk).exists():
        raise Refused("gone", _("Somebody has taken this recurring question back."))
    _add(questions, recurring, by)
    return recurring


@transaction.atomic
def forget(recurrence: Recurrence, *, by: User) -> None:
    """It is not the same question after all. With its last question a recurring one is gone."""
    engagement = recurrence.question.floor.engagement
    if not rules.may_follow(by, engagement):
        raise _not_allowed()
    changed, _rows = Recurrence.objects.filter(pk=recurrence.pk).delete()
    if not changed:
        raise Refused("already", _("Somebody has taken that back before."))
    audit.record(
        "recurrence.forgotten",
        recurrence.question,
        by=by,
        engagement=engagement,
        recurring=recurrence.recurring_id,
    )
    left = RecurringQuestion.objects.filter(pk=recurrence.recurring_id, recurrences=None)
    for recurring in left.select_for_update(of=("self",)):
        audit.record("recurring.forgotten", recurring, by=by)
        recurring.delete()


@transaction.atomic
def rename(recurring: RecurringQuestion, *, by: User, text: str) -> RecurringQuestion:
    """The same question in better words. By whoever may recognize one of its questions."""
    rows = recurring.recurrences.select_related("question__floor__engagement")
    if not any(rules.may_follow(by, one.question.floor.engagement) for one in rows):
        raise _not_allowed()
    words = _worded(text)
    if RecurringQuestion.objects.filter(pk=recurring.pk).exclude(text=words).update(text=words):
        audit.record("recurring.renamed", recurring, by=by, text=audit.digest(words))
    recurring.refresh_from_db()
    return recurring


def _check(questions: Sequence[Question], by: User) -> None:
    if not questions:
        raise Refused("empty", _("Choose at least one question."))
    for question in questions:
        if not rules.may_follow(by, question.floor.engagement):
            raise _not_allowed()
        if question.floor.engagement.is_rehearsal or question.state in {
            states.WITHDRAWN,
            states.MERGED,
        }:
            raise Refused(
                "not_counted",
                _("Question %(number)d does not stand for itself, so it cannot recur.")
                % {"number": question.number},
            )


def _add(questions: Sequence[Question], recurring: RecurringQuestion, by: User) -> None:
    taken = []
    for question in questions:
        row, is_new = Recurrence.objects.get_or_create(
            question=question,
            defaults={"recurring": recurring, "recognized_by": by, "recognized_at": clock.now()},
        )
        if is_new:
            audit.record(
                "recurrence.recognized",
                question,
                by=by,
                engagement=question.floor.engagement,
                recurring=recurring.pk,
            )
        elif row.recurring_id != recurring.pk:
            taken.append(question.number)
    if taken:
        raise Refused(
            "already",
            ngettext(
                "Question %(numbers)s is recognized as another one already.",
                "Questions %(numbers)s are recognized as others already.",
                len(taken),
            )
            % {"numbers": ", ".join(map(str, taken))},
        )


def _worded(text: str) -> str:
    words = clean_line(text)
    if not words:
        raise Refused("empty", _("Please put the question in the office's words."))
    if len(words) > MAX_LENGTH:
        raise Refused(
            "too_long",
            _("That has %(length)d characters; %(most)d are possible.")
            % {"length": len(words), "most": MAX_LENGTH},
        )
    if identifiers.find(words):
        raise Refused(
            "identifier",
            _("These words may hold a personal identifier. Put the question without it."),
        )
    return words


def _not_allowed() -> NotAllowed:
    return NotAllowed("not_allowed", _("You do not edit all of these engagements."))
