"""Questions that do not come by the room: typed in by the office, or on a printed sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from engagements.access import account, engagement_for, office_page
from engagements.models import Notice, RoleCategory
from engagements.refusals import NotAllowed, Refused
from qa import queries, rules, semantics, states
from qa.actions import entering
from qa.forms.entering import EnterForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qa.models import Floor, Question

CLOSE: Final = 0.85
"""So alike that it is said before the question is stored; after it, what is less alike."""

LINES: Final = range(9)
"""Lines to write on; where the rest of a half page needs more room, the last are not printed."""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@office_page()
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    floor = queries.floor_of(engagement_for(request, slug, rules.may_moderate))
    if request.method != "POST":
        return _page(request, floor, EnterForm(floor=floor, source=request.GET.get("source", "")))
    form = EnterForm(request.POST, floor=floor)
    if not form.is_valid():
        return _page(request, floor, form, status=400)
    entry = form.entry()
    alike = _alike(floor, entry)
    close = [one for one in alike if one["percent"] >= CLOSE * 100]
    if close and not form.cleaned_data["is_sure"]:
        return _page(request, floor, form, alike=close, status=409)
    try:
        question = entering.enter(floor, entry, by=account(request))
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        form.add_error(None, str(refused.message))
        return _page(request, floor, form, status=409)
    messages.success(request, _said(question, alike))
    if "another" in request.POST:
        return redirect(f"{reverse('enter-question', args=[slug])}?source={question.source}")
    return redirect("desk", slug=slug)


@require_safe
@office_page()
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """A page to print, with two places for questions and numbers for the staff."""
    engagement = engagement_for(request, slug, rules.may_moderate)
    context = {
        "engagement": engagement,
        "categories": RoleCategory.objects.filter(is_offered=True),
        "lines": LINES,
        "notice": Notice.shown_for(engagement),
    }
    return render(request, "qa/staff/intake_sheet.html", context)


def _alike(floor: Floor, entry: entering.Entry) -> list[dict[str, Any]]:
    """Questions here that say almost the same; not the one that this very form stored before."""
    asked = floor.questions.exclude(state=states.WITHDRAWN).exclude(client_id=entry.client_id)
    texts = dict(asked.order_by().values_list("number", "text"))
    found = semantics.likely(entry.text, texts.items(), most=3)
    return [
        {"number": number, "text": texts[number], "percent": round(score * 100)}
        for number, score in found
    ]


def _said(question: Question, alike: list[dict[str, Any]]) -> str:
    said = _("Question %(number)d is saved. It waits at the desk.") % {"number": question.number}
    if not alike:
        return said
    numbers = ", ".join(str(one["number"]) for one in alike)
    return f"{said} " + _("It may ask the same as: %(numbers)s.") % {"numbers": numbers}


def _page(
    request: HttpRequest,
    floor: Floor,
    form: EnterForm,
    *,
    alike: list[dict[str, Any]] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "engagement": floor.engagement,
        "form": form,
        "alike": alike,
        "is_open": entering.takes_entries(floor.engagement),
    }
    return render(request, "qa/staff/enter_question.html", context, status=status)
