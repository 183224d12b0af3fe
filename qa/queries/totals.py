"""What became of the written questions of many engagements at once, in a fixed number of queries.

As `accounts` of each; so it adds up in the same way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, F

from qa import states
from qa.models import Question
from qa.queries.agency.said import agency_says, is_forwarded

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
    rows = (
        Question.objects.filter(floor__engagement__in=engagements.filter(is_rehearsal=False))
        .exclude(state=states.WITHDRAWN)
        .annotate(
            engagement=F("floor__engagement"),
            is_forwarded=is_forwarded(),
            agency_says=agency_says(),
        )
        .values_list(
            "engagement", "label__name", "category", "state", "outcome", "dismissal",
            "is_forwarded", "agency_says",
        )
        .annotate(questions=Count("pk"))
        .order_by()
    )  # fmt: skip
    return [
        QuestionsOf(
            engagement,
            label or "",
            category,
            states.disposition(
                state, outcome, dismissal=dismissal, is_forwarded=forwarded, agency_says=says
            ),
            number,
        )
        for engagement, label, category, state, outcome, dismissal, forwarded, says, number in rows
    ]
