"""Background work. A task fetches and calls an action, nothing else, and may run twice."""

from __future__ import annotations

from engagements.tasks.mail import send_due_mail
from engagements.tasks.presence import close_lost_presence

__all__ = ["close_lost_presence", "send_due_mail"]
