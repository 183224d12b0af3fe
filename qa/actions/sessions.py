"""Sockets end with the session in which their ticket was given."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from engagements import clock
from qa import events
from qa.models import EndedSession

if TYPE_CHECKING:
    from engagements.models import User


@transaction.atomic
def end(account: User, *, session: str = "") -> None:
    """Tickets of this session (its digest), or of all sessions, open nothing any more.

    After commit every process is told. Forgets entries that are older than any session.
    """
    EndedSession.objects.filter(
        at__lt=clock.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    ).delete()
    EndedSession.objects.create(account=account, session=session)
    transaction.on_commit(partial(events.tell_rights_ended, account=account.pk))
