"""What of a question may stand in a readout. Read by the actions that choose and publish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from engagements.files.text import clean_text
from engagements.refusals import NotAllowed, Refused
from qa import identifiers, masking
from qa import states as question_states
from qa.actions.sealing import hidden_in
from qa.models import MAX_LENGTH, Finding, Question
from readouts import rules

if TYPE_CHECKING:
    from readouts.models import Readout, ReadoutSample


def check_quotable(sample: ReadoutSample) -> None:
    """Refuse a question that nobody may quote by now, or words that nobody may read.

    A question may have been dismissed, withdrawn or redacted since it was chosen.
    """
    check_state(sample)
    if _tells_redacted(sample.question, sample.text):
        raise Refused(
            "sample_redacted",
            _("Words of question %(number)d are redacted. Take them out of the sample first.")
            % {"number": sample.question.number},
        )


def check_state(sample: ReadoutSample) -> None:
    question = sample.question
    if question.state not in rules.QUOTABLE:
        raise Refused(
            "sample_gone",
            _("Question %(number)d is %(state)s by now. Remove it from the sample first.")
            % {"number": question.number, "state": question.get_state_display()},
        )


def quotable(readout: Readout, question: Question) -> Question:
    """The question as it is now, if it may be quoted and is not yet."""
    current = Question.objects.filter(
        pk=question.pk, floor__engagement_id=readout.engagement_id
    ).first()
    if current is None:
        raise NotAllowed("unknown_question", _("There is no such question here."))
    if current.state not in rules.QUOTABLE:
        raise Refused(
            "not_choosable",
            _("Question %(number)d is %(state)s. Only reviewed questions can be quoted.")
            % {"number": current.number, "state": current.get_state_display()},
        )
    if readout.samples.filter(question=current).exists():
        raise Refused(
            "already",
            _("Question %(number)d is in the sample already.") % {"number": current.number},
        )
    check_words(current, current.text)
    return current


def publishable_words(question: Question, text: str) -> str:
    words = clean_text(text)
    if not words:
        raise Refused(
            "empty",
            _("Question %(number)d has no words left. Remove it, or write them.")
            % {"number": question.number},
        )
    if len(words) > MAX_LENGTH:
        raise Refused(
            "too_long",
            _("Question %(number)d has %(length)d characters; %(most)d are possible.")
            % {"number": question.number, "length": len(words), "most": MAX_LENGTH},
        )
    return words


def check_words(question: Question, text: str) -> None:
    """Neither what was redacted nor an identifier that nobody has decided about is quoted."""
    if _tells_redacted(question, text):
        raise Refused(
            "redacted",
            _("Words of question %(number)d are redacted. They cannot be quoted.")
            % {"number": question.number},
        )
    found = identifiers.find(text)
    if not found:
        return
    let_through = [question_states.FINDING_NO_IDENTIFIER, question_states.FINDING_KEPT]
    decided = set(
        Finding.objects.filter(question=question, state__in=let_through).values_list(
            "words", flat=True
        )
    )
    if any(one.words not in decided for one in found):
        raise Refused(
            "identifier",
            _(
                "Question %(number)d has words that look like a personal identifier. Take them "
                "out, or decide about them at the question first."
            )
            % {"number": question.number},
        )


def _tells_redacted(question: Question, text: str) -> bool:
    """However it is written: spacing and dashes hide nothing."""
    if not question.is_redacted:
        return False
    return any(masking.can_be_read(one.words, text) for one in hidden_in(question))
