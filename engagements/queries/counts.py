"""The roll of registrants, and the counts of people."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Exists, Min, OuterRef, Q, Sum

from engagements import clock
from engagements.models import (
    SILENCE,
    Attendance,
    AttendanceInterval,
    AttendanceList,
    DeclaredAttendance,
    Engagement,
    ListedPerson,
    Registration,
    RoleCategory,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

Counted = Registration.Counted
PRESENT = (ListedPerson.Exclusion.NONE, ListedPerson.Exclusion.ELSEWHERE)
"""Of a row of a list that counts: the person was there, and counts by it or by another one."""


def registered_by_category(engagement: Engagement) -> list[tuple[RoleCategory, int]]:
    """Stakeholders whose registration stands, in table order. Nobody chose: left out."""
    return _in_table_order(_people_per_category(registered_people(engagement)))


def joined_by_category(engagement: Engagement) -> list[tuple[RoleCategory, int]]:
    """Distinct people who joined, by the category held at joining, in table order.

    Who was in our room, whom those declared who watched together with them (not stated), whom the
    office declares, and who is on an attendance list that counts and was not in our room.
    Staff, speakers and tests never count; somebody who was removed was present and counts. Nobody
    of a category joined: it is left out.
    """
    people = _people_per_category(in_room(engagement))
    for category, number in declared(engagement).values_list("category", "people"):
        people[category] += number
    people += _people_per_category(listed(engagement))
    with_others = companions(engagement)
    if with_others:
        people[_not_stated()] += with_others
    return _in_table_order(people)


class PersonRow(NamedTuple):
    """One row by which people count as joined; all of them are the people who joined."""

    source: str
    """"room", "with" for those who watched with that person, "declared" or "listed"."""
    pk: int
    category: int
    people: int


def joined_rows(engagement: Engagement) -> list[PersonRow]:
    """What `joined_by_category` is counted from, row by row: both tell the same."""
    found: list[PersonRow] = []
    not_stated = 0
    here = in_room(engagement).order_by("pk").values_list("pk", "category", "companions")
    for pk, category, with_them in here:
        found.append(PersonRow("room", pk, category, 1))
        if with_them:
            not_stated = not_stated or _not_stated()
            found.append(PersonRow("with", pk, not_stated, with_them))
    figures = declared(engagement).order_by("pk").values_list("pk", "category", "people")
    found += [PersonRow("declared", *row) for row in figures]
    on_lists = listed(engagement).order_by("pk").values_list("pk", "category")
    return found + [PersonRow("listed", pk, category, 1) for pk, category in on_lists]


def joined(engagement: Engagement) -> int:
    return sum(people for _category, people in joined_by_category(engagement))


def present(engagement_id: int) -> int:
    """Distinct stakeholders in the live room now, on whatever number of devices.

    Who showed no sign of life for `SILENCE` is gone from here, and never from attendance.
    """
    return (
        AttendanceInterval.objects.filter(
            Q(attendance__registration__counted=Counted.COUNTED)
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


def stakeholders(engagement: Engagement) -> QuerySet[Registration]:
    """Who counts: nobody of the office, no speaker, no test, and nobody in a rehearsal."""
    return Registration.objects.filter(
        engagement=engagement, engagement__is_rehearsal=False, counted=Counted.COUNTED
    )


def registered_people(engagement: Engagement) -> QuerySet[Registration]:
    return stakeholders(engagement).filter(state=Registration.State.REGISTERED)


def in_room(engagement: Engagement) -> QuerySet[Attendance]:
    """Stakeholders with an attendance of their own: in our room, or noted by the office."""
    return Attendance.objects.filter(
        registration__engagement=engagement,
        registration__engagement__is_rehearsal=False,
        registration__counted=Counted.COUNTED,
    )


def on_a_list() -> Exists:
    """Of a registration: it stands on an attendance list that counts, and counts by it.

    Or by another row: whoever is counted already was there too.
    """
    return Exists(
        ListedPerson.objects.filter(
            registration=OuterRef("pk"),
            list__state=AttendanceList.State.APPLIED,
            exclusion__in=PRESENT,
        )
    )


def came() -> Q:
    """Of a registration: was in our room, was noted by the office, or is on such a list."""
    return Q(Exists(Attendance.objects.filter(registration=OuterRef("pk")))) | Q(on_a_list())


def attendance_of(registration: Registration) -> Attendance | None:
    return Attendance.objects.filter(registration=registration).first()


def companions(engagement: Engagement) -> int:
    """People who watched together with somebody in our room, as that person declared."""
    return in_room(engagement).aggregate(people=Sum("companions"))["people"] or 0


def declared(engagement: Engagement) -> QuerySet[DeclaredAttendance]:
    return DeclaredAttendance.objects.filter(engagement=engagement, engagement__is_rehearsal=False)


def declared_numbers(engagement: Engagement) -> set[str]:
    """Digests of the phone numbers that the office declared."""
    numbers = declared(engagement).values_list("numbers", flat=True)
    return {digest for digests in numbers for digest in digests}


def applied_lists(engagement: Engagement) -> QuerySet[AttendanceList]:
    return AttendanceList.objects.filter(
        engagement=engagement,
        engagement__is_rehearsal=False,
        state=AttendanceList.State.APPLIED,
    )


def counting_rows(engagement: Engagement) -> QuerySet[ListedPerson]:
    """Stakeholders who were there by an attendance list that counts, in our room too or not."""
    return ListedPerson.objects.filter(
        Q(registration=None) | Q(registration__counted=Counted.COUNTED),
        list__in=applied_lists(engagement),
        exclusion=ListedPerson.Exclusion.NONE,
    )


def listed(engagement: Engagement) -> QuerySet[ListedPerson]:
    """Of these, who was not in our room. Whoever was found among the registrants counts once."""
    counting = counting_rows(engagement).order_by()
    matched = counting.filter(registration__isnull=False, registration__attendance=None)
    first_rows = matched.values("registration").annotate(first=Min("pk")).values("first")
    return counting.filter(Q(registration=None) | Q(pk__in=first_rows))


def _people_per_category(
    rows: QuerySet[Registration] | QuerySet[Attendance] | QuerySet[ListedPerson],
) -> Counter[int]:
    counts = rows.order_by().values_list("category").annotate(people=Count("pk"))
    return Counter(dict(counts))


def _not_stated() -> int:
    """The category that tells nobody's role. A table always has one."""
    kinds = RoleCategory.objects.filter(kind=RoleCategory.Kind.NOT_STATED)
    return kinds.values_list("pk", flat=True)[0]


def _in_table_order(people: Counter[int]) -> list[tuple[RoleCategory, int]]:
    categories = RoleCategory.objects.filter(pk__in=[pk for pk, number in people.items() if number])
    return [(category, people[category.pk]) for category in categories]
