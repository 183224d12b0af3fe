"""The office publishes what an agency has answered: choose, read it over, publish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from engagements.access import account, engagement_for, office_page
from engagements.forms.fields import sentences
from engagements.refusals import NotAllowed, Refused
from qa import rules as question_rules
from qa import states as question_states
from qa.queries.agency import acceptance
from readouts.actions import following_up
from readouts.forms.follow_up import AheadForm, PublishAnswersForm
from readouts.queries import follow_up as editions

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from engagements.models import Engagement
    from readouts.actions.following_up import Ahead


@require_safe
@never_cache
@office_page()
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = engagement_for(request, slug, question_rules.may_see_forwardings)
    return _choose_page(request, engagement)


@require_POST
@never_cache
@office_page()
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """What would be published, to be read over. Changes nothing."""
    engagement = engagement_for(request, slug, question_rules.may_accept)
    form = AheadForm(request.POST)
    if not form.is_valid():
        return _told(request, engagement, form)
    return _preview_page(request, engagement, form.cleaned_data)


@require_POST
@office_page()
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = engagement_for(request, slug, question_rules.may_accept)
    form = PublishAnswersForm(request.POST)
    if not form.is_valid():
        return _told(request, engagement, form)
    sent = form.cleaned_data
    try:
        edition = following_up.publish(
            engagement,
            by=account(request),
            answers=acceptance.as_read(engagement, sent["answers"]),
            correction_note=sent["correction_note"],
            confirmed=sent["confirmed"],
            digest=sent["digest"],
        )
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        messages.error(request, str(refused))
        return _preview_page(request, engagement, sent, status=409)
    messages.success(request, _("Edition %(number)d is published.") % {"number": edition.number})
    return redirect("follow-up-office", slug=slug)


def _preview_page(
    request: HttpRequest, engagement: Engagement, sent: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The choice again where nothing of it could be published."""
    chosen = acceptance.as_read(engagement, sent["answers"])
    try:
        ahead = following_up.ahead(
            engagement,
            answers=chosen,
            by=account(request),
            correction_note=sent["correction_note"],
        )
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        if status == 200:
            messages.error(request, str(refused))
        return _choose_page(request, engagement, sent=sent, status=409)
    context = _ahead_context(engagement, ahead) | {
        "engagement": engagement,
        "sent": sent,
        "read": [f"{key}:{revision}" for key, revision in sent["answers"].items()],
        "confirmed": sent.get("confirmed", []),
    }
    return render(request, "readouts/staff/follow_up_preview.html", context, status=status)


def _ahead_context(engagement: Engagement, ahead: Ahead) -> dict[str, Any]:
    """What is new or different from the latest edition; the rest stands as it is."""
    latest = editions.latest_edition(engagement)
    before = editions.entries_by_number(latest) if latest else {}
    now = {entry.number: entry for entry in ahead.document.entries}
    return {
        "ahead": ahead,
        "document": ahead.document,
        "latest": latest,
        "changed": [one for one in now.values() if before.get(one.number) != one],
        "same": sum(before.get(number) == one for number, one in now.items()),
        "removed": sorted(before.keys() - now.keys()),
        "needs_note": bool(ahead.prospect.corrected),
        "unlisted": sorted(
            one.answer.question.number
            for one in ahead.prospect.published
            if one.answer.question.number not in now
        ),
    }


def _choose_page(
    request: HttpRequest,
    engagement: Engagement,
    *,
    sent: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    accepted = acceptance.answers_of(engagement, [question_states.ANSWER_ACCEPTED])
    found = editions.editions_of(engagement)
    context = {
        "engagement": engagement,
        "rows": acceptance.rows_of(accepted),
        "counts": acceptance.counts_by_state(engagement),
        "editions": found,
        "gone": sorted(editions.no_more_public(found[0])) if found else [],
        "may_publish": question_rules.may_accept(request.user, engagement),
        "note": sent["correction_note"] if sent else "",
        "chosen": set(sent["answers"]) if sent else None,
    }
    return render(request, "readouts/staff/follow_up.html", context, status=status)


def _told(request: HttpRequest, engagement: Engagement, form: AheadForm) -> HttpResponse:
    for sentence in sentences(form):
        messages.error(request, sentence)
    return _choose_page(request, engagement, status=400)
