"""The screen: what is being answered now, in big type for everybody in the hall to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from engagements.access import account, engagement_for, office_page
from engagements.outbox import absolute
from engagements.queries import present
from engagements.states import CANCELLED
from qa import projection, queries, rules, states
from qa.access import ticket
from qa.forms import ANSWERED, arranged

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

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
        "is_over": engagement.is_over or engagement.state == CANCELLED,
        "look": look if look in LOOKS else "",
        "MOST_NEXT": MOST_NEXT,
    } | _questions(floor)
    return render(request, "qa/staff/screen.html", context)


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
