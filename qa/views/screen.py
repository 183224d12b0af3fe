"""The screen: what is being answered now, in big type for everybody in the hall to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from engagements.access import account, engagement_for, office_page
from engagements.files import qr
from engagements.outbox import absolute
from engagements.queries import present
from engagements.states import CANCELLED
from engagements.templatetags.publicity import short_address, without_scheme
from qa import projection, queries, rules, states
from qa.access import ticket
from qa.forms import ANSWERED, arranged

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from engagements.models import Engagement
    from qa.models import Floor

LOOKS: Final = ("light", "dark")
MOST_NEXT: Final = 4
"""Questions that come next: what is read from the last row."""


@require_safe
@never_cache
@office_page()
def screen(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_watch_room)
    floor = queries.floor_of(engagement)
    look = request.GET.get("look", "")
    context: dict[str, Any] = {
        "engagement": engagement,
        "floor": floor,
        "people": present(engagement.pk),
        "address": absolute(engagement.get_absolute_url()).partition("://")[2].rstrip("/"),
        "walk_in": _walk_in(engagement),
        "is_over": engagement.is_over or engagement.state == CANCELLED,
        "look": look if look in LOOKS else "",
        "MOST_NEXT": MOST_NEXT,
    } | _questions(floor)
    return render(request, "qa/stage/screen.html", context)


@require_GET
@never_cache
@office_page()
def screen_ticket(request: HttpRequest, slug: str) -> JsonResponse:
    engagement = engagement_for(request, slug, rules.may_watch_room)
    signed = ticket(
        queries.floor_of(engagement),
        projection.SCREEN,
        account=account(request),
        session_key=request.session.session_key or "",
    )
    return JsonResponse({"ticket": signed})


def _walk_in(engagement: Engagement) -> dict[str, Any] | None:
    """How whoever has not registered gets in: a code to scan, and an address short enough to type.

    None where people may not walk in.
    """
    if not engagement.takes_walk_ins or engagement.is_rehearsal:
        return None
    door = absolute(reverse("walk-in", args=[engagement.slug]))
    return {
        "address": without_scheme(short_address(engagement)),
        "code": qr.svg(door, title=_("QR code of %(address)s") % {"address": without_scheme(door)}),
    }


def _questions(floor: Floor) -> dict[str, Any]:
    """What is being answered, and what may come next; by votes where everybody sees them."""
    snapshot = queries.snapshot(floor.pk, projection.SCREEN)
    sees_counts = projection.sees_counts(projection.SCREEN, floor.voting)
    questions: list[dict[str, Any]] = [
        {**question, "votes": snapshot["votes"].get(str(question["number"]), 0)}
        for question in snapshot["questions"]
    ]
    order = arranged(questions, "votes" if sees_counts else "number")
    coming = [q for q in order if q["outcome"] not in {states.ANSWERING, *ANSWERED}]
    return {
        "answering": next((q for q in order if q["outcome"] == states.ANSWERING), None),
        "coming": coming[:MOST_NEXT],
        "more": len(coming[MOST_NEXT:]),
    }
