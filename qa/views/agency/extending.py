"""An agency asks for more time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from engagements.access import account, refusals_told
from engagements.refusals import NotAllowed, Refused
from qa import states
from qa.actions.agency import extending
from qa.forms.agency.answer import ExtensionForm
from qa.models import ExtensionRequest
from qa.views.agency.doors import lead_page, sent_to
from qa.views.agency.lists import due_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qa.models import Forwarding

READ_AND_SEND: Final = ["GET", "HEAD", "POST"]


@require_http_methods(READ_AND_SEND)
@never_cache
@lead_page
def extension(request: HttpRequest, pk: int) -> HttpResponse:
    sent = sent_to(request, pk, lead=True)
    if sent.state != states.FORWARDING_SENT or sent.due_on is None:
        raise Http404
    if request.method != "POST":
        return _page(request, sent, ExtensionForm())
    form = ExtensionForm(request.POST)
    if not form.is_valid():
        return _page(request, sent, form, status=400)
    try:
        extending.ask(sent, by=account(request), **form.cleaned_data)
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        form.add_error("until" if refused.code == "until" else None, str(refused))
        return _page(request, sent, form, status=409)
    messages.success(request, _("The office has your request. You get a mail when it is decided."))
    return redirect("agency-forwarding", pk=pk)


@require_POST
@lead_page
def withdraw(request: HttpRequest, pk: int, extension: int) -> HttpResponse:
    sent = sent_to(request, pk, lead=True)
    found = get_object_or_404(
        ExtensionRequest.objects.select_related("forwarding"), forwarding=sent, pk=extension
    )
    with refusals_told(request):
        extending.withdraw(found, by=account(request))
        messages.success(request, _("The request is withdrawn."))
    return redirect("agency-forwarding", pk=pk)


def _page(
    request: HttpRequest, sent: Forwarding, form: ExtensionForm, *, status: int = 200
) -> HttpResponse:
    context = {"forwarding": sent, "form": form, "due": due_of(sent)}
    return render(request, "qa/agency/extension.html", context, status=status)
