"""What waits for a coordinator, for the page of an engagement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from engagements.models import Accommodation
from engagements.queries import people

if TYPE_CHECKING:
    from engagements.models import Engagement

register = template.Library()


@register.simple_tag
def pending_accommodations(engagement: Engagement) -> int:
    """Requested, and nobody has arranged or declined it. For coordinators only."""
    return people.accommodations(engagement, state=Accommodation.State.REQUESTED).count()


@register.filter
def place_of(places: dict[int, int], pk: int) -> int | None:
    """The place of a registration on the waitlist."""
    return places.get(pk)
