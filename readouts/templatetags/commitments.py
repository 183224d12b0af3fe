"""What the office has promised, for pages that know of no readouts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import template
from django.utils.translation import gettext_lazy as _

from engagements.models import AuditEntry, User
from readouts.queries import commitments as queries

if TYPE_CHECKING:
    from django.template import RequestContext
    from django.utils.functional import _StrPromise

    from engagements.models import Engagement
    from readouts.models import Commitment

register = template.Library()

AT_MOST = 5

HAPPENED: Final = {
    "commitment.made": _("came into the register"),
    "commitment.assigned": _("changed who sees to it or when"),
    "commitment.kept": _("kept"),
    "commitment.dropped": _("given up"),
    "commitment.reopened": _("opened again"),
    "commitment.reminded": _("reminder sent"),
}


@register.inclusion_tag("readouts/staff/_commitments_due.html", takes_context=True)
def commitments_due(context: RequestContext) -> dict[str, Any]:
    """On the first page of the office: what is overdue, and what one sees to oneself."""
    user = context["request"].user
    if not isinstance(user, User) or not user.is_office:
        return {}
    urgent = queries.urgent_of(user)
    return {
        "overdue": urgent.overdue[:AT_MOST],
        "more": len(urgent.overdue) - AT_MOST,
        "count": len(urgent.overdue),
        "mine": urgent.mine[:AT_MOST],
        "user": user,
    }


@register.simple_tag
def public_commitments(engagement: Engagement) -> list[Commitment]:
    """What the public reads about promises of this engagement."""
    return queries.public_of(engagement)


@register.filter
def is_late(commitment: Commitment) -> bool:
    return queries.is_overdue(commitment)


@register.filter
def happened(entry: AuditEntry) -> str | _StrPromise:
    """What an entry of the log says about a commitment."""
    return HAPPENED.get(entry.action, entry.action)
