"""How an agency's own systems take part: tokens that call us, webhooks that we call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements.access import account, office_page, refusals_told
from engagements.outbox import absolute
from engagements.refusals import Refused
from qa import rules
from qa.actions.agency import hooks, tokens
from qa.forms.agency.integration import TokenForm, WebhookForm
from qa.models import Delivery, Webhook
from qa.queries.agency import integration as queries

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

    from engagements.models import Agency

DELIVERIES_ON_A_PAGE = 25
READ_AND_SEND = ("GET", "HEAD", "POST")


@require_safe
@never_cache
@office_page(rules.may_integrate)
def overview(request: HttpRequest) -> HttpResponse:
    return _overview(request)


@require_http_methods(READ_AND_SEND)
@never_cache
@office_page(rules.may_integrate)
def new_token(request: HttpRequest) -> HttpResponse:
    """The answer to the form shows the new token, once: nobody can read it again."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _form(request, form, "token_new")
    if not form.is_valid():
        return _form(request, form, "token_new", status=400)
    try:
        made = tokens.make(by=account(request), **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _form(request, form, "token_new", status=409)
    return _overview(request, made=made)


@require_http_methods(READ_AND_SEND)
@never_cache
@office_page(rules.may_integrate)
def new_hook(request: HttpRequest) -> HttpResponse:
    """The answer to the form shows the secret of the new webhook, once."""
    form = WebhookForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _form(request, form, "webhook_new")
    if not form.is_valid():
        return _form(request, form, "webhook_new", status=400)
    try:
        added = hooks.add(by=account(request), **form.cleaned_data)
    except Refused as refused:
        form.add_error("url" if refused.code in {"url", "known"} else None, str(refused))
        return _form(request, form, "webhook_new", status=409)
    return _overview(request, added=added)


@require_POST
@office_page(rules.may_integrate)
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(_agency(request).api_tokens, pk=pk)
    with refusals_told(request):
        tokens.revoke(token, by=account(request))
        messages.success(request, _("The token is revoked. It opens nothing any more."))
    return redirect("agency-integration")


@require_safe
@never_cache
@office_page(rules.may_integrate)
def hook(request: HttpRequest, pk: int) -> HttpResponse:
    found = _hook(request, pk)
    pages = Paginator(queries.deliveries(found), DELIVERIES_ON_A_PAGE)
    labels = dict(Webhook.Event.choices)
    context = {
        "hook": found,
        "events": [labels[event] for event in found.events if event in labels],
        "page": pages.get_page(request.GET.get("page")),
    }
    return render(request, "qa/agency/webhook.html", context)


@require_POST
@office_page(rules.may_integrate)
def stop_hook(request: HttpRequest, pk: int) -> HttpResponse:
    with refusals_told(request):
        hooks.stop(_hook(request, pk), by=account(request))
        messages.success(request, _("This address is told nothing any more."))
    return redirect("agency-integration")


@require_POST
@office_page(rules.may_integrate)
def try_hook(request: HttpRequest, pk: int) -> HttpResponse:
    with refusals_told(request):
        hooks.ping(_hook(request, pk), by=account(request))
        messages.success(request, _("A message is on its way. See below whether it arrives."))
    return redirect("agency-hook", pk)


@require_POST
@office_page(rules.may_integrate)
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    found = Delivery.objects.filter(webhook__agency=_agency(request)).select_related("webhook")
    delivery = get_object_or_404(found, pk=pk)
    with refusals_told(request):
        hooks.send_again(delivery, by=account(request))
        messages.success(request, _("The message is on its way again."))
    return redirect("agency-hook", delivery.webhook_id)


def _overview(request: HttpRequest, **made: Any) -> HttpResponse:
    agency = _agency(request)
    context = {
        "agency": agency,
        "tokens": queries.tokens(agency),
        "hooks": queries.hooks(agency),
        "root": absolute("/api/v1/"),
        **made,
    }
    return render(request, "qa/agency/integration.html", context)


def _form(request: HttpRequest, form: Form, page: str, *, status: int = 200) -> HttpResponse:
    context = {"agency": _agency(request), "form": form}
    return render(request, f"qa/agency/{page}.html", context, status=status)


def _agency(request: HttpRequest) -> Agency:
    agency = account(request).agency
    if agency is None:
        raise Http404
    return agency


def _hook(request: HttpRequest, pk: int) -> Webhook:
    return get_object_or_404(_agency(request).webhooks.select_related("agency"), pk=pk)
