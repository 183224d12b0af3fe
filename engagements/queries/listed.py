"""What attendance lists that count tell of people who registered."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import F, Min

from engagements.models import AttendanceList, ListedPerson
from engagements.queries.counts import PRESENT

if TYPE_CHECKING:
    from datetime import datetime

    from engagements.models import Engagement, Registration

State = AttendanceList.State


def rows_about(registration: Registration) -> list[ListedPerson]:
    """What the lists that count tell of somebody who registered, counted by it or not."""
    rows = ListedPerson.objects.filter(registration=registration, list__state=State.APPLIED)
    return list(
        rows.select_related("list__file", "category")
        .defer("list__file__content", "list__header", "list__problems")
        .prefetch_related("intervals")
        .order_by("list", "position", "pk")
    )


class FirstListed(NamedTuple):
    """When somebody joined first by a list, if it tells, and the file's name."""

    joined_at: datetime | None
    file: str


def first_listed(engagement: Engagement) -> dict[int, FirstListed]:
    """Registration -> by which list that counts it was there; the earliest of several."""
    rows = (
        ListedPerson.objects.filter(
            list__engagement=engagement,
            list__state=State.APPLIED,
            registration__isnull=False,
            exclusion__in=PRESENT,
        )
        .annotate(joined_at=Min("intervals__joined_at"))
        .order_by(F("joined_at").desc(nulls_first=True), "-pk")
        .values_list("registration", "joined_at", "list__file__name")
    )
    return {pk: FirstListed(joined_at, file) for pk, joined_at, file in rows if pk}
