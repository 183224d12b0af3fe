"""The room. Live with scripts; without them the same page and form work by POST and reload."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import DatabaseError
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from engagements.access import (
    account,
    engagement_with_room,
    may_work_here,
    refusals_told,
    registration_of,
)
from engagements.actions import attending
from engagements.queries import attendance_of, present
from engagements.refusals import NotAllowed, Refused
from engagements.states import CANCELLED
from qa import projection, queries, rules
from qa.access import ticket
from qa.actions import asking, voting
from qa.forms import (
    ANSWERED,
    AskForm,
    CompanionsForm,
    ListForm,
    NumberForm,
    VoteForm,
    arranged,
)
from qa.pace import check_pace, of_registration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse

    from engagements.models import Engagement, Registration
    from qa.models import Floor


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
    with _told_if_not_saved(request), refusals_told(request):
        check_pace(of_registration(registration.pk))
        question = asking.withdraw(
            queries.floor_of(engagement), by=registration, **form.cleaned_data
        )
        messages.success(
            request, _("Question %(number)d is withdrawn.") % {"number": question.number}
        )
    return redirect("room", slug=slug)


@require_POST
@never_cache
def vote(request: HttpRequest, slug: str) -> HttpResponse:
    """Vote for a question or take it back, and return to it in the list."""
    engagement, registration = _enter(request, slug)
    form = VoteForm(request.POST)
    if registration is None or not form.is_valid():
        raise Http404
    number = form.cleaned_data["number"]
    with _told_if_not_saved(request), refusals_told(request):
        check_pace(of_registration(registration.pk))
        voting.vote(
            queries.floor_of(engagement),
            by=registration,
            number=number,
            is_cast=form.cleaned_data["cast"],
        )
    query = ListForm(request.GET).query()
    return redirect(f"{reverse('room', args=[slug])}{query}#question-{number}")


@require_POST
@never_cache
def companions(request: HttpRequest, slug: str) -> HttpResponse:
    """So many people watch together with this one."""
    engagement, registration = _enter(request, slug)
    if registration is None:
        raise Http404
    form = CompanionsForm(request.POST)
    if not form.is_valid():
        asking_form = AskForm(initial={"client_id": uuid.uuid4()})
        return _room_page(request, engagement, registration, asking_form, status=400, said=form)
    with _told_if_not_saved(request), refusals_told(request):
        check_pace(of_registration(registration.pk))
        attending.declare_companions(registration, by=registration, **form.cleaned_data)
        messages.success(request, _("Thank you. They are counted with you."))
    return redirect("room", slug=slug)


@contextmanager
def _told_if_not_saved(request: HttpRequest) -> Iterator[None]:
    """A database that is away is told as a message of the next page."""
    try:
        yield
    except DatabaseError:
        messages.error(request, _("Not saved. Please try again."))


@require_GET
@never_cache
def room_ticket(request: HttpRequest, slug: str) -> JsonResponse:
    """A fresh ticket for the socket of this page, and what is the stakeholder's own.

    The ticket is older than what is read: a change in between is told by the socket.
    """
    engagement, registration = _enter(request, slug)
    floor = queries.floor_of(engagement)
    if registration is None:
        key = request.session.session_key or ""
        return JsonResponse(
            {"ticket": ticket(floor, projection.ROOM, account=account(request), session_key=key)}
        )
    signed = ticket(floor, projection.ROOM, registration=registration)
    return JsonResponse({"ticket": signed, "own": queries.own(registration.pk)})


def _enter(request: HttpRequest, slug: str) -> tuple[Engagement, Registration | None]:
    """A stakeholder who holds a link enters, and staff of the engagement who only watch."""
    engagement = engagement_with_room(slug)
    registration = registration_of(request, engagement)
    if registration is not None and rules.may_enter_room(registration):
        return engagement, registration
    if may_work_here(request.user) and rules.may_watch_room(request.user, engagement):
        return engagement, None
    raise Http404


def _room_page(
    request: HttpRequest,
    engagement: Engagement,
    registration: Registration | None,
    form: AskForm,
    *,
    status: int = 200,
    said: CompanionsForm | None = None,
) -> HttpResponse:
    floor = queries.floor_of(engagement)
    own = queries.own(registration.pk) if registration else None
    context: dict[str, Any] = {
        "engagement": engagement,
        "registration": registration,
        "floor": floor,
        "form": form,
        "own": own["questions"] if own else [],
        "is_over": engagement.is_over or engagement.state == CANCELLED,
        "people": present(engagement.pk),
        "announcements": queries.standing_announcements(floor),
        "MAX_LENGTH": AskForm.base_fields["text"].max_length,  # type: ignore[attr-defined]  # a CharField
    } | _list(request, floor, set(own["votes"] if own else []))
    context |= _companions(registration, said)
    return render(request, "qa/public/room.html", context, status=status)


def _companions(registration: Registration | None, said: CompanionsForm | None) -> dict[str, Any]:
    """What a person said of who watches together with them; staff are not asked."""
    if registration is None or registration.counted != registration.Counted.COUNTED:
        return {}
    known = attendance_of(registration)
    companions = known.companions if known else 0
    return {
        "may_say_companions": True,
        "companions": companions,
        "companions_form": said or CompanionsForm(initial={"people": companions}),
    }


def _list(request: HttpRequest, floor: Floor, voted: set[int]) -> dict[str, Any]:
    """The shown questions, as the reader wants the list, with their votes."""
    chosen = ListForm(request.GET)
    sees_counts = projection.sees_counts(projection.ROOM, floor.voting)
    sort = chosen.chosen_order("newest", sees_counts=sees_counts)
    snapshot = queries.snapshot(floor.pk, projection.ROOM)
    shown: list[dict[str, Any]] = [
        {
            **question,
            "votes": snapshot["votes"].get(str(question["number"]), 0),
            "is_voted": question["number"] in voted,
        }
        for question in snapshot["questions"]
    ]
    if chosen.leaves_out_answered():
        shown = [question for question in shown if question["outcome"] not in ANSWERED]
    return {
        "list_form": chosen,
        "query": chosen.query(),
        "sees_counts": sees_counts,
        "sort": sort,
        "questions": arranged(shown, sort),
        "has_questions": bool(snapshot["questions"]),
    }
