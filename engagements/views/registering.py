"""To register, to look after the own registration, and to walk in."""

from __future__ import annotations

import uuid
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec

from django.conf import settings
from django.contrib import messages
from django.db import Error as DatabaseFault
from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from engagements import access, pace, rules, states
from engagements.actions import changing, registering, seating
from engagements.forms.registering import OwnRegistrationForm, RegistrationForm, WalkInForm
from engagements.models import Accommodation, Notice, Registration, User
from engagements.queries.people import place
from engagements.queries.standing import standing
from engagements.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from engagements.models import Engagement

P = ParamSpec("P")

WALK_INS: Final = 5
"""A hall walks in through one address: so many times the ceiling of other registrations."""

NOT_REPEATED: Final = frozenset({"csrfmiddlewaretoken", "leave_empty"})


def told_if_not_saved(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """When the database fails under a form, a page that needs none says so and keeps what was
    typed."""

    @wraps(view)
    def careful(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DatabaseFault:
            if request.method != "POST":
                raise
            return _not_saved(request)

    return careful


@require_http_methods(["GET", "HEAD", "POST"])
@told_if_not_saved
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """The answer is the same whether the address was known or not."""
    found = access.public_engagement(slug)
    if request.method != "POST":
        return _registration_page(request, found, RegistrationForm(engagement=found))
    form = RegistrationForm(request.POST, engagement=found)
    if not form.is_valid():
        return _registration_page(request, found, form, HTTPStatus.BAD_REQUEST)
    seconds = pace.seconds_to_wait(request, "register", a_minute=settings.REGISTRATIONS_A_MINUTE)
    if seconds:
        form.add_error(None, _later(seconds))
        return _asked_to_wait(_registration_page(request, found, form), seconds)
    try:
        registering.register(found, **form.entry())
    except Refused as refused:
        form.add_error(None, str(refused))
        return _registration_page(request, found, form, HTTPStatus.CONFLICT)
    return redirect("registered", found.slug)


@require_safe
def registered(request: HttpRequest, slug: str) -> HttpResponse:
    """The same page whether the address was new or not."""
    found = access.public_engagement(slug)
    return render(request, "engagements/public/registered.html", {"engagement": found})


@require_GET
def join(request: HttpRequest, token: str) -> HttpResponse:
    registration = Registration.from_token(token)
    is_admitted = registration is not None and rules.is_admitted(registration)
    return access.mailed_link(request, registration, "room" if is_admitted else "own-registration")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@told_if_not_saved
def own_registration(request: HttpRequest, slug: str) -> HttpResponse:
    """How the own registration stands, and what may be changed of it."""
    own = _own(request, slug)
    if not rules.may_change(own):
        if request.method == "POST":
            return _own_page(request, own, None, HTTPStatus.CONFLICT)
        return _own_page(request, own, None)
    if request.method != "POST":
        return _own_page(request, own, OwnRegistrationForm(registration=own))
    form = OwnRegistrationForm(request.POST, registration=own)
    if not form.is_valid():
        return _own_page(request, own, form, HTTPStatus.BAD_REQUEST)
    try:
        changing.change(own, by=own, **form.entry())
    except Refused as refused:
        form.add_error(None, str(refused))
        return _own_page(request, own, form, HTTPStatus.CONFLICT)
    messages.success(request, _("Your registration is saved."))
    return redirect("own-registration", slug)


@require_POST
@never_cache
@told_if_not_saved
def confirm(request: HttpRequest, slug: str) -> HttpResponse:
    return _act(request, slug, registering.confirm, done=_("Thank you. Your address is confirmed."))


@require_POST
@never_cache
@told_if_not_saved
def cancel(request: HttpRequest, slug: str) -> HttpResponse:
    return _act(request, slug, changing.cancel, done=_("Your registration is cancelled."))


@require_POST
@never_cache
@told_if_not_saved
def delete(request: HttpRequest, slug: str) -> HttpResponse:
    return _act(request, slug, changing.erase, done=_("Your data are deleted."))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@told_if_not_saved
def walk_in(request: HttpRequest, slug: str) -> HttpResponse:
    """Name and role are enough while it is live; whoever sends them is in the room, and counted."""
    found = access.public_engagement(slug)
    if request.method != "POST":
        form = WalkInForm(engagement=found, initial={"key": uuid.uuid4()})
        return _walk_in_page(request, found, form)
    form = WalkInForm(request.POST, engagement=found)
    if not form.is_valid():
        return _walk_in_page(request, found, form, HTTPStatus.BAD_REQUEST)
    most = settings.REGISTRATIONS_A_MINUTE * WALK_INS
    seconds = pace.seconds_to_wait(request, "walk-in", a_minute=most)
    if seconds:
        form.add_error(None, _later(seconds))
        return _asked_to_wait(_walk_in_page(request, found, form), seconds)
    by = request.user if isinstance(request.user, User) else "public"
    try:
        own = registering.walk_in(found, by=by, **form.entry())
    except Refused as refused:
        form.add_error(None, str(refused))
        return _walk_in_page(request, found, form, HTTPStatus.CONFLICT)
    access.remember_registration(request, own)
    return redirect("room" if rules.is_admitted(own) else "own-registration", slug)


def _act(
    request: HttpRequest, slug: str, action: Callable[..., Registration], *, done: str
) -> HttpResponse:
    own = _own(request, slug)
    with access.refusals_told(request):
        action(own, by=own)
        messages.success(request, done)
    return redirect("own-registration", slug)


def _own(request: HttpRequest, slug: str) -> Registration:
    """The registration that this browser holds; 404 without one, as for what does not exist."""
    found = access.engagement_with_room(slug)
    own = access.registration_of(request, found)
    if own is None:
        raise Http404
    return own


def _registration_page(
    request: HttpRequest,
    engagement: Engagement,
    form: RegistrationForm,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "engagement": engagement,
        "form": form,
        "notice": Notice.shown_for(engagement),
        "registration": access.registration_of(request, engagement),
        "is_open": registering.is_open(engagement),
        "standing": standing(engagement),
        "has_seat": seating.has_seat(engagement),
    }
    return render(request, "engagements/public/register.html", context, status=status)


def _own_page(
    request: HttpRequest,
    own: Registration,
    form: OwnRegistrationForm | None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    engagement = own.engagement
    context: dict[str, Any] = {
        "engagement": engagement,
        "registration": own,
        "form": form,
        "may_erase": rules.may_erase(own) and not own.is_erased,
        "is_admitted": rules.is_admitted(own),
        "has_begun": engagement.state != states.SCHEDULED,
        "place": place(own) if own.state == Registration.State.WAITLISTED else None,
        "confirm_until": own.registered_at + registering.CONFIRM_WITHIN,
        "answers": own.answers.select_related("question").order_by("question__position"),
        "needs": own.accommodations.exclude(state=Accommodation.State.WITHDRAWN),
    }
    return render(request, "engagements/public/own_registration.html", context, status=status)


def _walk_in_page(
    request: HttpRequest, engagement: Engagement, form: WalkInForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "engagement": engagement,
        "form": form,
        "notice": Notice.shown_for(engagement),
        "registration": access.registration_of(request, engagement),
        "is_open": registering.takes_walk_ins(engagement),
        "has_seat": seating.has_seat(engagement),
    }
    return render(request, "engagements/public/walk_in.html", context, status=status)


def _later(seconds: int) -> str:
    if seconds <= pace.MINUTE:
        wait = ngettext("%(number)d second", "%(number)d seconds", seconds) % {"number": seconds}
    else:
        minutes = -(-seconds // pace.MINUTE)
        wait = ngettext("%(number)d minute", "%(number)d minutes", minutes) % {"number": minutes}
    return _(
        "Not sent: too many forms came from your network in a short time. What you typed is kept. "
        "Please send it again in %(wait)s."
    ) % {"wait": wait}


def _asked_to_wait(response: HttpResponse, seconds: int) -> HttpResponse:
    response.status_code = HTTPStatus.TOO_MANY_REQUESTS
    response["Retry-After"] = str(seconds)
    return response


def _not_saved(request: HttpRequest) -> HttpResponse:
    """Without the database, and so without session, account and the office's names."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NOT_REPEATED
        for value in values
    ]
    context = {"csrf_token": get_token(request), "action": request.path, "fields": fields}
    page = render_to_string("engagements/public/not_saved.html", context)
    response = HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE)
    add_never_cache_headers(response)
    return response
