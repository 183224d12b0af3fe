"""The sealed words of a redacted question: kept in step, and opened on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit
from engagements.refusals import NotAllowed, Refused
from qa import masking, rules, states
from qa.masking import Hidden, Masked
from qa.models import MAX_LENGTH, SealedText

if TYPE_CHECKING:
    from engagements.models import User
    from qa.models import Floor, Question


@transaction.atomic
def open_sealed(floor: Floor, *, by: User, number: int) -> SealedText:
    """What a redacted question said, for who may see the desk. Every look is on record.

    What its asker has withdrawn nobody reads any more.
    """
    if not rules.may_see_desk(by, floor.engagement):
        raise NotAllowed("not_allowed", _("You do not see the desk of this engagement."))
    sealed = SealedText.objects.filter(question__floor=floor, question__number=number)
    standing = sealed.exclude(question__state=states.WITHDRAWN)
    found = standing.select_related("question").first()
    if found is None:
        raise NotAllowed("not_redacted", _("Nothing of this question is redacted."))
    audit.record("question.sealed_opened", found.question, by=by, engagement=floor.engagement)
    return found


def hidden_in(question: Question) -> list[Hidden]:
    """What redactions in force take out of it, in the order in which they were made."""
    in_force = question.redactions.filter(undone_at=None).order_by("pk")
    return [Hidden(*one) for one in in_force.values_list("words", "reason")]


def tells_sealed_words(question: Question, text: str) -> bool:
    """Whether a text, written of a question elsewhere, has words that are redacted in it."""
    if not question.is_redacted:
        return False
    return masking.mask_told(text, hidden_in(question), most=5 * MAX_LENGTH) != text


def masked(text: str, hidden: list[Hidden]) -> Masked:
    """Refuses what would be longer than a question may be."""
    try:
        return masking.mask(text, hidden, most=MAX_LENGTH)
    except masking.DoesNotFitError as error:
        raise Refused(
            "too_long", _("The text would be too long. Please take out longer pieces at once.")
        ) from error


def follow_edit(question: Question) -> None:
    """After its masked text, in memory, was edited: the sealed one says the same with the words.

    Refuses an edit after which an undone redaction could not bring them back.
    """
    sealed = SealedText.objects.get(question=question.pk)
    hidden = hidden_in(question)
    before = masked(sealed.text, hidden)
    if question.text == before.text:
        return
    if question.text == question.original_text:
        whole = sealed.original_text
    else:
        whole = masking.unmask(before, question.text)
    if len(whole) > MAX_LENGTH or masked(whole, hidden).text != question.text:
        raise Refused(
            "redacted", _("Please leave the marks of what is redacted as they are, or drop them.")
        )
    sealed.text = whole
    sealed.save(update_fields=["text"])
