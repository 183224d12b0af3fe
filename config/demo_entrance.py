"""Only in the demonstration: a link for each person to be, instead of a password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib.auth import login
from django.core import signing
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from config.demonstration import cast, contact_center, others
from engagements.models import Registration, User
from engagements.outbox import absolute

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

BACKEND: Final = "allauth.account.auth_backends.AuthenticationBackend"


@require_GET
@never_cache
def enter(request: HttpRequest, token: str) -> HttpResponse:
    try:
        email = _signer().unsign(token)
    except signing.BadSignature as error:
        raise Http404 from error
    user = User.objects.filter(email=email, is_active=True).first()
    if user is None:
        raise Http404
    login(request, user, backend=BACKEND)
    return redirect(_first_page(email))


def links() -> list[tuple[str, str, str]]:
    """(what one plays, name, link) of everybody; empty when the demonstration is not there."""
    stakeholder = Registration.objects.filter(
        engagement__slug=others.LIVE, email=cast.STAKEHOLDER.email
    ).first()
    if stakeholder is None:
        return []
    room = absolute(reverse("join", args=[stakeholder.token()]))
    staff = [
        (part.plays, part.name, absolute(reverse("demo-enter", args=[_signer().sign(part.email)])))
        for part in cast.STAFF
    ]
    return [(cast.STAKEHOLDER.plays, cast.STAKEHOLDER.name, room), *staff]


def _first_page(email: str) -> str:
    """Where the work of this person begins."""
    pages = {
        cast.MODERATOR.email: reverse("desk", args=[others.LIVE]),
        cast.EDITOR.email: reverse("readout-edit", args=[contact_center.SLUG]),
        cast.PUBLISHER.email: reverse("readout-edit", args=[contact_center.SLUG]),
        cast.LIAISON.email: reverse("agency"),
        cast.CONTRIBUTOR.email: reverse("agency"),
        cast.ADMINISTRATOR.email: reverse("people"),
    }
    return pages.get(email, reverse("office"))


def _signer() -> signing.Signer:
    return signing.Signer(salt="demonstration")


urlpatterns = [path("demo/enter/<str:token>/", enter, name="demo-enter")]
