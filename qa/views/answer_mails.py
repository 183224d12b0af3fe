"""The link in mails of an agency's answers: it ends them, or takes that back. No sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from engagements.refusals import Refused
from qa.actions import wishes
from qa.queries.wishes import registration_of_link, standing_questions, wished_answers

if TYPE_CHECKING:
    from django.http import HttpRequest

ONE_CLICK = "List-Unsubscribe"
"""The field that a mail program sends (RFC 8058). It has no cookie, and follows no redirect."""


# A mail program sends no CSRF token. Nobody can forge the request: its address is the secret.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def answer_mails(request: HttpRequest, token: str) -> HttpResponse:
    """Opening it changes nothing, because programs that look through mail open every link."""
    registration = registration_of_link(token)
    if registration is None:
        raise Http404
    if request.method == "POST":
        try:
            if "resume" in request.POST:
                wishes.resume(registration)
            else:
                wishes.end(registration)
        except Refused as refused:
            messages.error(request, str(refused))
        if ONE_CLICK in request.POST:
            return HttpResponse(_("These mails have ended.") + "\n", content_type="text/plain")
        return redirect("answer-mails", token)
    context = {
        "engagement": registration.engagement,
        "wished": list(wished_answers(registration).values_list("number", flat=True)),
        "has_questions": standing_questions(registration).exists(),
    }
    response = render(request, "qa/public/answer_mails.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response
