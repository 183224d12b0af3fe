"""What floor and sockets do when an engagement changes, a right ends, or a session."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from allauth.account.signals import password_changed, password_reset
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.dispatch import receiver

from engagements import signals
from engagements.actions.cloning import Part
from qa import events
from qa.access import session_digest
from qa.actions import agenda, floor, floor_settings, sessions, surveying
from qa.actions.agency import assigning

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.http import HttpRequest

    from engagements.models import Engagement, User


@receiver(signals.engagement_created)
def lay_floor(sender: object, *, engagement: Engagement, **_: Any) -> None:
    floor.lay(engagement)


@receiver(signals.engagement_started)
def tell_the_start(sender: object, *, engagement: Engagement, **_: Any) -> None:
    floor.tell_start(engagement)


@receiver(signals.engagement_moved)
def move_times(
    sender: object, *, engagement: Engagement, former: tuple[datetime, datetime], **_: Any
) -> str:
    return floor_settings.follow(engagement, former=former)


@receiver(signals.engagement_cloned)
def take_along(
    sender: object, *, engagement: Engagement, of: Engagement, parts: Collection[str], **_: Any
) -> None:
    if Part.FLOOR in parts:
        agenda.copy(of, engagement)
        floor_settings.copy(of, engagement)


@receiver(signals.engagement_closed)
def close_floor(sender: object, *, engagement: Engagement, by: User, **_: Any) -> None:
    floor.close_with_engagement(engagement, by=by)
    surveying.follow_end(engagement, by=by)
    floor_settings.tell_late(engagement)


@receiver(signals.rights_ended)
def tell_rights_ended(
    sender: object, *, registration: int | None = None, account: int | None = None, **_: Any
) -> None:
    told = partial(events.tell_rights_ended, registration=registration, account=account)
    transaction.on_commit(told)
    if account is not None:
        assigning.take_from_gone(account)


@receiver(user_logged_out)
def end_session(sender: object, *, request: HttpRequest, user: User | None, **_: Any) -> None:
    """Comes before the session is emptied, so its key is still there."""
    if user is not None and request.session.session_key:
        sessions.end(user, session=session_digest(request.session.session_key))


@receiver([password_changed, password_reset])
def end_all_sessions(sender: object, *, user: User, **_: Any) -> None:
    """Whoever still has a session that is good gets a new ticket."""
    sessions.end(user)
