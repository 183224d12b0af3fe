"""How registration stands, for the pages that tell it in words."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from engagements import clock, states

if TYPE_CHECKING:
    from engagements.models import Engagement


class Standing(StrEnum):
    OPEN = "open"
    WAITLIST = "waitlist"
    INVITED = "invited"
    NOT_YET = "not yet"
    CLOSED = "closed"
    OVER = "over"
    CANCELLED = "cancelled"


def standing(engagement: Engagement) -> Standing:
    """By its state, its window and its list. It does not look at seats, so never WAITLIST."""
    if engagement.state == states.CANCELLED:
        return Standing.CANCELLED
    if engagement.is_over:
        return Standing.OVER
    now = clock.now()
    if engagement.registration_closes_at and now >= engagement.registration_closes_at:
        return Standing.CLOSED
    opens_at = engagement.registration_opens_at
    if engagement.state == states.DRAFT or (opens_at and now < opens_at):
        return Standing.NOT_YET
    return Standing.INVITED if engagement.invitation_only else Standing.OPEN
