"""The floor's settings, and the mail with the link for late questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from engagements import clock
from engagements.access import account, engagement_for, office_page, refusals_told
from engagements.queries.mail import recipients
from engagements.refusals import NotAllowed, Refused
from engagements.rules import may_write_to_people
from qa import queries, rules
from qa.actions import floor_settings
from qa.actions.floor_settings import FIXED, seen
from qa.forms.floor import FloorSettingsForm, LateMailForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qa.models import Floor


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@office_page()
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_moderate)
    floor = queries.floor_of(engagement)
    form = FloorSettingsForm(request.POST if request.method == "POST" else None, floor=floor)
    if not form.is_bound:
        return _page(request, floor, form)
    if not form.is_valid():
        return _page(request, floor, form, status=400)
    try:
        floor_settings.change(
            floor, by=account(request), before=form.before_the_eyes(), **form.settings()
        )
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        if refused.code == "changed_meanwhile":
            return _conflict(request, floor, str(refused))
        form.add_error(refused.code if refused.code in form.fields else None, str(refused))
        return _page(request, floor, form, status=409)
    messages.success(request, _("The settings of the floor are saved. They hold from now on."))
    return redirect("floor-settings", slug)


@require_POST
@office_page()
def late_mail(request: HttpRequest, slug: str) -> HttpResponse:
    """The personal link for late questions, to who registered or to who took part."""
    engagement = engagement_for(request, slug, _may_mail)
    form = LateMailForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose who gets the mail."))
        return redirect("floor-settings", slug)
    with refusals_told(request):
        mailing = floor_settings.mail_late(
            queries.floor_of(engagement),
            by=account(request),
            only_who_came=form.cleaned_data["to"] == "came",
        )
        people = recipients(mailing).count()
        said = ngettext(
            "The mail goes to %(people)d person.", "The mail goes to %(people)d people.", people
        )
        messages.success(request, said % {"people": people})
    return redirect("floor-settings", slug)


def _may_mail(user: Any, engagement: Any) -> bool:
    return rules.may_moderate(user, engagement) and may_write_to_people(user, engagement)


def _conflict(request: HttpRequest, floor: Floor, said: str) -> HttpResponse:
    """What was typed, to be sent once more over what has come in between."""
    floor = queries.floor_of(floor.engagement)
    typed = request.POST.copy()
    typed["before"] = seen(floor)
    form = FloorSettingsForm(typed, floor=floor)
    form.is_valid()
    return _page(request, floor, form, status=409, conflict=said, differences=form.differences())


def _page(
    request: HttpRequest, floor: Floor, form: FloorSettingsForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    engagement, now = floor.engagement, clock.now()
    context = more | {
        "engagement": engagement,
        "floor": floor,
        "form": form,
        "is_fixed": engagement.state in FIXED,
        "next": floor.next_moment(now),
        "is_early": floor.is_early(now),
        "takes_late": floor.takes_late(now),
        "has_moved_along": queries.has_moved_along(engagement),
        "late_mail": _late_people(floor) if _may_mail(request.user, engagement) else None,
    }
    return render(request, "qa/staff/floor_settings.html", context, status=status)


def _late_people(floor: Floor) -> dict[str, int] | None:
    """How many would get the mail with the link; None where there is none to send."""
    if floor.late_until is None or not floor.takes_late(clock.now()):
        return None
    return {
        key: recipients(floor_settings.late_mailing(floor, only_who_came=key == "came")).count()
        for key in ("registered", "came")
    }
