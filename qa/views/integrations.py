"""The office's look at the tokens and webhooks of all agencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from engagements import rules
from engagements.access import account, office_page, refusals_told
from qa.actions.agency import hooks, tokens
from qa.models import ApiToken, Webhook
from qa.queries.agency import integration as queries

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@never_cache
@office_page(rules.is_administrator)
def integrations(request: HttpRequest) -> HttpResponse:
    context = {"tokens": queries.tokens(), "hooks": queries.hooks()}
    return render(request, "qa/staff/integrations.html", context)


@require_POST
@office_page(rules.is_administrator)
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=pk)
    with refusals_told(request):
        tokens.revoke(token, by=account(request))
        messages.success(request, _("The token is revoked. It opens nothing any more."))
    return redirect("integrations")


@require_POST
@office_page(rules.is_administrator)
def stop_hook(request: HttpRequest, pk: int) -> HttpResponse:
    hook = get_object_or_404(Webhook, pk=pk)
    with refusals_told(request):
        hooks.stop(hook, by=account(request))
        messages.success(request, _("This address is told nothing any more."))
    return redirect("integrations")
