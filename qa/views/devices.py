"""Links for devices: made and revoked by the office, opened by whoever stands at the device."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from engagements.access import account, engagement_for, office_page, refusals_told
from engagements.files import qr
from engagements.outbox import absolute
from engagements.refusals import Refused
from qa import queries, rules
from qa.access import keep_device
from qa.actions import linking
from qa.forms.stage import ViewLinkForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qa.models import Floor


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@office_page()
def view_links(request: HttpRequest, slug: str) -> HttpResponse:
    """The answer to a form shows the new link, once: nobody can read it again."""
    floor = queries.floor_of(engagement_for(request, slug, rules.may_link_devices))
    if request.method != "POST":
        return _page(request, floor, ViewLinkForm(floor=floor))
    form = ViewLinkForm(request.POST, floor=floor)
    if not form.is_valid():
        return _page(request, floor, form, status=400)
    try:
        link, token = linking.make(floor, by=account(request), **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, str(refused.message))
        return _page(request, floor, form, status=409)
    address = absolute(reverse("view-link", args=[token]))
    title = _("QR code of the link for %(device)s") % {"device": link.name}
    made = {"link": link, "address": address, "code": qr.svg(address, title=title)}
    return _page(request, floor, ViewLinkForm(floor=floor), made=made)


@require_POST
@never_cache
@office_page()
def revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    floor = queries.floor_of(engagement_for(request, slug, rules.may_link_devices))
    link = get_object_or_404(floor.view_links.select_related("floor__engagement"), pk=pk)
    with refusals_told(request):
        linking.revoke(link, by=account(request))
        messages.success(request, _("The link is revoked. Its device shows nothing any more."))
    return redirect("view-links", slug)


@require_GET
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """This browser opens the link's view from now on. The address holds a secret, so it is left at
    once and sent to nobody. Opening it changes nothing."""
    link = linking.link_for(token)
    if link is None:
        response = render(request, "qa/stage/unknown_link.html", status=404)
    else:
        page = "speaker-view" if link.speaker_id else "screen"
        response = keep_device(redirect(page, link.floor.engagement.slug), link)
    add_never_cache_headers(response)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _page(
    request: HttpRequest,
    floor: Floor,
    form: ViewLinkForm,
    *,
    made: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "engagement": floor.engagement,
        "form": form,
        "made": made,
        "links": queries.view_links(floor),
        "is_staged": rules.is_staged(floor.engagement),
    }
    return render(request, "qa/staff/view_links.html", context, status=status)
