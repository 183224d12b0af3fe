"""The room. Live with scripts; without them the same page and form work by POST and reload."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import DatabaseError
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from engagements.access import may_work_here, public_engagement, refusals_told, registration_of
from engagements.actions import attending
from engagements.refusals import NotAllowed, Refused
from qa import projection, queries, rules
from qa.access import ticket
from qa.actions import asking
from qa.forms import AskForm, NumberForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from engagements.models import Engagement, Registration


@require_safe
@never_cache
def room(request: HttpRequest, slug: str) -> HttpResponse:
    engagement, registration = _enter(request, slug)
    if registration is not None and request.method == "GET":
        attending.visit(registration)
    form = AskForm(initial={"client_id": uuid.uuid4()})
    return _room_page(request, engagement, registration, form)


@require_POST
@never_cache
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    engagement, registration = _enter(request, slug)
    if registration is None:
        raise Http404
    form = AskForm(request.POST)
    if not form.is_valid():
        return _room_page(request, engagement, registration, form, status=400)
    try:
        question = asking.ask(queries.floor_of(engagement), by=registration, **form.cleaned_data)
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        form.add_error("text", str(refused.message))
        return _room_page(request, engagement, registration, form, status=409)
    except DatabaseError:
        form.add_error("text", _("Not saved. Please try again."))
        return _room_page(request, engagement, registration, form, status=503)
    messages.success(
        request,
        _("Saved as question %(number)d. A moderator reads it next.") % {"number": question.number},
    )
    return redirect("room", slug=slug)


@require_POST
@never_cache
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    engagement, registration = _enter(request, slug)
    form = NumberForm(request.POST)
    if registration is None or not form.is_valid():
        raise Http404
    with refusals_told(request):
        question = asking.withdraw(
            queries.floor_of(engagement), by=registration, **form.cleaned_data
        )
        messages.success(
            request, _("Question %(number)d is withdrawn.") % {"number": question.number}
        )
    return redirect("room", slug=slug)


@require_GET
@never_cache
def room_ticket(request: HttpRequest, slug: str) -> JsonResponse:
    """A fresh ticket for the socket of this page."""
    engagement, registration = _enter(request, slug)
    return JsonResponse({"ticket": _ticket(request, engagement, registration)})


def _enter(request: HttpRequest, slug: str) -> tuple[Engagement, Registration | None]:
    """A stakeholder who holds a link enters, and staff of the engagement who only watch."""
    engagement = public_engagement(slug)
    registration = registration_of(request, engagement)
    if registration is not None and rules.may_enter_room(registration):
        return engagement, registration
    if may_work_here(request.user) and rules.may_watch_room(request.user, engagement):
        return engagement, None
    raise Http404


def _ticket(request: HttpRequest, engagement: Engagement, registration: Registration | None) -> str:
    floor = queries.floor_of(engagement)
    if registration is not None:
        return ticket(floor, projection.ROOM, registration=registration)
    return ticket(floor, projection.ROOM, account=request.user)  # type: ignore[arg-type]  # _enter let only accounts in


def _room_page(
    request: HttpRequest,
    engagement: Engagement,
    registration: Registration | None,
    form: AskForm,
    status: int = 200,
) -> HttpResponse:
    floor = queries.floor_of(engagement)
    state = queries.snapshot(floor.pk, projection.ROOM)
    context: dict[str, Any] = {
        "engagement": engagement,
        "registration": registration,
        "floor": floor,
        "form": form,
        "questions": state["questions"],
        "own": queries.own_questions(registration.pk) if registration else [],
        "state": state,
        "ticket": _ticket(request, engagement, registration),
        "MAX_LENGTH": AskForm.base_fields["text"].max_length,  # type: ignore[attr-defined]  # a CharField
    }
    return render(request, "qa/public/room.html", context, status=status)
