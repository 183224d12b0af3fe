"""The office's page of a list that is about to be sent: what is chosen, what it says, and seal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from engagements import clock
from engagements.access import account, engagement_for, office_page, refusals_told
from engagements.refusals import NotAllowed, Refused
from qa import queries, rules, states
from qa.actions import gating
from qa.actions.agency import drafting, sealing
from qa.forms.agency.forwarding import DraftForm, SealForm
from qa.queries.agency import compiling, differing, frozen, outgoing

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from engagements.models import Engagement
    from qa.models import Forwarding
    from qa.queries.agency.compiling import CompiledList

ROWS_ON_A_PAGE: Final = 25
CHANGES_SHOWN: Final = 100


@require_POST
@office_page()
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_forward)
    with refusals_told(request):
        drafting.begin(engagement, by=account(request))
        # By itself, so that what is found stays found where the list is refused for it.
        gating.reexamine_list(queries.floor_of(engagement))
    return _to(slug, frozen.draft_of(engagement))


@require_http_methods(["GET", "HEAD", "POST"])
@office_page()
def draft(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_forward)
    found = _draft(engagement, pk)
    if request.method != "POST":
        return _page(request, found, _form(found))
    form = _form(found, request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        drafting.choose(found, by=account(request), **form.chosen())
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        return _refused(request, found, form, refused)
    gating.reexamine_list(queries.floor_of(engagement))
    messages.success(request, _("The draft is saved."))
    return redirect("forwarding-draft", slug=slug, pk=pk)


@require_POST
@office_page()
def seal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_forward)
    found = get_object_or_404(engagement.forwardings.select_related("agency"), pk=pk)
    if found.number is not None:
        # The second click of two.
        return _to(slug, found)
    gating.reexamine_list(queries.floor_of(engagement))
    form = SealForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please look at the list first, and then send it."))
        return redirect("forwarding-draft", slug=slug, pk=pk)
    with refusals_told(request):
        sent = sealing.seal(found, by=account(request), seen=form.cleaned_data["seen"])
        messages.success(request, _sent(sent))
    return _to(slug, engagement.forwardings.filter(pk=pk).first())


@require_POST
@office_page()
def discard(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_forward)
    found = _draft(engagement, pk)
    with refusals_told(request):
        drafting.discard(found, by=account(request))
        messages.success(request, _("The draft is discarded."))
    return redirect("forwardings", slug=slug)


def _to(slug: str, found: Forwarding | None) -> HttpResponse:
    """On to the list, whatever it is by now."""
    if found is None:
        return redirect("forwardings", slug=slug)
    if found.number is None:
        return redirect("forwarding-draft", slug=slug, pk=found.pk)
    return redirect("forwarding", slug=slug, number=found.number)


def _draft(engagement: Engagement, pk: int) -> Forwarding:
    drafts = engagement.forwardings.filter(state=states.FORWARDING_DRAFT)
    found: Forwarding = get_object_or_404(drafts.select_related("agency"), pk=pk)
    found.engagement = engagement
    return found


def _form(found: Forwarding, data: QueryDict | None = None) -> DraftForm:
    received = outgoing.outgoing_questions(found.engagement)
    return DraftForm(
        data,
        initial={
            "revision": found.revision,
            "labels": [str(key) for key in found.chosen_labels],
            "states": found.chosen_states,
            "due_on": found.due_on,
            "cover_note": found.cover_note,
        },
        offered_labels=outgoing.label_choices(found.engagement, received),
        offered_states=outgoing.state_choices(received, found.chosen_states),
    )


def _refused(
    request: HttpRequest, found: Forwarding, form: DraftForm, refused: Refused
) -> HttpResponse:
    """The page with what was typed; after a conflict, saving again replaces the other's."""
    if refused.code not in {"conflict", "due_on"}:
        messages.error(request, str(refused))
        return redirect("forwardings", slug=found.engagement.slug)
    form.add_error("due_on" if refused.code == "due_on" else None, str(refused))
    found.refresh_from_db()
    data = request.POST.copy()
    data["revision"] = str(found.revision)
    form.data = data
    return _page(request, found, form)


def _page(request: HttpRequest, found: Forwarding, form: DraftForm) -> HttpResponse:
    engagement = found.engagement
    compiled = compiling.next_list(found, at=clock.now())
    page = Paginator(compiled.rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    changes = differing.shown(compiled.facts.changes)
    context: dict[str, Any] = {
        "engagement": engagement,
        "draft": found,
        "form": form,
        "compiled": compiled,
        "facts": compiled.facts,
        "held_back": [
            question
            for question in queries.held_back(engagement)
            if question.number in compiled.keys
        ],
        "obstacle": _obstacle(request, found, compiled),
        "page": page,
        "rows": page.object_list,
        "changes": changes,
        "shown_changes": changes.rows[:CHANGES_SHOWN],
        "may_see_desk": rules.may_see_desk(request.user, engagement),
        "may_redact": rules.may_moderate(request.user, engagement),
    }
    return render(request, "qa/staff/forwarding_draft.html", context)


def _obstacle(request: HttpRequest, found: Forwarding, compiled: CompiledList) -> str:
    """Why the list cannot be sent as it is, in words; "" when it can."""
    try:
        sealing.check(compiled, found, by=account(request))
    except Refused as refused:
        return str(refused)
    return ""


def _sent(sent: Forwarding) -> str:
    return ngettext(
        "List %(number)d went to %(agency)s with %(questions)d question.",
        "List %(number)d went to %(agency)s with %(questions)d questions.",
        sent.question_count,
    ) % {
        "number": sent.number,
        "agency": sent.agency.short_name,
        "questions": sent.question_count,
    }
