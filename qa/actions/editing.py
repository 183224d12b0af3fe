"""Work on the words of a question: edit for publication, correct the language, keep a note.

The text as it was asked is kept beside the one that others read, and the log keeps every step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.refusals import Refused
from qa import masking, states
from qa.actions import deciding, gating
from qa.models import Question

if TYPE_CHECKING:
    from engagements.models import User
    from qa.models import Floor


@transaction.atomic
def edit(floor: Floor, *, by: User, number: int, seen: int, text: str) -> Question:
    """What others read from now on. Looked through for identifiers anew.

    Refused where it would bring back words that a redaction took out.
    """
    locked, question = _take(floor, by, number, seen)
    if text == question.text:
        raise Refused("already", _("This is the text that is shown already."))
    returning = _redacted_words_in(question, text)
    if returning:
        raise Refused(
            "redacted",
            _("Words that were redacted would come back. Undo the redaction first."),
        )
    return _publish(locked, question, by, "question.edited", text)


@transaction.atomic
def restore(floor: Floor, *, by: User, number: int, seen: int) -> Question:
    """Others read it again as it was asked; what is redacted stays so."""
    locked, question = _take(floor, by, number, seen)
    if not question.is_edited:
        raise Refused("already", _("The text is as it was asked."))
    return _publish(locked, question, by, "question.restored", question.original_text)


@transaction.atomic
def annotate(floor: Floor, *, by: User, number: int, seen: int, note: str) -> Question:
    """For the desk alone. An empty one takes it away."""
    locked, question = deciding.take(floor, by, number, seen)
    if note == question.note:
        raise Refused("already", _("The note says this already."))
    return deciding.store(locked, question, by, "question.noted", decides=False, note=note)


@transaction.atomic
def set_language(floor: Floor, *, by: User, number: int, seen: int, language: str) -> Question:
    """`language` is a code, or "" where nobody knows."""
    locked, question = deciding.take(floor, by, number, seen)
    if language == question.language:
        raise Refused("already", _("The language is this one already."))
    return deciding.store(
        locked,
        question,
        by,
        "question.language_set",
        decides=False,
        language=language,
        language_from=Question.LanguageFrom.OFFICE if language else "",
    )


def _take(floor: Floor, by: User, number: int, seen: int) -> tuple[Floor, Question]:
    locked, question = deciding.take(floor, by, number, seen)
    if question.state == states.WITHDRAWN:
        raise Refused("withdrawn", _("The asker has withdrawn this question."))
    return locked, question


def _publish(floor: Floor, question: Question, by: User, act: str, text: str) -> Question:
    question.text = text
    found: dict[str, Any] = gating.reexamine(question)
    return deciding.store(floor, question, by, act, decides=False, **{"text": text} | found)


def _redacted_words_in(question: Question, text: str) -> list[str]:
    in_force = question.redactions.filter(undone_at=None).values_list("words", flat=True)
    return [words for words in in_force if masking.can_be_read(words, text)]
