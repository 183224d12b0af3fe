"""What people answer: a poll in the room without scripts, and the survey after the event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import DatabaseError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from engagements.access import (
    mailed_link,
    refusals_told,
)
from engagements.models import Registration
from engagements.refusals import NotAllowed, Refused
from qa import queries, rules, states
from qa.access import room_for
from qa.actions import poll_answering, surveying
from qa.forms import AnswerPollForm
from qa.forms.polls import survey_answers
from qa.pace import check_pace, of_registration
from qa.queries import poll_pages

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qa.models import Floor


@require_POST
@never_cache
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer a poll, or change the answer, and return to it in the room."""
    engagement, registration = room_for(request, slug)
    sent = {"number": request.POST.get("number"), "chosen": " ".join(_chosen(request))}
    form = AnswerPollForm(sent)
    if registration is None or "number" in form.errors:
        raise Http404
    number = form.cleaned_data["number"]
    if not form.is_valid():
        messages.error(request, _("Please choose one of the answers."))
        return _back_to_poll(slug, number)
    try:
        with refusals_told(request):
            check_pace(of_registration(registration.pk))
            poll_answering.answer(
                queries.floor_of(engagement), by=registration, **form.cleaned_data
            )
            messages.success(request, _("Your answer is saved. You can change it until the end."))
    except DatabaseError:
        messages.error(request, _("Not saved. Please try again."))
    return _back_to_poll(slug, number)


@require_GET
def survey_link(request: HttpRequest, token: str) -> HttpResponse:
    registration = Registration.from_token(token)
    if registration is not None and not rules.may_enter_room(registration):
        registration = None
    return mailed_link(request, registration, "survey")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def survey(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole survey on one page; answered once, changed until it is closed."""
    engagement, registration = room_for(request, slug)
    floor = queries.floor_of(engagement)
    if request.method != "POST":
        return _survey_page(request, floor, registration)
    if registration is None:
        raise Http404
    sent = survey_answers(request.POST)
    problem, status = "", 400
    if not sent:
        problem = _("Please answer at least one question.")
    else:
        try:
            check_pace(of_registration(registration.pk))
            surveying.answer(floor, by=registration, answers=sent)
        except NotAllowed as refused:
            raise Http404 from refused
        except Refused as refused:
            problem, status = str(refused), 409
        except DatabaseError:
            problem, status = _("Not saved. Please try again."), 503
    if problem:
        return _survey_page(request, floor, registration, problem=problem, status=status)
    messages.success(
        request, _("Thank you. Your answers are saved; you can change them until it closes.")
    )
    return redirect("survey", slug=slug)


def _survey_page(
    request: HttpRequest,
    floor: Floor,
    registration: Registration | None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    state = queries.survey_state(floor)
    questions = poll_pages.survey_sheet(floor, registration, with_drafts=registration is None)
    is_open = state == states.POLL_OPEN
    context: dict[str, Any] = {
        "engagement": floor.engagement,
        "registration": registration,
        "state": state if questions else "",
        "is_open": is_open,
        "may_answer": is_open and registration is not None,
        "is_answered": any(question.is_answered for question in questions),
        "questions": questions,
        "problem": problem,
    }
    return render(request, "qa/polls/survey.html", context, status=status)


def _chosen(request: HttpRequest) -> list[str]:
    return request.POST.getlist("chosen")


def _back_to_poll(slug: str, number: int) -> HttpResponse:
    return redirect(f"{reverse('room', args=[slug])}#poll-{number}")
