"""The calendar, the rolls, and the counts of people: reads across tables."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Prefetch, Q

from engagements import clock, rules
from engagements.models import (
    SILENCE,
    Agency,
    Attendance,
    AttendanceInterval,
    DeclaredAttendance,
    Engagement,
    Membership,
    OutgoingMail,
    Registration,
    Role,
    RoleCategory,
    Series,
    User,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

State = Engagement.State

FORGOTTEN = timedelta(days=1)
"""So long after its end an engagement that nobody started leaves the calendar."""


def live_now() -> QuerySet[Engagement]:
    return _in_earnest().filter(state=State.LIVE).order_by("starts_at", "pk")


def upcoming() -> QuerySet[Engagement]:
    """Scheduled ones, the next first; a cancelled one stays until its time has passed."""
    now = clock.now()
    return (
        _in_earnest()
        .filter(
            Q(state=State.SCHEDULED, ends_at__gt=now - FORGOTTEN)
            | Q(state=State.CANCELLED, ends_at__gt=now, scheduled_at__isnull=False)
        )
        .order_by("starts_at", "pk")
    )


def past() -> QuerySet[Engagement]:
    """The latest first."""
    return (
        _in_earnest().filter(state__in=[State.ENDED, State.ARCHIVED]).order_by("-starts_at", "-pk")
    )


def engagements_of(user: User) -> QuerySet[Engagement]:
    """What somebody of the office works on, the latest first; an administrator sees all.

    Each carries the person's own memberships as `own_memberships`.
    """
    own = Membership.objects.filter(user=user)
    found = _with_names().prefetch_related(
        Prefetch("memberships", queryset=own, to_attr="own_memberships")
    )
    if rules.is_administrator(user):
        return found
    return found.filter(pk__in=own.values("engagement"))


def roles_of(user: User, engagement: Engagement) -> set[str]:
    return set(engagement.memberships.filter(user=user).values_list("role", flat=True))


def members(engagement: Engagement) -> QuerySet[Membership]:
    return engagement.memberships.select_related("user")


def office_accounts() -> QuerySet[User]:
    return User.objects.filter(is_active=True, agency=None)


def offered_categories() -> QuerySet[RoleCategory]:
    return RoleCategory.objects.filter(is_offered=True)


def series_names() -> QuerySet[Series, str]:
    return Series.objects.values_list("name", flat=True)


def agencies() -> QuerySet[Agency]:
    return Agency.objects.all()


def roll(engagement: Engagement) -> QuerySet[Registration]:
    """Everybody who registered, in the order of registration, with what became of it."""
    return engagement.registrations.select_related("category", "attendance").order_by("pk")


def registered_by_category(engagement: Engagement) -> list[tuple[RoleCategory, int]]:
    """Stakeholders whose registration stands, in table order. Nobody chose: left out."""
    standing = _stakeholders(engagement).filter(cancelled_at=None)
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


def outgoing_mail(reader: User, state: str = "") -> QuerySet[OutgoingMail]:
    """The outbox as this person may read it, the latest first; all of it, or what is in one state.

    Administrators read everything; others the mail of the engagements that they coordinate.
    """
    mails = OutgoingMail.objects.select_related("engagement", "engagement__series")
    if not rules.is_administrator(reader):
        own = Membership.objects.filter(user=reader, role=Role.COORDINATOR)
        mails = mails.filter(engagement__in=own.values("engagement"))
    return mails.filter(state=state) if state else mails


def _with_names() -> QuerySet[Engagement]:
    return Engagement.objects.select_related("series", "agency")


def _in_earnest() -> QuerySet[Engagement]:
    """Without the rehearsals, which the public never sees."""
    return _with_names().filter(is_rehearsal=False)


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
