"""The link in mails of news: it ends them, or takes that back. Nothing else is needed for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from engagements.actions import subscribing
from engagements.models import Subscription

if TYPE_CHECKING:
    from django.http import HttpRequest

ONE_CLICK = "List-Unsubscribe"
"""The field that a mail program sends (RFC 8058). It has no cookie, and follows no redirect."""


# A mail program sends no CSRF token. Nobody can forge the request: its address is the secret.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def news(request: HttpRequest, token: str) -> HttpResponse:
    subscription = Subscription.from_token(token)
    if subscription is None:
        raise Http404
    if request.method != "POST":
        return render(
            request,
            "engagements/public/news.html",
            {"series": subscription.series, "is_on": subscription.ended_at is None},
        )
    if "resume" in request.POST:
        subscribing.resume(subscription, by="subscriber")
    else:
        subscribing.end(subscription, by="subscriber")
    if ONE_CLICK in request.POST:
        return HttpResponse(_("The news have ended.") + "\n", content_type="text/plain")
    return redirect("news", token)
