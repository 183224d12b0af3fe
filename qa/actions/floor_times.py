"""Moments of the floor: which cannot be true together, and where they go when the event moves."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from engagements import clock, states

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from engagements.models import Engagement

TIMES: Final = ("early_opens_at", "early_closes_at", "opens_at", "closes_at", "late_until")

MOST_LATE: Final = timedelta(days=30)
"""After the end. Identities of registrants are kept for little longer."""


def problems(times: Mapping[str, Any], engagement: Engagement) -> dict[str, str]:
    """A sentence by field, for each that contradicts another one or the engagement's time."""
    found: dict[str, str] = {}
    for field, sentence in (
        *_early(times, engagement),
        *_within(times, engagement),
        *_late(times, engagement),
    ):
        found.setdefault(field, sentence)
    return found


def _early(times: Mapping[str, Any], engagement: Engagement) -> Iterator[tuple[str, str]]:
    opens, closes = times.get("early_opens_at"), times.get("early_closes_at")
    start = engagement.starts_at
    if opens and opens >= start:
        yield (
            "early_opens_at",
            _("It must open before the engagement starts, %(moment)s.")
            % {"moment": said(start, engagement)},
        )
    if closes and not opens:
        yield "early_opens_at", _("Please say when it opens too.")
    if closes and opens and closes <= opens:
        yield "early_closes_at", _("It must close after it opens.")
    if closes and closes > start:
        yield (
            "early_closes_at",
            _("It must close by the start of the engagement, %(moment)s.")
            % {"moment": said(start, engagement)},
        )


def _within(times: Mapping[str, Any], engagement: Engagement) -> Iterator[tuple[str, str]]:
    opens, closes = times.get("opens_at"), times.get("closes_at")
    start, end = engagement.starts_at, engagement.ends_at
    within = _("This must be within the engagement, from %(start)s to %(end)s.") % {
        "start": said(start, engagement),
        "end": said(end, engagement),
    }
    if opens and not start <= opens < end:
        yield "opens_at", within
    if closes and not start < closes <= end:
        yield "closes_at", within
    if opens and closes and closes <= opens:
        yield "closes_at", _("It must close after it opens.")


def _late(times: Mapping[str, Any], engagement: Engagement) -> Iterator[tuple[str, str]]:
    until = times.get("late_until")
    end = engagement.ended_at or engagement.ends_at
    if until and until <= end:
        yield (
            "late_until",
            _("This must be after the end of the engagement, %(moment)s.")
            % {"moment": said(end, engagement)},
        )
    if until and until > end + MOST_LATE:
        yield (
            "late_until",
            _("Late questions are taken for at most %(days)d days.") % {"days": MOST_LATE.days},
        )


def moved(
    times: Mapping[str, datetime | None], engagement: Engagement, former: tuple[datetime, datetime]
) -> dict[str, datetime | None]:
    """The moments after the engagement has moved. Each keeps its distance from the start, late
    questions that from the end, by the clock on the wall; what then contradicts its time, or lies
    in the past, is taken away."""
    start, end = former
    anew = {
        name: _at_the_same_distance(
            times[name],
            end if name == "late_until" else start,
            engagement.ends_at if name == "late_until" else engagement.starts_at,
            engagement,
        )
        for name in TIMES
    }
    if times["closes_at"] == end:
        anew["closes_at"] = engagement.ends_at
    if engagement.state not in {states.DRAFT, states.SCHEDULED}:
        # What has begun does not move; only its end does.
        anew |= {name: times[name] for name in ("early_opens_at", "early_closes_at", "opens_at")}
        anew["closes_at"] = anew["closes_at"] if times["closes_at"] == end else times["closes_at"]
    over = anew["early_closes_at"]
    if over and over <= clock.now() and engagement.state == states.SCHEDULED:
        anew["early_opens_at"] = anew["early_closes_at"] = None
    # One after the other: what goes may be all that another one contradicted.
    while contradicted := next(iter(problems(anew, engagement)), None):
        anew[contradicted] = None
    return anew


def said(moment: datetime, engagement: Engagement) -> str:
    return date_format(engagement.local(moment), "F j, P T")


def _at_the_same_distance(
    moment: datetime | None, former: datetime, new: datetime, engagement: Engagement
) -> datetime | None:
    if moment is None:
        return None
    was, wall, now = (engagement.local(one).replace(tzinfo=None) for one in (former, moment, new))
    return (now + (wall - was)).replace(tzinfo=engagement.zone)
