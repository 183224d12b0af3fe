"""The lists that were forwarded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef, Prefetch

from qa import states
from qa.models import AgencyAnswer, Forwarding, ForwardingFile, Receipt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from engagements.models import Agency, Engagement, User

CAME: Final = (states.ANSWER_SUBMITTED, states.ANSWER_ACCEPTED, states.ANSWER_PUBLISHED)
"""States of an answer that the office has, and has not sent back."""

FILES: Final = Prefetch("files", ForwardingFile.objects.defer("content"))
"""Of a list, without what is in them."""


def forwardings_of(engagement: Engagement) -> QuerySet[Forwarding]:
    """The sealed lists of an engagement, newest first."""
    sealed = engagement.forwardings.exclude(state=states.FORWARDING_DRAFT)
    return sealed.select_related("agency", "sent_by").prefetch_related(FILES, "extensions")


def forwardings_for(liaison: User) -> QuerySet[Forwarding]:
    """What a liaison may open: lists to the own agency, not recalled; of these, a contributor
    those with a question that was given to them."""
    found = Forwarding.objects.filter(
        agency=liaison.agency_id,
        agency__isnull=False,
        state__in=[states.FORWARDING_SENT, states.FORWARDING_SUPERSEDED],
    ).select_related("engagement__series", "agency")
    if liaison.is_contributor:
        own = AgencyAnswer.objects.filter(
            agency=OuterRef("agency"),
            assigned_to=liaison,
            question__forwarded__forwarding=OuterRef("pk"),
        )
        return found.filter(Exists(own))
    return found


def leads_of(agency: Agency) -> QuerySet[User]:
    """Who is told of lists to the agency: its liaisons who are no contributors."""
    return agency.liaisons.filter(is_active=True, is_contributor=False).order_by("pk")


def receipts(forwardings: Iterable[Forwarding]) -> dict[int, list[Receipt]]:
    """Who took which file of each list, and when, newest first."""
    found: dict[int, list[Receipt]] = {forwarding.pk: [] for forwarding in forwardings}
    taken = Receipt.objects.filter(forwarding__in=list(found)).select_related("taken_by__agency")
    for receipt in taken:
        found[receipt.forwarding_id].append(receipt)
    return found
