"""What the floor does when an engagement changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.dispatch import receiver

from engagements import signals
from qa.actions import floor

if TYPE_CHECKING:
    from engagements.models import Engagement, User


@receiver(signals.engagement_created)
def lay_floor(sender: object, *, engagement: Engagement, **_: Any) -> None:
    floor.lay(engagement)


@receiver(signals.engagement_started)
def tell_the_start(sender: object, *, engagement: Engagement, **_: Any) -> None:
    floor.tell_start(engagement)


@receiver(signals.engagement_closed)
def close_floor(sender: object, *, engagement: Engagement, by: User, **_: Any) -> None:
    floor.close_with_engagement(engagement, by=by)
