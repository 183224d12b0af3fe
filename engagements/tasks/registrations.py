"""Registrations whose address nobody confirmed are forgotten; who got a seat hears of it."""

from __future__ import annotations

from datetime import datetime

from django_tasks import task

from engagements.actions import registering, seating


def expire_unconfirmed() -> int:
    return registering.expire_unconfirmed()


@task
def tell_promoted(registrations: list[int], since: str) -> int:
    """May run twice: who was told is not told again."""
    return seating.tell_promoted(registrations, since=datetime.fromisoformat(since))
