"""The office chooses the sample questions of a readout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from engagements.access import account, office_page
from engagements.refusals import Refused
from readouts import queries, rules, states
from readouts.access import readout_for
from readouts.actions import editing, sampling
from readouts.forms import (
    FilterForm,
    RevisionForm,
    SampleForm,
    removed_words,
    sample_forms,
)

if TYPE_CHECKING:
    from django.http import HttpRequest

    from readouts.models import Readout

QUESTIONS_ON_A_PAGE = 50


@require_safe
@never_cache
@office_page()
def samples(request: HttpRequest, slug: str) -> HttpResponse:
    readout = readout_for(request, slug, rules.may_view)
    return _samples_page(request, readout, sample_forms(queries.samples_of(readout)))


@require_POST
@office_page()
def save_samples(request: HttpRequest, slug: str) -> HttpResponse:
    """Save words and order, then do what the button says, such as `up-12` or `choose-7`."""
    readout = readout_for(request, slug, rules.may_edit)
    given = sample_forms(queries.samples_of(readout), request.POST)
    revision = RevisionForm(request.POST)
    bound = [form for form in given if form.is_bound]
    if not all(form.is_valid() for form in (*bound, revision)):
        return _samples_page(request, readout, given, status=400)
    try:
        if removed_words(given, request.POST) or any(form.has_changed() for form in bound):
            sampling.arrange(
                readout,
                by=account(request),
                revision=revision.cleaned_data["revision"],
                entries=[form.entry for form in bound],
            )
        done = _press(request, readout)
    except editing.Overtaken as overtaken:
        given = sample_forms(queries.samples_of(readout), request.POST)
        return _samples_page(request, readout, given, conflict=overtaken, status=409)
    except Refused as refused:
        messages.error(request, str(refused.message))
        return _samples_page(request, readout, given, status=409)
    messages.success(request, done)
    return HttpResponseRedirect(f"{reverse('readout-samples', args=[slug])}{_query(request)}")


def _press(request: HttpRequest, readout: Readout) -> str:
    """Do what the pressed button says; it names its thing, such as `up-12`."""
    verb, _dash, number = request.POST.get("do", "").partition("-")
    pk = int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else 0
    by = account(request)
    if verb == "up":
        sampling.move(readout, pk, by=by, steps=-1)
    elif verb == "down":
        sampling.move(readout, pk, by=by, steps=1)
    elif verb == "remove":
        sampling.remove(readout, pk, by=by)
        return _("Removed from the sample.")
    elif verb == "choose":
        question = get_object_or_404(queries.questions_of(readout.engagement), pk=pk)
        sampling.choose(readout, question, by=by, reason=request.POST.get("reason", "-"))
        return _("Question %(number)d is in the sample.") % {"number": question.number}
    return _("Saved.")


def _query(request: HttpRequest) -> str:
    """The filter that the picker has, kept over a button."""
    return f"?{request.GET.urlencode()}" if request.GET else ""


def _samples_page(
    request: HttpRequest,
    readout: Readout,
    forms: list[SampleForm],
    *,
    conflict: editing.Overtaken | None = None,
    status: int = 200,
) -> HttpResponse:
    engagement = readout.engagement
    filters = FilterForm(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    found = queries.choosable(readout, **wanted)
    context = {
        "engagement": engagement,
        "readout": readout,
        "forms": forms,
        "conflict": conflict,
        "removed_words": removed_words(forms, request.POST),
        "filters": filters,
        "found": Paginator(found, QUESTIONS_ON_A_PAGE).get_page(request.GET.get("page")),
        "query": _query(request),
        "filter_query": filters.query,
        "editable": readout.state == states.DRAFT and rules.may_edit(request.user, engagement),
    }
    return render(request, "readouts/staff/samples.html", context, status=status)
