"""The office's pages of the lists that went to the agency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from engagements import clock
from engagements.access import account, engagement_for, office_page, refusals_told
from engagements.forms.fields import sentences
from qa import due_dates, queries, rules, states
from qa.access import forwarding_file
from qa.actions.agency import downloading, recalling
from qa.forms.agency.forwarding import RecallForm
from qa.queries.agency import differing, frozen, outgoing
from qa.queries.agency.promises import progress

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qa.models import Forwarding

ROWS_ON_A_PAGE: Final = 25
CHANGES_SHOWN: Final = 100
"""The workbook has all of them."""


@require_safe
@office_page()
def forwardings(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_see_forwardings)
    sent = list(queries.forwardings_of(engagement))
    receipts, came = queries.receipts(sent), progress(sent)
    context = {
        "engagement": engagement,
        "forwardings": [
            {
                "list": one,
                "receipts": receipts[one.pk],
                "progress": came[one.pk],
                "days_late": _days_late(one),
                "is_for_another": one.agency_id != engagement.agency_id
                and one.state == states.FORWARDING_SENT,
            }
            for one in sent
        ],
        "drafts": engagement.forwardings.filter(state=states.FORWARDING_DRAFT).select_related(
            "agency", "drafted_by"
        ),
        "questions": queries.written_questions(engagement),
        "may_forward": rules.may_forward(request.user, engagement),
        "may_see_desk": rules.may_see_desk(request.user, engagement),
        "may_redact": rules.may_moderate(request.user, engagement),
        "held_back": list(queries.held_back(engagement)) if engagement.is_over else [],
    }
    return render(request, "qa/staff/forwardings.html", context)


@require_safe
@office_page()
def forwarding(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A sealed list, as it stands for good."""
    engagement = engagement_for(request, slug, rules.may_see_forwardings)
    return _page(request, _sealed(engagement, number), RecallForm())


@require_POST
@office_page()
def recall(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_forward)
    sent = _sealed(engagement, number)
    form = RecallForm(request.POST)
    if not form.is_valid():
        for sentence in sentences(form):
            messages.error(request, sentence)
        return redirect("forwarding", slug=slug, number=number)
    with refusals_told(request):
        recalling.recall(sent, by=account(request), reason=form.cleaned_data["reason"])
        messages.success(request, _("List %(number)d is recalled.") % {"number": number})
    return redirect("forwarding", slug=slug, number=number)


@require_GET
@office_page()
def file(request: HttpRequest, slug: str, number: int, kind: str) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_see_forwardings)
    sent = _sealed(engagement, number)
    get_object_or_404(sent.files.defer("content"), format=kind)
    return forwarding_file(downloading.download(sent, by=account(request), kind=kind))


def _page(request: HttpRequest, sent: Forwarding, form: RecallForm) -> HttpResponse:
    engagement = sent.engagement
    rows = Paginator(sent.questions.order_by("number"), ROWS_ON_A_PAGE)
    page = rows.get_page(request.GET.get("page"))
    changes = differing.shown(differing.frozen_changes(sent))
    context: dict[str, Any] = {
        "engagement": engagement,
        "forwarding": sent,
        "facts": sent.facts,
        "left_out": sent.facts.get("received", 0) - sent.facts.get("questions", 0),
        "is_intact": sent.digest == frozen.stated_digest(sent),
        "chosen": outgoing.labels_in_words(engagement, sent.chosen_labels),
        "chosen_states": outgoing.states_in_words(sent.chosen_states),
        "receipts": queries.receipts([sent])[sent.pk],
        "progress": progress([sent])[sent.pk],
        "days_late": _days_late(sent),
        "successor": sent.superseded_by.first(),
        "page": page,
        "rows": [frozen.frozen_row(question) for question in page],
        "changes": changes,
        "shown_changes": changes.rows[:CHANGES_SHOWN],
        "form": form,
        "may_forward": rules.may_forward(request.user, engagement),
    }
    return render(request, "qa/staff/forwarding.html", context)


def _sealed(engagement: Any, number: int) -> Forwarding:
    found: Forwarding = get_object_or_404(queries.forwardings_of(engagement), number=number)
    return found


def _days_late(sent: Forwarding) -> int:
    """Days that the due date has passed, of the list in force; 0 before that."""
    if sent.due_on is None or sent.state != states.FORWARDING_SENT:
        return 0
    return max(0, -due_dates.days_left(sent.due_on, sent.engagement.local(clock.now())))
