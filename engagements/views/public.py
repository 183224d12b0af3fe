"""Pages for everybody: the calendar, and an engagement."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.formats import get_format
from django.views.decorators.http import require_safe

from engagements import access, queries, rules
from engagements.actions import registering, seating
from engagements.models import Registration
from engagements.queries import set_up

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from engagements.models import Engagement, Series
    from engagements.rules import Visitor

PAST_ON_A_PAGE = 12
AHEAD_ON_A_PAGE = 50

OPEN = queries.Standing.OPEN


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The calendar as a list: live now, ahead, past; of one series if the address says so."""
    chosen = _chosen_series(request)
    live = list(_of_series(queries.live_now(), chosen))
    ahead = list(_of_series(queries.upcoming(), chosen)[: AHEAD_ON_A_PAGE + 1])
    upcoming, more = ahead[:AHEAD_ON_A_PAGE], ahead[AHEAD_ON_A_PAGE:]
    past = Paginator(_of_series(queries.past(), chosen), PAST_ON_A_PAGE)
    context = _calendar(chosen, queries.today()) | {
        "live": live,
        "upcoming": upcoming,
        "more_from": more[0].local(more[0].starts_at).date() if more else None,
        "page": past.get_page(request.GET.get("page")),
        **_held(request),
        "open": {found.pk for found in [*live, *upcoming] if queries.standing(found) == OPEN},
    }
    return render(request, "engagements/public/home.html", context)


@require_safe
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The calendar as a month on the wall."""
    if not queries.is_in_calendar(year, month):
        raise Http404
    chosen = _chosen_series(request)
    shown = queries.month(
        _of_series(queries.announced(), chosen),
        date(year, month, 1),
        begins_on=get_format("FIRST_DAY_OF_WEEK"),
    )
    context = _calendar(chosen, shown.first) | {"month": shown}
    return render(request, "engagements/public/month.html", context)


@require_safe
def engagement(request: HttpRequest, slug: str) -> HttpResponse:
    """Its public page. Who works on a draft or a rehearsal sees it as the public would."""
    found = access.engagement_for(request, slug, _may_read)
    standing = queries.standing(found)
    if standing == OPEN and not seating.has_seat(found):
        standing = queries.Standing.WAITLIST
    context = {
        "engagement": found,
        "speakers": found.speakers.all(),
        "materials": set_up.materials(found),
        "registration": access.registration_of(request, found),
        "standing": standing.value,
        "is_open": registering.is_open(found),
    }
    return render(request, "engagements/public/engagement.html", context)


def _held(request: HttpRequest) -> dict[str, set[int]]:
    """Engagements for which this browser holds a registration: it opens the room, or only waits."""
    known = request.session.get(access.SESSION_KEY, {}).values()
    standing = Registration.objects.exclude(state=Registration.State.CANCELLED)
    mine = standing.filter(pk__in=known) if known else []
    admitted = {one.engagement_id for one in mine if rules.is_admitted(one)}
    return {"held": admitted, "waiting": {one.engagement_id for one in mine} - admitted}


def _calendar(chosen: Series | None, shown: date) -> dict[str, Any]:
    """What list and month have in common: the series to choose from, and the way to each other."""
    return {
        "all_series": queries.public_series(),
        "chosen": chosen,
        "query": urlencode({"series": chosen.pk}) if chosen else "",
        "shown": shown,
        "today": queries.today(),
    }


def _chosen_series(request: HttpRequest) -> Series | None:
    """The one that the address names; whatever else it says means all."""
    wanted = request.GET.get("series", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 10):
        return None
    return queries.public_series().filter(pk=int(wanted)).first()


def _of_series(found: QuerySet[Engagement], chosen: Series | None) -> QuerySet[Engagement]:
    return found.filter(series=chosen) if chosen else found


def _may_read(visitor: Visitor, engagement: Engagement) -> bool:
    return rules.may_see_publicly(engagement) or rules.may_see_in_office(visitor, engagement)
