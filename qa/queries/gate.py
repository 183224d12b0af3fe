"""What was found in questions, decided about it, and redacted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa import states
from qa.models import Finding, ForwardedQuestion, Question, Redaction

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from engagements.models import Engagement


def findings_of(question: Question) -> QuerySet[Finding]:
    """Of one question, in the order in which they were found."""
    return question.findings.select_related("decided_by").order_by("pk")


def finding_ids(engagement: Engagement, number: int) -> list[int]:
    """Keys of the findings of the question with this number."""
    found = Finding.objects.filter(question__floor__engagement=engagement, question__number=number)
    return list(found.values_list("pk", flat=True))


def redactions_of(question: Question) -> QuerySet[Redaction]:
    """All that were ever made; those undone too."""
    return question.redactions.select_related("made_by", "undone_by").order_by("pk")


def lists_with(question: Question) -> QuerySet[ForwardedQuestion]:
    """The rows of forwarded lists in which the question went to an agency."""
    return question.forwarded.select_related("forwarding__agency").order_by("forwarding__number")


def held_back(engagement: Engagement) -> QuerySet[Question]:
    """Questions for which a list waits: somebody has to decide about what was found in them."""
    return (
        Question.objects.filter(floor__engagement=engagement, floor__engagement__is_rehearsal=False)
        .exclude(open_findings=[])
        .exclude(state=states.WITHDRAWN)
        .order_by("number")
    )
