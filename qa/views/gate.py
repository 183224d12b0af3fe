"""Decisions about personal identifiers in one question, and redaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from engagements.access import account, engagement_for, office_page, refusals_told
from engagements.forms.fields import sentences
from engagements.refusals import NotAllowed
from qa import queries, rules
from qa.access import to_question
from qa.actions import gating, redacting, sealing
from qa.forms.gate import LISTS, FindingForm, NextForm, RedactForm, UndoRedactionForm
from qa.queries.agency.frozen import draft_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpRequest, HttpResponse, QueryDict

    from engagements.models import Engagement
    from qa.models import Question


@require_POST
@office_page()
def decide(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Say what the words of a finding are."""
    engagement = engagement_for(request, slug, rules.may_decide_about_findings)
    form = FindingForm(_sent(request, number))
    return _carried_out(request, engagement, form, gating.decide, _("This is decided."))


@require_POST
@office_page()
def redact(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_moderate)
    findings = queries.finding_ids(engagement, number)
    form = RedactForm(_sent(request, number), findings=findings)
    return _carried_out(request, engagement, form, redacting.redact, _("The words are redacted."))


@require_POST
@office_page()
def undo(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_moderate)
    form = UndoRedactionForm(_sent(request, number))
    return _carried_out(request, engagement, form, redacting.undo, _("The words are back."))


@require_POST
@never_cache
@office_page()
def sealed(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What a redacted question said. A page that only a button opens, and that is not kept."""
    engagement = engagement_for(request, slug, rules.may_see_desk)
    floor = queries.floor_of(engagement)
    try:
        found = sealing.open_sealed(floor, by=account(request), number=number)
    except NotAllowed as refused:
        raise Http404 from refused
    context = {"engagement": engagement, "sealed": found, "number": number}
    return render(request, "qa/staff/sealed.html", context)


def _sent(request: HttpRequest, number: int) -> QueryDict:
    """The form's fields; the question is the one of the address."""
    sent = request.POST.copy()
    sent["number"] = str(number)
    return sent


def _carried_out(
    request: HttpRequest,
    engagement: Engagement,
    form: Form,
    action: Callable[..., Question],
    said: str,
) -> HttpResponse:
    if form.is_valid():
        with refusals_told(request):
            action(queries.floor_of(engagement), by=account(request), **form.cleaned_data)
            messages.success(request, said)
    else:
        messages.error(request, " ".join(sentences(form)))
    back = NextForm(request.POST)
    if back.is_valid() and back.cleaned_data["back_to"] == LISTS:
        draft = draft_of(engagement)
        if draft is not None:
            return redirect("forwarding-draft", slug=engagement.slug, pk=draft.pk)
        return redirect("forwardings", slug=engagement.slug)
    return to_question(request, engagement.slug, int(form.data["number"]))
