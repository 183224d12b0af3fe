"""What is passed on, on paper and by hand: the short address, its QR code, and a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from engagements import access, queries, rules
from engagements.files import calendar_file, qr
from engagements.models import Engagement
from engagements.templatetags.publicity import qr_title, short_address

if TYPE_CHECKING:
    from django.http import HttpRequest

    from engagements.rules import Visitor


@require_safe
def short(request: HttpRequest, code: str) -> HttpResponse:
    """Leads to the engagement, or into its room while it is live and this browser may enter."""
    found = queries.by_code(code)
    if found is None:
        raise Http404
    registration = access.registration_of(request, found)
    is_inside = (
        found.state == Engagement.State.LIVE
        and registration is not None
        and rules.is_admitted(registration)
    )
    response = redirect("room" if is_inside else "engagement", found.slug)
    # Where it leads is another place tomorrow.
    add_never_cache_headers(response)
    return response


@require_safe
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """One page to print. Who works on a draft may print it in advance."""
    found = access.engagement_for(request, slug, _may_print)
    context = {
        "engagement": found,
        "speakers": found.speakers.all(),
        "warning": calendar_file.please_do_not_share(),
    }
    return render(request, "engagements/public/sheet.html", context)


@require_safe
def qr_svg(request: HttpRequest, slug: str) -> HttpResponse:
    found = access.engagement_for(request, slug, _may_print)
    drawing = qr.svg_file(short_address(found), title=qr_title(found))
    return _download(drawing, qr.SVG, f"{found.slug}-qr.svg")


@require_safe
def qr_png(request: HttpRequest, slug: str) -> HttpResponse:
    found = access.engagement_for(request, slug, _may_print)
    picture = qr.png_file(short_address(found))
    return _download(picture, qr.PNG, f"{found.slug}-qr.png")


def _download(content: bytes, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)


def _may_print(visitor: Visitor, engagement: Engagement) -> bool:
    """A rehearsal has no short address that anybody could open."""
    if engagement.is_rehearsal:
        return False
    return rules.may_see_publicly(engagement) or rules.may_see_in_office(visitor, engagement)
