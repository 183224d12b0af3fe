"""The office decides about an agency's request for more time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from engagements.access import account, engagement_for, office_page
from engagements.refusals import NotAllowed, Refused
from qa import rules
from qa.actions.agency import extending
from qa.forms.agency.answer import DecisionForm
from qa.models import ExtensionRequest
from qa.queries.agency import promises

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

READ_AND_SEND: Final = ["GET", "HEAD", "POST"]


@require_http_methods(READ_AND_SEND)
@never_cache
@office_page()
def extension(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_forward)
    found = get_object_or_404(
        ExtensionRequest.objects.select_related(
            "forwarding__agency", "forwarding__engagement__series", "asked_by", "decided_by"
        ),
        forwarding__engagement=engagement,
        pk=pk,
    )
    context: dict[str, Any] = {
        "engagement": engagement,
        "extension": found,
        "forwarding": found.forwarding,
        "progress": promises.progress([found.forwarding])[found.forwarding_id],
        "is_open": found.state == ExtensionRequest.State.ASKED,
    }
    form = DecisionForm(request.POST or None)
    if request.method != "POST":
        return render(request, "qa/staff/extension.html", context | {"form": DecisionForm()})
    if not form.is_valid():
        context["form"] = form
        return render(request, "qa/staff/extension.html", context, status=400)
    try:
        _decide(request, found, form)
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        form.add_error(None, str(refused))
        context["form"] = form
        return render(request, "qa/staff/extension.html", context, status=409)
    return redirect("forwardings", slug=slug)


def _decide(request: HttpRequest, found: ExtensionRequest, form: DecisionForm) -> None:
    remark, by = form.cleaned_data["remark"], account(request)
    if form.cleaned_data["decision"] == DecisionForm.GRANT:
        extending.grant(found, by=by, remark=remark)
        messages.success(request, _("The due date is moved, and the agency is told."))
    else:
        extending.refuse(found, by=by, remark=remark)
        messages.success(request, _("The due date stays, and the agency is told why."))
