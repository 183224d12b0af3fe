"""Questions after the end, by the personal link. Works without scripts."""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import DatabaseError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from engagements import clock
from engagements.access import engagement_with_room, mailed_link, registration_of
from engagements.models import Office, Registration
from engagements.refusals import NotAllowed, Refused
from qa import queries, rules
from qa.actions import late as actions
from qa.forms import AskForm, HeldForm
from qa.pace import check_pace, of_registration
from qa.queries import hints

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from engagements.models import Engagement


@require_GET
def enter(request: HttpRequest, token: str) -> HttpResponse:
    registration = Registration.from_token(token)
    if registration is not None and not rules.may_enter_room(registration):
        registration = None
    return mailed_link(request, registration, "late")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def late(request: HttpRequest, slug: str) -> HttpResponse:
    """The form while questions are taken; else what became of them. Own questions in any case."""
    engagement = engagement_with_room(slug)
    registration = registration_of(request, engagement)
    if registration is None or not rules.may_enter_room(registration):
        raise Http404
    if request.method != "POST":
        return _page(request, engagement, registration, AskForm(initial=_fresh()))
    form = AskForm(request.POST)
    if not form.is_valid():
        return _page(request, engagement, registration, form, status=400)
    if told := _held_up(request, engagement, registration, form.cleaned_data["text"]):
        return _page(request, engagement, registration, form, **told)
    try:
        check_pace(of_registration(registration.pk))
        question = actions.ask(queries.floor_of(engagement), by=registration, **form.cleaned_data)
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        form.add_error("text", str(refused.message))
        return _page(request, engagement, registration, form, status=409)
    except DatabaseError:
        form.add_error("text", _("Not saved. Please try again."))
        return _page(request, engagement, registration, form, status=503)
    said = _("Saved as question %(number)d. A moderator reads it next.")
    messages.success(request, said % {"number": question.number})
    return redirect("late", slug)


def _fresh() -> dict[str, Any]:
    return {"client_id": uuid.uuid4()}


def _held_up(
    request: HttpRequest, engagement: Engagement, registration: Registration, text: str
) -> dict[str, Any]:
    """What looks like a personal identifier is told once before the text is stored."""
    seen = HeldForm(request.POST)
    of_text = hashlib.sha256(text.encode()).hexdigest()
    found = hints.hints(queries.floor_of(engagement), text, by=registration.pk)
    is_told = seen.is_valid() and seen.cleaned_data["hinted"] == of_text
    if not found["identifiers"] or is_told:
        return {}
    return {"identifiers": found["identifiers"], "hinted": of_text}


def _page(
    request: HttpRequest,
    engagement: Engagement,
    registration: Registration,
    form: AskForm,
    *,
    status: int = 200,
    **told: Any,
) -> HttpResponse:
    floor = queries.floor_of(engagement)
    context = told | {
        "engagement": engagement,
        "registration": registration,
        "floor": floor,
        "form": form,
        "may_be_mailed": bool(registration.email),
        "own": queries.own(registration.pk)["questions"],
        "is_open": floor.takes_late(clock.now()),
        "is_before_the_end": not engagement.is_over and engagement.state != "cancelled",
        "office": Office.current(),
        "MAX_LENGTH": AskForm.base_fields["text"].max_length,  # type: ignore[attr-defined]  # a CharField
    }
    return render(request, "qa/public/late.html", context, status=status)
