"""Questions that may be quoted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.models import Question
from readouts import rules

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from engagements.models import Engagement, RoleCategory
    from readouts.models import Readout


def questions_of(engagement: Engagement) -> QuerySet[Question]:
    return Question.objects.filter(floor__engagement=engagement)


def choosable(
    readout: Readout, *, q: str = "", category: RoleCategory | None = None, state: str = ""
) -> QuerySet[Question]:
    """Questions that may be quoted and are not yet, narrowed down by words, role and state."""
    found = questions_of(readout.engagement).filter(state__in=rules.QUOTABLE)
    if q:
        found = found.filter(text__icontains=q)
    if category:
        found = found.filter(category=category)
    if state:
        found = found.filter(state=state)
    chosen = readout.samples.values("question")
    return found.exclude(pk__in=chosen).select_related("category").order_by("number")


def samples_record(readout: Readout) -> list[dict[str, Any]]:
    """The choice for the record of a version, in order: JSON, for the office only.

    `asked` are the words as they were asked, as far as they are not redacted; `published` those
    of the readout.
    """
    return [
        {
            "number": sample.question.number,
            "asked": sample.question.original_text,
            "published": sample.text,
            "reason": sample.reason,
            "heading": sample.heading,
        }
        for sample in readout.samples.select_related("question")
    ]
