"""Pages for everybody: the calendar, an engagement, registration, and the personal link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from engagements import access, queries, rules
from engagements.actions import registering
from engagements.forms.registering import RegistrationForm
from engagements.models import Notice, Registration
from engagements.refusals import Refused

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from engagements.models import Engagement
    from engagements.rules import Visitor

PAST_ON_A_PAGE = 12


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    past = Paginator(queries.past(), PAST_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "live": queries.live_now(),
        "upcoming": queries.upcoming(),
        "page": past,
        "held": {int(pk) for pk in request.session.get(access.SESSION_KEY, {})},
    }
    return render(request, "engagements/public/home.html", context)


@require_safe
def engagement(request: HttpRequest, slug: str) -> HttpResponse:
    """Its public page. Who works on a draft or a rehearsal sees it as the public would."""
    found = access.engagement_for(request, slug, _may_read)
    context = {
        "engagement": found,
        "speakers": found.speakers.all(),
        "registration": access.registration_of(request, found),
        "is_open": registering.is_open(found),
    }
    return render(request, "engagements/public/engagement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, slug: str) -> HttpResponse:
    found = access.public_engagement(slug)
    form = RegistrationForm(request.POST if request.method == "POST" else None, engagement=found)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                registering.register(found, **form.entry())
            except Refused as refusal:
                form.add_error(None, refusal.message)
                status = 409
            else:
                return redirect("registered", found.slug)
    context = {
        "engagement": found,
        "form": form,
        "notice": Notice.shown_for(found),
        "registration": access.registration_of(request, found),
        "is_open": registering.is_open(found),
    }
    return render(request, "engagements/public/register.html", context, status=status)


@require_safe
def registered(request: HttpRequest, slug: str) -> HttpResponse:
    """The same page whether the address was new or not."""
    found = access.public_engagement(slug)
    return render(request, "engagements/public/registered.html", {"engagement": found})


@require_GET
def join(request: HttpRequest, token: str) -> HttpResponse:
    """The personal link: this browser acts for the registration from now on.

    The address holds a secret, so it is left at once and sent to nobody.
    """
    registration = Registration.from_token(token)
    if registration is None:
        response = render(request, "engagements/public/unknown_link.html", status=404)
    else:
        # A session that somebody else may know of must not become this person's.
        request.session.cycle_key()
        access.remember_registration(request, registration)
        response = redirect("room", registration.engagement.slug)
    add_never_cache_headers(response)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _may_read(visitor: Visitor, engagement: Engagement) -> bool:
    return rules.may_see_publicly(engagement) or rules.may_see_in_office(visitor, engagement)
