"""The outbox, as somebody may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engagements import rules
from engagements.models import Membership, OutgoingMail, Role, User

if TYPE_CHECKING:
    from django.db.models import QuerySet


def outgoing_mail(reader: User, state: str = "") -> QuerySet[OutgoingMail]:
    """The outbox as this person may read it, the latest first; all of it, or what is in one state.

    Administrators read everything; others the mail of the engagements that they coordinate.
    """
    mails = OutgoingMail.objects.select_related("engagement", "engagement__series")
    if not rules.is_administrator(reader):
        own = Membership.objects.filter(user=reader, role=Role.COORDINATOR)
        mails = mails.filter(engagement__in=own.values("engagement"))
    return mails.filter(state=state) if state else mails
