"""The calendar, and who works on what."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q, prefetch_related_objects

from engagements import clock, rules, states
from engagements.models import Agency, Engagement, Membership, RoleCategory, Series, User

if TYPE_CHECKING:
    from django.db.models import QuerySet

State = Engagement.State

FORGOTTEN = timedelta(days=1)
"""So long after its end an engagement that nobody started leaves the calendar."""

IN_FEED = timedelta(days=366)
"""So long after its end an engagement stays in subscribed calendars."""

MOST_NEWS = 50


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


def announced() -> QuerySet[Engagement]:
    """All that the public may know of, by `Engagement.is_public`, cancelled ones too."""
    return _in_earnest().filter(
        Q(state__in=states.PUBLIC - {State.CANCELLED})
        | Q(state=State.CANCELLED, scheduled_at__isnull=False)
    )


def in_feed() -> QuerySet[Engagement]:
    """What a subscribed calendar holds: the past year and all that is ahead, in order of time."""
    return announced().filter(ends_at__gt=clock.now() - IN_FEED).order_by("starts_at", "pk")


def news() -> QuerySet[Engagement]:
    """Those that changed last, the latest change first."""
    return announced().order_by("-changed_at", "-pk")[:MOST_NEWS]


def public_series() -> QuerySet[Series]:
    """Those under which the public finds something."""
    return Series.objects.filter(pk__in=announced().order_by().values("series"))


def by_code(code: str) -> Engagement | None:
    """What the public finds under the code of a short address, in whatever case it was typed."""
    return announced().filter(code=code.lower()).first()


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
    return {one.role for one in engagement.memberships.all() if one.user_id == user.pk}


def members(engagement: Engagement) -> QuerySet[Membership]:
    return engagement.memberships.select_related("user")


def fetch_members(engagement: Engagement) -> None:
    """Asked for once. Whatever asks this object for its memberships, rules too, uses them then."""
    prefetch_related_objects(
        [engagement], Prefetch("memberships", Membership.objects.select_related("user"))
    )


def office_accounts() -> QuerySet[User]:
    return User.objects.filter(is_active=True, agency=None)


def offered_categories() -> QuerySet[RoleCategory]:
    return RoleCategory.objects.filter(is_offered=True)


def series_names() -> QuerySet[Series, str]:
    return Series.objects.values_list("name", flat=True)


def agencies() -> QuerySet[Agency]:
    return Agency.objects.all()


def _with_names() -> QuerySet[Engagement]:
    return Engagement.objects.select_related("series", "agency")


def _in_earnest() -> QuerySet[Engagement]:
    """Without the rehearsals, which the public never sees."""
    return _with_names().filter(is_rehearsal=False)
