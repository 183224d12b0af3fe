"""Questions in another language than they were asked in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qa.models import Translation

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qa.models import Floor, Question

HOUSE: Final = "en"
"""The language of the office, which its readers and agencies share."""


def translated(question: Question) -> QuerySet[Translation]:
    """All of one question, also those of words that others do not read any more."""
    return question.translations.select_related("question", "made_by")


def translations_of(floor: Floor) -> dict[int, Translation]:
    """Into the language of the office, by the question's key, in one query.

    Only those that translate what others read now: for lists, records and pages of the public.
    """
    found = Translation.objects.filter(question__floor=floor, language=HOUSE)
    return {one.question_id: one for one in found.select_related("question") if one.is_current}
