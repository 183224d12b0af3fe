"""The desk. Live with scripts; every decision also works as a plain form."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from engagements.access import account, engagement_for, office_page, refusals_told
from engagements.forms.fields import sentences
from engagements.queries import present
from qa import projection, queries, rules, states
from qa.access import ticket
from qa.actions import bulk as bulk_actions
from qa.actions import floor as floor_actions
from qa.actions import moderating, sorting, undoing, voting
from qa.forms import (
    BulkForm,
    DecisionForm,
    DeskListForm,
    DismissForm,
    FloorForm,
    LabelForm,
    MarkForm,
    SpeakerForm,
    UndoForm,
    VotingForm,
    columns,
)
from qa.models import Question
from qa.queries import poll_pages

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

    from engagements.models import Engagement
    from qa.forms.desk_list import Column
    from qa.models import Floor

DECISIONS: dict[str, tuple[type[Form], Callable[..., Question]]] = {
    "show": (DecisionForm, moderating.show),
    "hold": (DecisionForm, moderating.hold),
    "dismiss": (DismissForm, moderating.dismiss),
    "divert": (DecisionForm, moderating.divert),
    "mark": (MarkForm, moderating.mark),
    "label": (LabelForm, sorting.set_label),
    "assign": (SpeakerForm, sorting.assign),
}
SORTED: Final = {
    "label": gettext_lazy("Question %(number)d: label saved."),
    "assign": gettext_lazy("Question %(number)d: speaker saved."),
}
"""What is said of those that decide nothing."""
OF_MANY: dict[str, tuple[type[Form], Callable[..., bulk_actions.Outcome]]] = {
    "bulk": (BulkForm, bulk_actions.apply),
    "undo": (UndoForm, undoing.undo),
}


@require_safe
@never_cache
@office_page()
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_see_desk)
    floor = queries.floor_of(engagement)
    questions = _questions(floor)
    chosen = DeskListForm(request.GET, engagement=engagement, found=questions)
    sees_counts = projection.sees_counts(projection.DESK, floor.voting)
    sort = chosen.chosen_order("number", sees_counts=sees_counts)
    found = columns(chosen, questions, sort=sort, zone=engagement.time_zone)
    _date_pages(found, engagement)
    context: dict[str, Any] = {
        "engagement": engagement,
        "floor": floor,
        "may_moderate": rules.may_moderate(request.user, engagement),
        "list_form": chosen,
        "filters": chosen.filters(),
        "query": chosen.query(),
        "sort": sort,
        "sees_counts": sees_counts,
        "columns": found,
        "dismissals": queries.dismissal_reasons(),
        "kind_names": queries.kind_names(),
        "people": present(engagement.pk),
        "announcements": queries.standing_announcements(floor),
        "desk_polls": poll_pages.desk_polls(floor),
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
    """A decision about one question, or one for many, by a plain form."""
    engagement = engagement_for(request, slug, rules.may_moderate)
    if move not in DECISIONS and move not in OF_MANY:
        raise Http404
    form_class: type[Form]
    action: Callable[..., Any]
    form_class, action = DECISIONS[move] if move in DECISIONS else OF_MANY[move]
    form = form_class(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(sentences(form)))
        return _back(request, slug)
    with refusals_told(request):
        done = action(queries.floor_of(engagement), by=account(request), **form.cleaned_data)
        _tell(request, done, move)
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
    """To the desk, with its lists as they were chosen; what it cannot read, it leaves out.

    To the question's own page where the form stood there.
    """
    number = request.GET.get("question", "")
    if number.isascii() and number.isdigit() and len(number) < 10:
        return redirect("desk-question", slug=slug, number=int(number))
    chosen = request.GET.urlencode()
    return redirect(f"{reverse('desk', args=[slug])}{'?' if chosen else ''}{chosen}")


def _questions(floor: Floor) -> list[dict[str, Any]]:
    """All questions, with their votes and where they stand."""
    snapshot = queries.snapshot(floor.pk, projection.DESK)
    questions: list[dict[str, Any]] = [{**question} for question in snapshot["questions"]]
    for question in questions:
        question["votes"] = snapshot["votes"].get(str(question["number"]), 0)
        question["situation"] = _situation(question)
    return questions


def _date_pages(found: list[Column], engagement: Engagement) -> None:
    """When the questions were asked, in words; only of those that the page holds."""
    sources = dict(Question.Source.choices)
    for column in found:
        for question in column.page:
            asked = engagement.local(datetime.fromisoformat(question["asked_at"]))
            question["time"] = time_format(asked, "TIME_FORMAT")
            question["source_name"] = sources[question["source"]]


def _situation(question: dict[str, Any]) -> str:
    """Where a question stands, as the templates' `from` names it."""
    if question["state"] == states.SHOWN:
        return f"{states.SHOWN}-{question['outcome']}"
    return str(question["state"])


def _tell(request: HttpRequest, done: Question | bulk_actions.Outcome, move: str) -> None:
    if not isinstance(done, bulk_actions.Outcome):
        said = SORTED[move] % {"number": done.number} if move in SORTED else _done(done)
        messages.success(request, said)
        return
    for refused in done.refused:
        messages.error(request, refused.message)
    if len(done.done) == 1:
        messages.success(request, _done(done.done[0]))
    elif done.done:
        count = len(done.done)
        said = ngettext("%(count)d question changed.", "%(count)d questions changed.", count)
        messages.success(request, said % {"count": count})


def _done(question: Question) -> str:
    return _("Question %(number)d: %(state)s.") % {
        "number": question.number,
        "state": question.get_outcome_display()
        if question.outcome != states.NO_OUTCOME
        else question.get_state_display(),
    }
