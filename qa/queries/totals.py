"""What became of the written questions of many engagements at once, in a fixed number of queries.

As `accounts` of each; so it adds up in the same way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Exists, F, OuterRef

from qa import states
from qa.models import ForwardedQuestion, Question

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from engagements.models import Engagement


class QuestionsOf(NamedTuple):
    """So many written questions of one engagement with one label, role and disposition."""

    engagement: int
    label: str
    """"" for those without one."""
    category: int | None
    disposition: str
    questions: int


def question_totals(engagements: QuerySet[Engagement]) -> list[QuestionsOf]:
    forwarded = ForwardedQuestion.objects.filter(
        question=OuterRef("pk"), forwarding__state__in=states.REACHED_AGENCY
    )
    rows = (
        Question.objects.filter(floor__engagement__in=engagements.filter(is_rehearsal=False))
        .exclude(state=states.WITHDRAWN)
        .annotate(engagement=F("floor__engagement"), is_forwarded=Exists(forwarded))
        .values_list(
            "engagement", "label__name", "category", "state", "outcome", "dismissal", "is_forwarded"
        )
        .annotate(questions=Count("pk"))
        .order_by()
    )
    return [
        QuestionsOf(
            engagement,
            label or "",
            category,
            states.disposition(state, outcome, dismissal=dismissal, is_forwarded=is_forwarded),
            questions,
        )
        for engagement, label, category, state, outcome, dismissal, is_forwarded, questions in rows
    ]
