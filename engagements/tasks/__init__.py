"""Background work. A task fetches and calls an action, nothing else, and may run twice."""

from __future__ import annotations

from engagements.tasks.mail import lay_mailings, send_due_mail, take_over_mail
from engagements.tasks.presence import close_lost_presence
from engagements.tasks.queue import prune_tasks, run_next_task, sign, sign_off, take_over_tasks
from engagements.tasks.registrations import expire_unconfirmed

__all__ = [
    "close_lost_presence",
    "expire_unconfirmed",
    "lay_mailings",
    "prune_tasks",
    "run_next_task",
    "send_due_mail",
    "sign",
    "sign_off",
    "take_over_mail",
    "take_over_tasks",
]
