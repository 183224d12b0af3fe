"""The labels of an engagement, and the topic that is up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from engagements.access import account, engagement_for, office_page, refusals_told
from engagements.forms.fields import sentences
from engagements.refusals import NotAllowed, Refused
from qa import queries, rules
from qa.actions import agenda
from qa.forms.floor import LabelNameForm, LabelRemoveForm, TopicForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from engagements.models import Engagement


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@office_page()
def labels(request: HttpRequest, slug: str) -> HttpResponse:
    """The agenda, and a form for one more."""
    engagement = engagement_for(request, slug, rules.may_moderate)
    form = LabelNameForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _page(request, engagement, form)
    if not form.is_valid():
        return _page(request, engagement, form, status=400)
    try:
        agenda.add(queries.floor_of(engagement), by=account(request), **form.cleaned_data)
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        form.add_error("name" if refused.code == "name" else None, str(refused))
        return _page(request, engagement, form, status=409)
    messages.success(request, _("The label is added."))
    return redirect("labels", slug)


@require_POST
@office_page()
def rename(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_moderate)
    form = LabelNameForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(sentences(form)))
        return redirect("labels", slug)
    with refusals_told(request):
        floor = queries.floor_of(engagement)
        agenda.rename(floor, by=account(request), label=pk, **form.cleaned_data)
        messages.success(request, _("The label is renamed."))
    return redirect("labels", slug)


@require_POST
@office_page()
def move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_moderate)
    is_up = request.POST.get("direction") == "up"
    with refusals_told(request):
        agenda.move(queries.floor_of(engagement), by=account(request), label=pk, up=is_up)
    return redirect("labels", slug)


@require_POST
@office_page()
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_moderate)
    form = LabelRemoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose one of the labels."))
        return redirect("labels", slug)
    with refusals_told(request):
        floor = queries.floor_of(engagement)
        number = agenda.remove(floor, by=account(request), label=pk, **form.cleaned_data)
        said = ngettext(
            "The label is removed; %(number)d question had it.",
            "The label is removed; %(number)d questions had it.",
            number,
        )
        messages.success(request, said % {"number": number})
    return redirect("labels", slug)


@require_POST
@office_page()
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Say which topic is up, from the desk."""
    engagement = engagement_for(request, slug, rules.may_moderate)
    form = TopicForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose one of the labels."))
        return redirect("desk", slug)
    with refusals_told(request):
        floor = agenda.set_topic(
            queries.floor_of(engagement), by=account(request), **form.cleaned_data
        )
        label = floor.current_label
        messages.success(
            request,
            _("“%(topic)s” is up now.") % {"topic": label.name}
            if label
            else _("No topic is up now."),
        )
    return redirect("desk", slug)


def _page(
    request: HttpRequest, engagement: Engagement, form: LabelNameForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "engagement": engagement,
        "floor": queries.floor_of(engagement),
        "labels": list(queries.labels(engagement)),
        "form": form,
        "is_open": engagement.state not in agenda.CLOSED,
    }
    return render(request, "qa/staff/labels.html", context, status=status)
