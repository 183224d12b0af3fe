"""The questions of an engagement as they are counted and listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count

from qa import states
from qa.models import Question

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from engagements.models import Engagement


def written_questions(engagement: Engagement) -> int:
    """Every question received, shown or not, merged or not; withdrawn ones are not counted."""
    return _received(engagement).exclude(state=states.WITHDRAWN).count()


class ListedQuestion(NamedTuple):
    """A question as an agency may read it: there is no field for who asked."""

    pk: int
    number: int
    original_text: str
    category: int | None
    state: str
    outcome: str
    dismissal_text: str


def listed_questions(engagement: Engagement) -> list[ListedQuestion]:
    """All questions of an engagement for its agency, in order of their numbers."""
    rows = _received(engagement).order_by("number")
    return [ListedQuestion(*row) for row in rows.values_list(*ListedQuestion._fields)]


def dispositions(engagement: Engagement) -> list[tuple[str, str, int]]:
    """Written questions by state and outcome, as (state, outcome, questions); they add up."""
    rows = (
        _received(engagement)
        .exclude(state=states.WITHDRAWN)
        .order_by("state", "outcome")
        .values_list("state", "outcome")
        .annotate(questions=Count("pk"))
    )
    return list(rows)


def _received(engagement: Engagement) -> QuerySet[Question]:
    """What counts as asked. Nothing of a rehearsal does."""
    return Question.objects.filter(
        floor__engagement=engagement, floor__engagement__is_rehearsal=False
    )
