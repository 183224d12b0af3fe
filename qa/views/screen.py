"""The screen: what is being answered now, in big type for everybody in the hall to read.

It opens for who runs the hour, and for a device that has opened its link.
"""

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
from engagements.templatetags.publicity import qr_title, short_address, without_scheme
from qa import projection, queries, rules
from qa.access import device_of, keep_device, ticket
from qa.forms import staged
from qa.queries import poll_pages

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from engagements.models import Engagement
    from qa.models import Floor

LOOKS: Final = ("light", "dark")
MOST_NEXT: Final = 4
"""Questions that come next: what is read from the last row."""

LONGEST_ADDRESS: Final = 60
"""Characters of an address that somebody in the hall would type."""


@require_safe
@never_cache
def screen(request: HttpRequest, slug: str) -> HttpResponseBase:
    device = device_of(request, slug)
    if device is None:
        return _screen_of_staff(request, slug)
    return keep_device(_page(request, device.floor.engagement, is_device=True), device)


@require_GET
@never_cache
def screen_ticket(request: HttpRequest, slug: str) -> HttpResponseBase:
    device = device_of(request, slug)
    if device is None:
        return _ticket_of_staff(request, slug)
    return JsonResponse({"ticket": ticket(device.floor, projection.SCREEN, device=device)})


@office_page()
def _screen_of_staff(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, engagement_for(request, slug, rules.may_watch_room), is_device=False)


@office_page()
def _ticket_of_staff(request: HttpRequest, slug: str) -> JsonResponse:
    engagement = engagement_for(request, slug, rules.may_watch_room)
    signed = ticket(
        queries.floor_of(engagement),
        projection.SCREEN,
        account=account(request),
        session_key=request.session.session_key or "",
    )
    return JsonResponse({"ticket": signed})


def _page(request: HttpRequest, engagement: Engagement, *, is_device: bool) -> HttpResponse:
    floor = queries.floor_of(engagement)
    look = request.GET.get("look", "")
    context: dict[str, Any] = {
        "engagement": engagement,
        "floor": floor,
        "is_device": is_device,
        "people": present(engagement.pk),
        "join": _join(engagement),
        "captions": _captions(engagement),
        "is_over": engagement.is_over or engagement.state == CANCELLED,
        "look": look if look in LOOKS else "",
        "MOST_NEXT": MOST_NEXT,
        "screen_poll": poll_pages.screen_poll(floor),
    } | _questions(floor)
    return render(request, "qa/stage/screen.html", context)


def _join(engagement: Engagement) -> dict[str, Any] | None:
    """How people in the hall come in: an address short enough to type, and codes to scan; the
    second one where they may walk in. None for a rehearsal, which has no public address."""
    if engagement.is_rehearsal:
        return None
    short = short_address(engagement)
    door = absolute(reverse("walk-in", args=[engagement.slug]))
    title = _("QR code of %(address)s") % {"address": without_scheme(door)}
    return {
        "address": without_scheme(short),
        "code": qr.svg(short, title=qr_title(engagement)),
        "door": qr.svg(door, title=title) if engagement.takes_walk_ins else None,
    }


def _captions(engagement: Engagement) -> str:
    """Where the captions are, as one types it; empty where that is too long for a wall."""
    address = without_scheme(engagement.captions_url)
    return address if len(address) <= LONGEST_ADDRESS else ""


def _questions(floor: Floor) -> dict[str, Any]:
    """What is being answered, and what may come next; by votes where everybody sees them."""
    answering, coming = staged(queries.snapshot(floor.pk, projection.SCREEN))
    return {
        "answering": answering,
        "coming": coming[:MOST_NEXT],
        "more": len(coming[MOST_NEXT:]),
    }
