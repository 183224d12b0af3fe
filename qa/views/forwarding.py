"""The office's page of the lists that went to the agency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from engagements.access import account, engagement_for, office_page, refusals_told
from qa import queries, rules
from qa.access import forwarding_file
from qa.actions import gating
from qa.actions.agency import forwarding as actions

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@office_page()
def forwardings(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_see_forwardings)
    sent = list(queries.forwardings_of(engagement))
    receipts = queries.receipts(sent)
    context = {
        "engagement": engagement,
        "forwardings": [(forwarding, receipts[forwarding.pk]) for forwarding in sent],
        "dispositions": queries.dispositions(engagement),
        "questions": queries.written_questions(engagement),
        "may_forward": rules.may_forward(request.user, engagement),
        "may_see_desk": rules.may_see_desk(request.user, engagement),
        "may_redact": rules.may_moderate(request.user, engagement),
        "held_back": list(queries.held_back(engagement)) if engagement.is_over else [],
    }
    return render(request, "qa/staff/forwardings.html", context)


@require_POST
@office_page()
def forward(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_forward)
    # By itself, so that what is found stays found where the list is refused for it.
    gating.reexamine_list(queries.floor_of(engagement))
    with refusals_told(request):
        sent = actions.forward(engagement, by=account(request))
        messages.success(
            request,
            _("List %(number)d went to %(agency)s with %(questions)d questions.")
            % {
                "number": sent.number,
                "agency": sent.agency.short_name,
                "questions": sent.question_count,
            },
        )
    return redirect("forwardings", slug=slug)


@require_POST
@office_page()
def recall(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_forward)
    sent = get_object_or_404(engagement.forwardings, number=number)
    with refusals_told(request):
        actions.recall(sent, by=account(request))
        messages.success(request, _("List %(number)d is recalled.") % {"number": number})
    return redirect("forwardings", slug=slug)


@require_GET
@office_page()
def file(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_see_forwardings)
    sent = get_object_or_404(engagement.forwardings, number=number)
    return forwarding_file(actions.download(sent, by=account(request)))
