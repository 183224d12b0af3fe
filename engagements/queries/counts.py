"""The roll of registrants, and the counts of people."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Q

from engagements import clock
from engagements.models import (
    SILENCE,
    Attendance,
    AttendanceInterval,
    DeclaredAttendance,
    Engagement,
    Registration,
    RoleCategory,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet


def roll(engagement: Engagement) -> QuerySet[Registration]:
    """Everybody who registered, in the order of registration, with what became of it."""
    return engagement.registrations.select_related("category", "attendance").order_by("pk")


def registered_by_category(engagement: Engagement) -> list[tuple[RoleCategory, int]]:
    """Stakeholders whose registration stands, in table order. Nobody chose: left out."""
    standing = _stakeholders(engagement).filter(state=Registration.State.REGISTERED)
    return _in_table_order(_people_per_category(standing))


def joined_by_category(engagement: Engagement) -> list[tuple[RoleCategory, int]]:
    """Distinct people who joined, by the category held at joining, in table order.

    Staff, speakers and tests never count; somebody who was removed was present and counts. People
    whom the office declares are added. Nobody of a category joined: it is left out.
    """
    present = Attendance.objects.filter(registration__in=_stakeholders(engagement))
    people = _people_per_category(present)
    declared = DeclaredAttendance.objects.filter(engagement=engagement)
    for category, number in declared.values_list("category", "people"):
        people[category] += number
    return _in_table_order(people)


def joined(engagement: Engagement) -> int:
    return sum(people for _category, people in joined_by_category(engagement))


def present(engagement_id: int) -> int:
    """Distinct stakeholders in the live room now, on whatever number of devices.

    Who showed no sign of life for `SILENCE` is gone from here, and never from attendance.
    """
    return (
        AttendanceInterval.objects.filter(
            Q(attendance__registration__counted=Registration.Counted.COUNTED)
            | Q(attendance__registration__engagement__is_rehearsal=True),
            attendance__registration__engagement=engagement_id,
            closed_at=None,
            last_seen_at__gt=clock.now() - SILENCE,
        )
        .values("attendance")
        .distinct()
        .count()
    )


class PeopleOfCategory(NamedTuple):
    category: RoleCategory
    registered: int
    joined: int


def people_by_category(engagement: Engagement) -> list[PeopleOfCategory]:
    """Registered and joined side by side, in table order; offered categories even with nobody."""
    registered = dict(registered_by_category(engagement))
    joined_here = dict(joined_by_category(engagement))
    return [
        PeopleOfCategory(category, registered.get(category, 0), joined_here.get(category, 0))
        for category in RoleCategory.objects.all()
        if category.is_offered or category in registered or category in joined_here
    ]


def _stakeholders(engagement: Engagement) -> QuerySet[Registration]:
    """Who counts: nobody of the office, no speaker, no test, and nobody in a rehearsal."""
    return Registration.objects.filter(
        engagement=engagement,
        engagement__is_rehearsal=False,
        counted=Registration.Counted.COUNTED,
    )


def _people_per_category(
    rows: QuerySet[Registration] | QuerySet[Attendance],
) -> Counter[int]:
    counts = rows.order_by().values_list("category").annotate(people=Count("pk"))
    return Counter(dict(counts))


def _in_table_order(people: Counter[int]) -> list[tuple[RoleCategory, int]]:
    categories = RoleCategory.objects.filter(pk__in=[pk for pk, number in people.items() if number])
    return [(category, people[category.pk]) for category in categories]
