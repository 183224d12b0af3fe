"""Questions that are asked at one engagement after the other, and whether they were answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from engagements.access import account, office_page
from engagements.refusals import NotAllowed, Refused
from readouts import rules
from readouts.actions import remembering
from readouts.forms.memory import RecurringForm
from readouts.models import Recurrence
from readouts.queries import recurring as queries

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from readouts.queries.recurring import AskedAgain, Suggestion

ON_A_PAGE = 50
SUGGESTED = 25
MOST_KEYS = 200


@dataclass(frozen=True)
class Typed:
    """What was ticked and written of one suggestion, and not saved."""

    card: str
    """The first question of the suggestion."""
    ticked: frozenset[int]
    text: str

    def is_of(self, suggestion: Suggestion) -> bool:
        return self.card == str(suggestion.occurrences[0].question.pk)


@require_safe
@never_cache
@office_page()
def recurring_questions(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "")[:200]
    found = queries.asked_again(account(request), words=words)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "q": words}
    return render(request, "readouts/staff/recurring.html", context)


@require_safe
@never_cache
@office_page()
def recurring_find(request: HttpRequest) -> HttpResponse:
    """What may have been asked before, of one engagement: the latest if none is named."""
    return _find(request, request.GET.get("engagement", ""))


@require_POST
@office_page()
def recurring_note(request: HttpRequest) -> HttpResponse:
    """The ticked questions are the same: as a new recurring question, or as one that is there."""
    user = account(request)
    keys = [int(key) for key in request.POST.getlist("question") if _is_key(key)][:MOST_KEYS]
    questions = queries.questions_of(user, keys)
    wanted = request.POST.get("recurring", "")
    again = queries.recurring_question(user, int(wanted)) if _is_key(wanted) else None
    if len(questions) < len(set(keys)) or (wanted and again is None):
        raise Http404
    try:
        noted = remembering.note(
            questions,
            by=user,
            text=request.POST.get("text", ""),
            recurring=again.recurring if again else None,
        )
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        messages.error(request, str(refused))
        typed = Typed(request.POST.get("card", ""), frozenset(keys), request.POST.get("text", ""))
        return _find(request, request.POST.get("engagement", ""), typed=typed, status=409)
    messages.success(request, _("Noted: these questions are the same."))
    return redirect("recurring-question", noted.pk)


@require_safe
@never_cache
@office_page()
def recurring_question(request: HttpRequest, pk: int) -> HttpResponse:
    again = _again(request, pk)
    return _page(request, again, RecurringForm(initial={"text": again.recurring.text}))


@require_POST
@office_page()
def recurring_rename(request: HttpRequest, pk: int) -> HttpResponse:
    again = _again(request, pk)
    form = RecurringForm(request.POST)
    if not form.is_valid():
        return _page(request, again, form, status=400)
    try:
        remembering.rename(again.recurring, by=account(request), text=form.cleaned_data["text"])
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        form.add_error("text", str(refused))
        return _page(request, again, form, status=409)
    messages.success(request, _("Saved."))
    return redirect("recurring-question", pk)


@require_POST
@office_page()
def recurring_forget(request: HttpRequest, pk: int, recurrence: int) -> HttpResponse:
    again = _again(request, pk)
    rows = Recurrence.objects.select_related("question__floor__engagement", "recurring")
    found = get_object_or_404(rows, pk=recurrence, recurring=again.recurring)
    try:
        remembering.forget(found, by=account(request))
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Taken back: it is a question of its own again."))
    if queries.recurring_question(account(request), pk) is None:
        return redirect("recurring-questions")
    return redirect("recurring-question", pk)


def _again(request: HttpRequest, pk: int) -> AskedAgain:
    """404 for whoever may see none of its questions."""
    found = queries.recurring_question(account(request), pk)
    if found is None:
        raise Http404
    return found


def _find(
    request: HttpRequest, slug: str, *, typed: Typed | None = None, status: int = 200
) -> HttpResponse:
    """What this person may confirm: questions of engagements that he or she edits. `typed` stays on
    its card; without the card, its words are told."""
    user = account(request)
    engagements = queries.engagements_to_look_at(user)
    chosen = next((one for one in engagements if one.slug == slug), None)
    if slug and chosen is None:
        raise Http404
    chosen = chosen or next(iter(engagements), None)
    found = [
        one
        for one in (queries.suggestions(user, chosen) if chosen else [])
        if all(rules.may_follow(user, asked.engagement) for asked in one.occurrences)
    ]
    number = request.POST.get("page") if typed else request.GET.get("page")
    page = Paginator(found, SUGGESTED).get_page(number)
    refused = next((one for one in page if typed and typed.is_of(one)), None)
    if typed and refused is None and typed.text.strip():
        messages.warning(request, _("Not saved. You wrote: %(words)s") % {"words": typed.text})
    context = {
        "engagements": engagements,
        "chosen": chosen,
        "page": page,
        "typed": typed,
        "refused": refused,
        "query": f"engagement={chosen.slug}" if chosen else "",
    }
    return render(request, "readouts/staff/recurring_find.html", context, status=status)


def _page(
    request: HttpRequest, again: AskedAgain, form: RecurringForm, *, status: int = 200
) -> HttpResponse:
    user = account(request)
    editable = {
        one.engagement.pk for one in again.occurrences if rules.may_follow(user, one.engagement)
    }
    more = [
        (one, percent)
        for one, percent in queries.more_like(user, again.recurring)
        if rules.may_follow(user, one.engagement)
    ]
    context = {
        "again": again,
        "form": form,
        "editable": editable,
        "may_rename": bool(editable),
        "more": more,
    }
    return render(request, "readouts/staff/recurring_question.html", context, status=status)


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
