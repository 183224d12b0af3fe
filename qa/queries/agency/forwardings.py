"""The lists that were forwarded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from qa import states
from qa.models import (
    AgencyAnswer,
    ForwardedQuestion,
    Forwarding,
    ForwardingFile,
    PublishedAnswer,
    Receipt,
)

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


class Progress(NamedTuple):
    """How far the agency is with a list, in questions that stand for themselves."""

    asked: int
    """Neither withdrawn nor merged into another."""
    came: int
    """Answers that were submitted, accepted or published."""
    published: int

    @property
    def share(self) -> int:
        """In percent, downwards: a hundred means all."""
        return 100 * self.came // self.asked if self.asked else 0


def progress(forwardings: Iterable[Forwarding]) -> dict[int, Progress]:
    """Of each list, in one query. An answer counts for every list with its question."""
    answers = AgencyAnswer.objects.filter(
        agency=OuterRef("forwarding__agency"), question=OuterRef("question")
    )
    came = answers.filter(state__in=CAME)
    out = PublishedAnswer.objects.filter(
        answer__agency=OuterRef("forwarding__agency"), answer__question=OuterRef("question")
    )
    found = (
        ForwardedQuestion.objects.filter(forwarding__in=[one.pk for one in forwardings])
        .exclude(status__in=[states.WITHDRAWN, states.MERGED])
        .annotate(has_come=Exists(came), is_out=Exists(out))
        .order_by()
        .values("forwarding")
        .annotate(
            asked=Count("pk"),
            came=Count("pk", filter=Q(has_come=True) | Q(is_out=True)),
            published=Count("pk", filter=Q(is_out=True)),
        )
        .values_list("forwarding", "asked", "came", "published")
    )
    counts = {key: Progress(*numbers) for key, *numbers in found}
    return {one.pk: counts.get(one.pk, Progress(0, 0, 0)) for one in forwardings}


def receipts(forwardings: Iterable[Forwarding]) -> dict[int, list[Receipt]]:
    """Who took which file of each list, and when, newest first."""
    found: dict[int, list[Receipt]] = {forwarding.pk: [] for forwarding in forwardings}
    taken = Receipt.objects.filter(forwarding__in=list(found)).select_related("taken_by__agency")
    for receipt in taken:
        found[receipt.forwarding_id].append(receipt)
    return found
