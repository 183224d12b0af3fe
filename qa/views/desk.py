"""The desk. Live with scripts; every decision also works as a plain form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from engagements.access import account, engagement_for, office_page, refusals_told
from engagements.forms.fields import sentences
from engagements.queries import present
from qa import projection, queries, rules, states
from qa.access import ticket
from qa.actions import floor as floor_actions
from qa.actions import moderating, voting
from qa.forms import (
    DecisionForm,
    DismissForm,
    FloorForm,
    ListForm,
    MarkForm,
    VotingForm,
    arranged,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

    from qa.models import Floor, Question

DECISIONS: dict[str, tuple[type[Form], Callable[..., Question]]] = {
    "show": (DecisionForm, moderating.show),
    "hold": (DecisionForm, moderating.hold),
    "dismiss": (DismissForm, moderating.dismiss),
    "mark": (MarkForm, moderating.mark),
}


@require_safe
@never_cache
@office_page()
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_see_desk)
    floor = queries.floor_of(engagement)
    chosen = ListForm(request.GET)
    sees_counts = projection.sees_counts(projection.DESK, floor.voting)
    sort = chosen.chosen_order("number", sees_counts=sees_counts)
    context: dict[str, Any] = {
        "engagement": engagement,
        "floor": floor,
        "may_moderate": rules.may_moderate(request.user, engagement),
        "list_form": chosen,
        "query": chosen.query(),
        "sort": sort,
        "sees_counts": sees_counts,
        "columns": _columns(arranged(_questions(floor), sort)),
        "dismissals": queries.dismissal_reasons(),
        "people": present(engagement.pk),
        "announcements": queries.standing_announcements(floor),
    }
    return render(request, "qa/staff/desk.html", context)


@require_GET
@never_cache
@office_page()
def desk_ticket(request: HttpRequest, slug: str) -> JsonResponse:
    engagement = engagement_for(request, slug, rules.may_see_desk)
    signed = ticket(
        queries.floor_of(engagement),
        projection.DESK,
        account=account(request),
        session_key=request.session.session_key or "",
    )
    return JsonResponse({"ticket": signed})


@require_POST
@office_page()
def decide(request: HttpRequest, slug: str, move: str) -> HttpResponse:
    """One decision about one question, by a plain form."""
    engagement = engagement_for(request, slug, rules.may_moderate)
    if move not in DECISIONS:
        raise Http404
    form_class, action = DECISIONS[move]
    form = form_class(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(sentences(form)))
        return _back(request, slug)
    with refusals_told(request):
        question = action(queries.floor_of(engagement), by=account(request), **form.cleaned_data)
        messages.success(request, _done(question))
    return _back(request, slug)


@require_POST
@office_page()
def set_floor(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_moderate)
    form = FloorForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(sentences(form)))
        return _back(request, slug)
    with refusals_told(request):
        floor = floor_actions.set_state(
            queries.floor_of(engagement), by=account(request), **form.cleaned_data
        )
        messages.success(
            request, _("The floor is now %(state)s.") % {"state": floor.get_state_display()}
        )
    return _back(request, slug)


@require_POST
@office_page()
def set_voting(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_moderate)
    form = VotingForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(sentences(form)))
        return _back(request, slug)
    with refusals_told(request):
        floor = voting.set_voting(
            queries.floor_of(engagement), by=account(request), **form.cleaned_data
        )
        messages.success(
            request, _("Votes: %(setting)s.") % {"setting": floor.get_voting_display()}
        )
    return _back(request, slug)


def _back(request: HttpRequest, slug: str) -> HttpResponse:
    """To the desk, with its lists in the order that was chosen."""
    return redirect(f"{reverse('desk', args=[slug])}{ListForm(request.GET).query()}")


def _questions(floor: Floor) -> list[dict[str, Any]]:
    """All questions, with their votes and where they stand."""
    snapshot = queries.snapshot(floor.pk, projection.DESK)
    questions: list[dict[str, Any]] = [{**question} for question in snapshot["questions"]]
    for question in questions:
        question["votes"] = snapshot["votes"].get(str(question["number"]), 0)
        question["situation"] = _situation(question)
    return questions


def _columns(questions: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The desk's three lists: what waits, what the room sees, and the rest."""
    rest = {states.HELD, states.DISMISSED, states.MERGED, states.WITHDRAWN}
    return {
        "waiting": [q for q in questions if q["state"] == states.WAITING],
        "shown": [q for q in questions if q["state"] == states.SHOWN],
        "rest": [q for q in questions if q["state"] in rest],
    }


def _situation(question: dict[str, Any]) -> str:
    """Where a question stands, as the templates' `from` names it."""
    if question["state"] == states.SHOWN:
        return f"{states.SHOWN}-{question['outcome']}"
    return str(question["state"])


def _done(question: Question) -> str:
    return _("Question %(number)d: %(state)s.") % {
        "number": question.number,
        "state": question.get_outcome_display()
        if question.outcome != states.NO_OUTCOME
        else question.get_state_display(),
    }
