"""The same people as in `counts`, of many engagements at once: a fixed number of queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from django.db.models import Count, F, Min, Q, Sum

from engagements.models import (
    Attendance,
    AttendanceList,
    DeclaredAttendance,
    ListedPerson,
    Registration,
    RoleCategory,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from engagements.models import Engagement

People = dict[int, Counter[int]]
"""Of each engagement, by its id: people by the id of their role category."""


def registered_of(engagements: QuerySet[Engagement]) -> People:
    """As `registered_by_category` of each."""
    rows = Registration.objects.filter(
        engagement__in=engagements.filter(is_rehearsal=False),
        counted=Registration.Counted.COUNTED,
        state=Registration.State.REGISTERED,
    )
    return _added(rows.values_list("engagement", "category").annotate(n=Count("pk")).order_by())


def joined_of(engagements: QuerySet[Engagement]) -> People:
    """As `joined_by_category` of each. Where nobody joined, the engagement is left out."""
    counted = engagements.filter(is_rehearsal=False)
    here = Attendance.objects.filter(
        registration__engagement__in=counted,
        registration__counted=Registration.Counted.COUNTED,
    ).annotate(engagement=F("registration__engagement"))
    rows = here.values_list("engagement", "category")
    found = _added(rows.annotate(n=Count("pk")).order_by())
    declared = DeclaredAttendance.objects.filter(engagement__in=counted)
    _add(found, declared.values_list("engagement", "category").annotate(n=Sum("people")).order_by())
    listed = _listed(counted).annotate(engagement=F("list__engagement"))
    _add(found, listed.values_list("engagement", "category").annotate(n=Count("pk")).order_by())
    not_stated = RoleCategory.objects.get(kind=RoleCategory.Kind.NOT_STATED).pk
    others = here.values_list("engagement").annotate(n=Sum("companions")).order_by()
    _add(found, [(one, not_stated, people) for one, people in others if people])
    return found


def _listed(engagements: QuerySet[Engagement]) -> QuerySet[ListedPerson]:
    """See `counts.listed`."""
    counting = ListedPerson.objects.filter(
        Q(registration=None) | Q(registration__counted=Registration.Counted.COUNTED),
        list__engagement__in=engagements,
        list__state=AttendanceList.State.APPLIED,
        exclusion=ListedPerson.Exclusion.NONE,
    ).order_by()
    matched = counting.filter(registration__isnull=False, registration__attendance=None)
    first_rows = matched.values("registration").annotate(first=Min("pk")).values("first")
    return counting.filter(Q(registration=None) | Q(pk__in=first_rows))


def _added(rows: Iterable[tuple[int, int, int | None]]) -> People:
    found: People = defaultdict(Counter)
    _add(found, rows)
    return found


def _add(found: People, rows: Iterable[tuple[int, int, int | None]]) -> None:
    for engagement, category, people in rows:
        found[engagement][category] += people or 0
