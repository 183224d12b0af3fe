"""Accepting an invitation: the one way in which an account begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from engagements.actions import accounts
from engagements.forms.accounts import AcceptForm
from engagements.refusals import Refused

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from engagements.models import Invitation


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """An unknown, used, replaced, withdrawn and expired token are answered alike."""
    found = accounts.invitation_for(token)
    if found is None:
        return _gone(request)
    if request.user.is_authenticated:
        return _page(request, found, None, status=409 if request.method == "POST" else 200)
    form = AcceptForm(request.POST or None, invitation=found)
    if request.method != "POST":
        return _page(request, found, form)
    if not form.is_valid():
        return _page(request, found, form, status=400)
    return _accept(request, token, form.cleaned_data["password1"])


def _accept(request: HttpRequest, token: str, password: str) -> HttpResponse:
    try:
        user = accounts.accept(token, password=password)
    except Refused:
        return _gone(request)
    # Choosing a password just now is as good as having typed it, for setting up a second factor.
    record_authentication(request, user, method="password", email=user.email)
    response: HttpResponse = perform_login(request, user)
    return response


def _page(
    request: HttpRequest, found: Invitation, form: AcceptForm | None, *, status: int = 200
) -> HttpResponse:
    context = {"invitation": found, "form": form}
    response = render(request, "engagements/accounts/invitation.html", context, status=status)
    return _quiet(response)


def _gone(request: HttpRequest) -> HttpResponse:
    return _quiet(render(request, "engagements/accounts/invitation_gone.html", status=404))


def _quiet(response: HttpResponse) -> HttpResponse:
    # The token in this page's address must not travel on, not even to our own pages. The origin
    # must, or the form's protection against forgery would refuse it.
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
