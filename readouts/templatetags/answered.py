"""How many questions agencies have answered, for pages that know of no readouts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from engagements.models import User
from engagements.queries import engagements_of
from qa.queries.agency import open_promises
from readouts.queries.answered import answered_at

if TYPE_CHECKING:
    from django.template import RequestContext

    from engagements.models import Engagement

register = template.Library()

AT_MOST = 5


@register.inclusion_tag("readouts/public/_answered.html")
def agencies_answered(engagement: Engagement) -> dict[str, Any]:
    """On public pages; nothing before the public reads a readout or answers of it."""
    told = answered_at([engagement.pk]) if engagement.is_public and engagement.is_over else {}
    return {"engagement": engagement, "answered": told.get(engagement.pk)}


@register.inclusion_tag("qa/staff/_promises_due.html", takes_context=True)
def promises_due(context: RequestContext) -> dict[str, Any]:
    """On the first page of the office: overdue lists, and answers that wait to be accepted."""
    user = context["request"].user
    if not isinstance(user, User) or not user.is_office:
        return {}
    overdue, count = open_promises.overdue_of(user, most=AT_MOST)
    waiting = open_promises.waiting_for_acceptance(engagements_of(user))
    return {
        "overdue": overdue,
        "count": count,
        "more": count - len(overdue),
        "waiting": waiting[:AT_MOST],
        "waiting_more": len(waiting) - AT_MOST,
    }
