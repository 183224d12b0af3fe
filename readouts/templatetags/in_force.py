"""Which engagements of a page have a readout to read. The calendar's own app knows of none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from readouts import queries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engagements.models import Engagement

register = template.Library()


@register.simple_tag
def with_readout(engagements: Iterable[Engagement]) -> set[int]:
    """Ids of those with a published readout that was not withdrawn. One query for all."""
    return queries.with_readout(engagement.pk for engagement in engagements)
