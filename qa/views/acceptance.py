"""The office's page of what the agency has answered: accept it, or return it with a remark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from engagements.access import account, engagement_for, office_page
from engagements.forms.fields import sentences
from engagements.refusals import NotAllowed, Refused
from qa import rules
from qa.actions.agency import accepting
from qa.actions.agency.standing import named
from qa.forms.agency.acceptance import ACCEPT, DecideForm, StateForm
from qa.models import AgencyAnswer
from qa.queries.agency import acceptance

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from engagements.models import Engagement

ON_A_PAGE: Final = 25


@require_safe
@never_cache
@office_page()
def answers(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_see_forwardings)
    return _page(request, engagement, request.GET)


@require_POST
@office_page()
def decide(request: HttpRequest, slug: str) -> HttpResponse:
    """Accept or return the answers that were read; a remark that is not sent is shown again."""
    engagement = engagement_for(request, slug, rules.may_accept)
    sent = _meant(request.POST)
    form = DecideForm(sent)
    if not form.is_valid():
        for sentence in sentences(form):
            messages.error(request, sentence)
        return _page(request, engagement, request.POST, remark=sent.get("remark", ""), status=400)
    try:
        _decide(request, engagement, form)
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        messages.error(request, str(refused))
        remark = form.cleaned_data["remark"]
        return _page(request, engagement, request.POST, remark=remark, status=409)
    return redirect(_back(slug, request.POST.get("state", "")))


def _decide(request: HttpRequest, engagement: Engagement, form: DecideForm) -> None:
    chosen = acceptance.as_read(engagement, form.cleaned_data["answers"])
    by = account(request)
    if form.cleaned_data["what"] == ACCEPT:
        decided = accepting.accept(engagement, answers=chosen, by=by)
        words = ngettext(
            "%(count)d answer accepted.", "%(count)d answers accepted.", len(decided.done)
        )
    else:
        remark = form.cleaned_data["remark"]
        decided = accepting.give_back(engagement, answers=chosen, by=by, remark=remark)
        words = ngettext(
            "%(count)d answer returned.", "%(count)d answers returned.", len(decided.done)
        )
    messages.success(request, words % {"count": len(decided.done)})
    if decided.left:
        messages.warning(
            request,
            _("Changed or decided meanwhile, and left as they are: %(numbers)s.")
            % {"numbers": named(decided.left)},
        )


def _meant(sent: QueryDict) -> QueryDict:
    """With the one answer whose button was pressed in place of those that are ticked."""
    meant = sent.copy()
    what, _sign, only = sent.get("do", "").partition(" ")
    meant["what"] = what
    if only:
        meant["answers"] = only
        meant["remark"] = sent.get(f"remark-{only.partition(':')[0]}", "")
    return meant


def _page(
    request: HttpRequest,
    engagement: Engagement,
    query: QueryDict,
    *,
    remark: str = "",
    status: int = 200,
) -> HttpResponse:
    counts = acceptance.counts_by_state(engagement)
    state = StateForm.wanted(query, counts)
    page = Paginator(acceptance.answers_of(engagement, [state]), ON_A_PAGE).get_page(
        query.get("page")
    )
    names = dict(AgencyAnswer.State.choices)
    context = {
        "engagement": engagement,
        "state": state,
        "tabs": [(key, names[key], count) for key, count in counts.items()],
        "page": page,
        "rows": acceptance.rows_of(page.object_list),
        "may_accept": rules.may_accept(request.user, engagement),
        "may_moderate": rules.may_moderate(request.user, engagement),
        "is_chosen": query.get("choose") == "all",
        "chosen": query.getlist("answers"),
        "remark": remark,
        "query": f"state={state}",
    }
    return render(request, "qa/staff/answers.html", context, status=status)


def _back(slug: str, state: str) -> str:
    form = StateForm({"state": state})
    return reverse("answers", args=[slug]) + (f"?state={state}" if form.is_valid() else "")
