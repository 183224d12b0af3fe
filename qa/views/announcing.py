"""The office's page of the announcements to the room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from engagements import states
from engagements.access import account, engagement_for, office_page, refusals_told
from engagements.refusals import NotAllowed, Refused
from qa import queries, rules
from qa.actions import announcing
from qa.forms import AnnouncementForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qa.models import Floor


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@office_page()
def announce(request: HttpRequest, slug: str) -> HttpResponse:
    floor = queries.floor_of(engagement_for(request, slug, rules.may_announce))
    form = AnnouncementForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, floor, form)
    if not form.is_valid():
        return _page(request, floor, form, status=400)
    try:
        announcing.announce(floor, by=account(request), **form.cleaned_data)
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        form.add_error(None, str(refused.message))
        return _page(request, floor, form, status=409)
    messages.success(request, _("Everybody in the room reads it now."))
    return redirect("announce", slug=slug)


@require_POST
@office_page()
def take_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    floor = queries.floor_of(engagement_for(request, slug, rules.may_announce))
    announcement = get_object_or_404(floor.announcements.select_related("floor__engagement"), pk=pk)
    with refusals_told(request):
        announcing.take_back(announcement, by=account(request))
        messages.success(request, _("The announcement is taken back."))
    return redirect("announce", slug=slug)


def _page(
    request: HttpRequest, floor: Floor, form: AnnouncementForm, status: int = 200
) -> HttpResponse:
    context = {
        "engagement": floor.engagement,
        "form": form,
        "announcements": queries.announcements(floor),
        "is_open": floor.engagement.state in {states.SCHEDULED, states.LIVE},
    }
    return render(request, "qa/staff/announce.html", context, status=status)
