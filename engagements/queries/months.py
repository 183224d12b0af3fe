"""One month of the calendar, day by day, as it hangs on a wall."""

from __future__ import annotations

from calendar import Calendar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.db.models import Max, Min

from engagements import clock
from engagements.models import Engagement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2100

_FAR: Final = timedelta(days=1)
"""No clock is further from UTC."""


@dataclass(frozen=True)
class Day:
    at: date
    is_in_month: bool
    is_today: bool
    engagements: list[Engagement] = field(default_factory=list)


@dataclass(frozen=True)
class Month:
    """`before` and `after` are first days of other months, None where nothing more is to see."""

    first: date
    weeks: list[list[Day]]
    before: date | None
    after: date | None

    @property
    def is_empty(self) -> bool:
        return not any(day.engagements for week in self.weeks for day in week)


def today() -> date:
    """As the clock shows it where engagements are held unless they say otherwise."""
    home = Engagement._meta.get_field("time_zone").get_default()
    return clock.now().astimezone(ZoneInfo(home)).date()


def month(found: QuerySet[Engagement], first: date, *, begins_on: int) -> Month:
    """Those of `found` that take place in the month of `first`, each on every day it lasts.

    `begins_on` is the first day of a week, 0 for Sunday. Costs two queries.
    """
    here = today()
    dates = list(Calendar((begins_on - 1) % 7).itermonthdates(first.year, first.month))
    days = {at: Day(at, is_in_month=at.month == first.month, is_today=at == here) for at in dates}
    for engagement in _between(found, dates[0], dates[-1]):
        for at in _dates_of(engagement, days):
            days[at].engagements.append(engagement)
    weeks = [[days[at] for at in dates[start : start + 7]] for start in range(0, len(dates), 7)]
    earliest, latest = _bounds(found, here)
    before, after = _previous(first), _next(first)
    return Month(
        first,
        weeks,
        before=before if before >= earliest else None,
        after=after if after <= latest else None,
    )


def is_in_calendar(year: int, number: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR and 1 <= number <= 12


def _between(found: QuerySet[Engagement], start: date, end: date) -> QuerySet[Engagement]:
    """With a day more at both ends, because each has its own time zone."""
    return found.filter(
        ends_at__gt=_midnight(start) - _FAR, starts_at__lt=_midnight(end) + 2 * _FAR
    ).order_by("starts_at", "pk")


def _dates_of(engagement: Engagement, shown: dict[date, Day]) -> Iterator[date]:
    start = engagement.local(engagement.starts_at).date()
    # Who ends at midnight does not last into the next day.
    end = engagement.local(engagement.ends_at - timedelta(microseconds=1)).date()
    return (at for at in shown if start <= at <= end)


def _bounds(found: QuerySet[Engagement], here: date) -> tuple[date, date]:
    """The months of the first and the last engagement, and this month in any case."""
    ends = found.order_by().aggregate(first=Min("starts_at"), last=Max("ends_at"))
    known = [here, *(moment.date() for moment in ends.values() if moment)]
    earliest = max(min(known), date(FIRST_YEAR, 1, 1))
    latest = min(max(known), date(LAST_YEAR, 12, 1))
    return earliest.replace(day=1), latest.replace(day=1)


def _previous(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _midnight(at: date) -> datetime:
    return datetime(at.year, at.month, at.day, tzinfo=UTC)
