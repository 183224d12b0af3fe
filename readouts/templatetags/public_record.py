"""What was published of an engagement, for its page. The page's own app knows of no readouts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from readouts.queries import posted

if TYPE_CHECKING:
    from engagements.models import Engagement
    from qa.models import Question, WrittenAnswer
    from readouts.queries.posted import Record

register = template.Library()


@register.simple_tag
def public_record(engagement: Engagement) -> Record | None:
    """None while no version is in force."""
    return posted.record_of(engagement)


@register.filter
def posted_answer(question: Question) -> WrittenAnswer | None:
    return posted.posted_answer(question)
