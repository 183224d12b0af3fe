"""An asker puts the own question in other words while nobody has decided about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit
from engagements.refusals import NotAllowed, Refused
from qa import events, queries, states
from qa.actions import gating
from qa.actions.asking import detect
from qa.models import Question

if TYPE_CHECKING:
    from engagements.models import Registration
    from qa.models import Floor


@transaction.atomic
def change(
    floor: Floor, *, by: Registration, number: int, text: str, with_name: bool = False
) -> Question:
    """The asker's own words are others now; the log keeps those that were before.

    Refused as soon as somebody of the office has decided about it or worked on its words, to who
    was silenced, and once the engagement is over. `with_name` counts where each asker chooses.
    Words for words the same change nothing.
    """
    locked = events.lock(floor.pk)
    if by.pk not in queries.admitted(locked, {by.pk}):
        raise NotAllowed("not_admitted", _("Your link no longer opens this room."))
    question = locked.questions.described().filter(asker=by.pk, number=number).first()
    if question is None:
        raise NotAllowed("unknown_question", _("There is no such question of yours."))
    _check(locked, question)
    changes = _changes(locked, question, by, text, with_name=with_name)
    return _store(locked, question, by, changes) if changes else question


def _check(floor: Floor, question: Question) -> None:
    if question.state != states.WAITING:
        raise Refused(
            "not_waiting",
            _("This question is %(state)s and can no longer be changed.")
            % {"state": question.get_state_display()},
        )
    is_answered = question.has_answer and question.answer.is_published
    if question.is_edited or question.is_redacted or question.people > 1 or is_answered:
        raise Refused(
            "decided", _("A moderator is working on this question. It can no longer be changed.")
        )
    if floor.silences.filter(registration=question.asker_id, ended_at=None).exists():
        raise Refused("silenced", _("The moderators take no further questions from you."))
    if floor.engagement.is_over:
        raise Refused("not_live", _("This engagement is over. Questions can no longer be changed."))


def _changes(
    floor: Floor, question: Question, by: Registration, text: str, *, with_name: bool
) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if text != question.text:
        changes |= {"text": text, "original_text": text}
        # What was translated were other words, which the asker has taken back.
        question.translations.all().delete()
    if floor.attribution == states.OWN_CHOICE:
        name = by.name if with_name else ""
        if name != question.asker_name:
            changes["asker_name"] = name
    return changes


def _store(floor: Floor, question: Question, by: Registration, changes: dict[str, Any]) -> Question:
    changes["revision"] = question.revision + 1
    _set(question, changes)
    if "text" in changes:
        changes |= _language(question)
    found = gating.reexamine(question)
    _set(question, found)
    changes |= found
    question.save(update_fields=list(changes))
    events.append_question(floor, question, act="question.changed")
    audit.record(
        "question.changed",
        question,
        by=by,
        engagement=floor.engagement,
        text=audit.digest(question.text),
    )
    return question


def _language(question: Question) -> dict[str, Any]:
    """Of the new words, where nobody has named it."""
    if question.language_from in {Question.LanguageFrom.ASKER, Question.LanguageFrom.OFFICE}:
        return {}
    question.language = ""
    detect(question)
    return {"language": question.language, "language_from": question.language_from}


def _set(question: Question, changes: dict[str, Any]) -> None:
    for field, value in changes.items():
        setattr(question, field, value)
