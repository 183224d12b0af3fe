"""The office's pages of polls and of the survey: write, order, open, close, read the results."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements.access import account, engagement_for, office_page, refusals_told
from engagements.files.sheets import WORKBOOK_TYPE, safe_file_name
from engagements.refusals import NotAllowed, Refused
from engagements.rules import has_room
from qa import queries, rules, states
from qa.actions import polling, surveying
from qa.forms import PollForm, SeenForm, SurveyQuestionForm
from qa.models import Poll
from qa.queries import poll_pages

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from qa.models import Floor

DURING, AFTER = Poll.Moment.DURING, Poll.Moment.AFTER

MOVES: dict[str, Callable[..., Any]] = {
    "open": polling.open_poll,
    "close": polling.close,
    "take-back": polling.take_back,
    "show": partial(polling.set_live, shows_live=True),
    "hide": partial(polling.set_live, shows_live=False),
    "copy": polling.copy,
    "delete": polling.delete,
    "up": partial(polling.move, is_up=True),
    "down": partial(polling.move, is_up=False),
}
SURVEY_MOVES = {"open": surveying.open_survey, "close": surveying.close_survey}


@require_safe
@never_cache
@office_page()
def polls(request: HttpRequest, slug: str) -> HttpResponse:
    floor = queries.floor_of(engagement_for(request, slug, rules.may_see_polls))
    may_poll = rules.may_poll(request.user, floor.engagement)
    survey = queries.survey_state(floor)
    context = {
        "engagement": floor.engagement,
        "floor": floor,
        "may_poll": may_poll,
        "may_open": floor.engagement.state in polling.ON,
        "is_over": floor.engagement.state in polling.OVER or floor.engagement.is_over,
        "during": poll_pages.office_polls(floor, DURING),
        "after": poll_pages.office_polls(floor, AFTER),
        "survey": survey,
        "may_see_survey": rules.may_watch_room(request.user, floor.engagement)
        and has_room(floor.engagement),
        "has_results": floor.polls.filter(state=states.POLL_CLOSED).exists(),
        "may_write_survey": survey in {"", states.POLL_DRAFT}
        and floor.engagement.state not in polling.OVER,
    }
    return render(request, "qa/polls/office.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@office_page()
def new(request: HttpRequest, slug: str, moment: str) -> HttpResponse:
    floor = _floor(request, slug)
    form = _form(moment)(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _form_page(request, floor, moment, form)
    if not form.is_valid():
        return _form_page(request, floor, moment, form, status=400)
    try:
        polling.write(floor, by=account(request), moment=moment, **form.cleaned_data)
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        form.add_error(None, str(refused))
        return _form_page(request, floor, moment, form, status=409)
    messages.success(request, _("The draft is saved."))
    return redirect("polls", slug=slug)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@office_page()
def edit(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    floor = _floor(request, slug)
    poll = queries.polls(floor).filter(number=number, state=states.POLL_DRAFT).first()
    if poll is None:
        raise Http404
    if request.method != "POST":
        form = _form(poll.moment)(initial=_initial(poll))
        return _form_page(request, floor, poll.moment, form, poll=poll)
    form, seen = _form(poll.moment)(request.POST), SeenForm(request.POST)
    if not form.is_valid() or not seen.is_valid():
        return _form_page(request, floor, poll.moment, form, poll=poll, status=400)
    try:
        polling.edit(
            floor, by=account(request), number=number, **seen.cleaned_data, **form.cleaned_data
        )
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        form.add_error(None, str(refused))
        return _form_page(request, floor, poll.moment, form, poll=poll, status=409)
    messages.success(request, _("The draft is saved."))
    return redirect("polls", slug=slug)


@require_POST
@office_page()
def move(request: HttpRequest, slug: str, number: int, move: str) -> HttpResponse:
    floor = _floor(request, slug)
    act = MOVES.get(move)
    if act is None:
        raise Http404
    with refusals_told(request):
        act(floor, by=account(request), number=number)
        messages.success(request, _said(move, number))
    back = "desk" if request.POST.get("from") == "desk" else "polls"
    return redirect(back, slug=slug)


@require_POST
@office_page()
def survey_move(request: HttpRequest, slug: str, move: str) -> HttpResponse:
    floor = _floor(request, slug)
    act = SURVEY_MOVES.get(move)
    if act is None:
        raise Http404
    with refusals_told(request):
        act(floor, by=account(request))
        opened = _("The survey is open.")
        messages.success(request, opened if move == "open" else _("The survey is closed."))
    return redirect("polls", slug=slug)


@require_safe
@never_cache
@office_page()
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """Results of what is closed; who loads them is on record."""
    floor = queries.floor_of(engagement_for(request, slug, rules.may_see_polls))
    # HEAD gives nothing that would have to be on record.
    file = b"" if request.method == "HEAD" else polling.export(floor, by=account(request))
    response = HttpResponse(file, content_type=WORKBOOK_TYPE)
    name = safe_file_name(f"{slug}-polls", ".xlsx")
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def _floor(request: HttpRequest, slug: str) -> Floor:
    return queries.floor_of(engagement_for(request, slug, rules.may_poll))


def _form(moment: str) -> type[PollForm]:
    return PollForm if moment == DURING else SurveyQuestionForm


def _initial(poll: Poll) -> dict[str, Any]:
    return {
        "text": poll.text,
        "kind": poll.kind,
        "options": "\n".join(option.text for option in poll.options.all()),
        "low_label": poll.low_label,
        "high_label": poll.high_label,
        "shows_live": poll.shows_live,
    }


def _form_page(
    request: HttpRequest,
    floor: Floor,
    moment: str,
    form: PollForm,
    *,
    poll: Poll | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "engagement": floor.engagement,
        "form": form,
        "poll": poll,
        "is_survey": moment == AFTER,
        "seen": request.POST.get("seen") or (poll.revision if poll else ""),
    }
    return render(request, "qa/polls/form.html", context, status=status)


def _said(move: str, number: int) -> str:
    words = {
        "open": _("Poll %(number)d is open: the room can answer."),
        "close": _("Poll %(number)d is closed: everybody sees the results."),
        "take-back": _("Poll %(number)d is a draft again."),
        "show": _("The room sees the results of poll %(number)d."),
        "hide": _("The room no longer sees the results of poll %(number)d."),
        "copy": _("A copy of poll %(number)d is the last draft."),
        "delete": _("The draft is deleted."),
        "up": _("Moved."),
        "down": _("Moved."),
    }
    return words[move] % {"number": number}
