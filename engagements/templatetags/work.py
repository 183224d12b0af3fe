"""Whether background work goes on, for pages of the office."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django import template

from engagements import clock
from engagements.queries.mail import is_work_waiting, last_worker

register = template.Library()

PATIENCE: Final = timedelta(minutes=3)


@register.inclusion_tag("engagements/staff/_worker_notice.html")
def worker_notice() -> dict[str, Any]:
    """A warning when something is due for minutes and no worker gave a sign of life meanwhile."""
    seen_at = last_worker()
    before = clock.now() - PATIENCE
    is_silent = seen_at is None or seen_at < before
    return {"seen_at": seen_at, "is_still": is_silent and is_work_waiting(since=before)}
