"""The lists that were forwarded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engagements.models import AuditEntry
from qa import states
from qa.models import Forwarding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from engagements.models import Engagement, User


def forwardings_of(engagement: Engagement) -> QuerySet[Forwarding]:
    """The lists of an engagement, without their bytes, newest first."""
    return engagement.forwardings.select_related("agency", "sent_by").defer("file")


def forwardings_for(liaison: User) -> QuerySet[Forwarding]:
    """What a liaison may open: lists to the own agency, not recalled."""
    return (
        Forwarding.objects.filter(
            agency=liaison.agency_id,
            agency__isnull=False,
            state__in=[states.FORWARDING_SENT, states.FORWARDING_SUPERSEDED],
        )
        .select_related("engagement__series", "agency")
        .defer("file")
    )


def downloads(forwardings: Iterable[Forwarding]) -> dict[int, list[AuditEntry]]:
    """Who downloaded each list and when, from the audit log."""
    subjects = {f"qa.forwarding:{forwarding.pk}": forwarding.pk for forwarding in forwardings}
    found: dict[int, list[AuditEntry]] = {pk: [] for pk in subjects.values()}
    entries = AuditEntry.objects.filter(action="forwarding.downloaded", subject__in=subjects)
    for entry in entries.select_related("actor__agency"):
        found[subjects[entry.subject]].append(entry)
    return found
