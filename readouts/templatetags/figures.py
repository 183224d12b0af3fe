"""Numbers with where they come from, and published ones that would be others now."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import template

from engagements.models import User
from readouts import queries, rules
from readouts.forms import SettleForm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.template import RequestContext

    from readouts.models import Readout
    from readouts.queries import RoundedRole

register = template.Library()


@register.filter
def moment(text: str) -> datetime:
    """A time as provenance keeps it."""
    return datetime.fromisoformat(text)


@register.inclusion_tag("readouts/_rounding.html")
def rounding_table(
    roles: Sequence[RoundedRole], *, slug: str = "", marked: str = ""
) -> dict[str, Any]:
    """From people to whole percents, step by step. With a slug the roles lead to their numbers."""
    steps = [role.rounded for role in roles]
    whole, percent = sum(step.whole for step in steps), sum(step.percent for step in steps)
    return {
        "roles": roles,
        "slug": slug,
        "marked": marked.partition(".")[2],
        "sums": {
            "people": sum(step.people for step in steps),
            "whole": whole,
            "percent": percent,
            "points": percent - whole,
        },
    }


@register.inclusion_tag("readouts/staff/_drift.html", takes_context=True)
def published_drift(context: RequestContext, readout: Readout) -> dict[str, Any]:
    """On a readout's page: what is published and would be counted otherwise now."""
    return {
        "csrf_token": context.get("csrf_token"),
        "engagement": readout.engagement,
        "readout": readout,
        "drift": queries.drift_of(readout),
        "settled": queries.settled(readout),
        "form": context.get("settle_form") or SettleForm()
        if rules.may_edit(context["request"].user, readout.engagement)
        else None,
    }


@register.inclusion_tag("readouts/staff/_drifted.html", takes_context=True)
def figures_drifted(context: RequestContext) -> dict[str, Any]:
    """On the first page of the office: readouts that somebody should look at."""
    user = context["request"].user
    found = queries.drifted_for(user) if isinstance(user, User) else []
    return {"drifted": [(readout, queries.drift_of(readout)) for readout in found]}
