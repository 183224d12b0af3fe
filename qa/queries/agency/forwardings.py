"""The lists that were forwarded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Prefetch

from qa import states
from qa.models import Forwarding, ForwardingFile, Receipt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from engagements.models import Engagement, User

_FILES = Prefetch("files", ForwardingFile.objects.defer("content"))


def forwardings_of(engagement: Engagement) -> QuerySet[Forwarding]:
    """The sealed lists of an engagement, newest first."""
    sealed = engagement.forwardings.exclude(state=states.FORWARDING_DRAFT)
    return sealed.select_related("agency", "sent_by").prefetch_related(_FILES)


def forwardings_for(liaison: User) -> QuerySet[Forwarding]:
    """What a liaison may open: lists to the own agency, not recalled."""
    return Forwarding.objects.filter(
        agency=liaison.agency_id,
        agency__isnull=False,
        state__in=[states.FORWARDING_SENT, states.FORWARDING_SUPERSEDED],
    ).select_related("engagement__series", "agency")


def receipts(forwardings: Iterable[Forwarding]) -> dict[int, list[Receipt]]:
    """Who took which file of each list, and when, newest first."""
    found: dict[int, list[Receipt]] = {forwarding.pk: [] for forwarding in forwardings}
    taken = Receipt.objects.filter(forwarding__in=list(found)).select_related("taken_by__agency")
    for receipt in taken:
        found[receipt.forwarding_id].append(receipt)
    return found
