"""Doors. A page of the office or of an agency begins with one of these.

What somebody may not know of answers 404, exactly as if it did not exist; who has not signed in is
sent to the sign-in page.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from engagements import rules
from engagements.models import Engagement, Invitee, Registration, User
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from engagements.rules import Visitor

P = ParamSpec("P")

SESSION_KEY = "registrations"
"""In the session: engagement id -> registration id of the stakeholder who uses this browser."""

INVITEES = "invitees"
"""In the session: engagement id -> id of the invitee who uses this browser."""


def office_page(
    rule: Callable[[Visitor], bool] = rules.is_office,
) -> Callable[
    [Callable[Concatenate[HttpRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """For signed-in people for whom the rule says yes; 404 for others.

    Where the office requires a second factor, an account without one is led to set it up first.
    """

    def decorate(
        view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not rule(request.user):
                raise Http404
            if not may_work_here(request.user):
                messages.info(request, _("Your work here needs a second factor. Set it up first."))
                return redirect("mfa_activate_totp")
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def may_work_here(user: Visitor) -> bool:
    """An account, with its second factor where the office requires one."""
    return isinstance(user, User) and (not settings.MFA_REQUIRED or is_mfa_enabled(user))


def agency_page() -> Callable[
    [Callable[Concatenate[HttpRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """For signed-in liaisons; 404 for others."""
    return office_page(rules.is_liaison)


def engagement_for(
    request: HttpRequest, slug: str, rule: Callable[[Visitor, Engagement], bool]
) -> Engagement:
    """The engagement, if the rule lets this visitor see it here; 404 otherwise."""
    engagement = get_object_or_404(_engagements(), slug=slug)
    if not rule(request.user, engagement):
        raise Http404
    return engagement


def public_engagement(slug: str) -> Engagement:
    """What the public may know of; 404 for drafts and rehearsals as for names never given."""
    engagement = get_object_or_404(_engagements(), slug=slug)
    if not rules.may_see_publicly(engagement):
        raise Http404
    return engagement


def engagement_with_room(slug: str) -> Engagement:
    """An engagement that has a room. Whoever comes still has to be let in: see `qa.rules`."""
    engagement = get_object_or_404(_engagements(), slug=slug)
    if not rules.has_room(engagement):
        raise Http404
    return engagement


def mailed_link(request: HttpRequest, registration: Registration | None, page: str) -> HttpResponse:
    """A mailed link: this browser acts for the registration from now on, and goes to the page.

    The address holds a secret, so it is left at once and sent to nobody. Opening it changes
    nothing, because programs that look through mail open every link.
    """
    if registration is None:
        response = render(request, "engagements/public/unknown_link.html", status=404)
    else:
        remember_registration(request, registration)
        response = redirect(page, registration.engagement.slug)
    add_never_cache_headers(response)
    response["Referrer-Policy"] = "no-referrer"
    return response


def remember_registration(request: HttpRequest, registration: Registration) -> None:
    """From here on this browser acts for the registration; the link is not needed again.

    A session that somebody else may know of must not become this person's: it gets another key.
    """
    request.session.cycle_key()
    known = request.session.get(SESSION_KEY, {})
    request.session[SESSION_KEY] = known | {str(registration.engagement_id): registration.pk}


def registration_of(request: HttpRequest, engagement: Engagement) -> Registration | None:
    """The registration that this browser holds for the engagement, admitted or not."""
    pk = request.session.get(SESSION_KEY, {}).get(str(engagement.pk))
    if pk is None:
        return None
    return engagement.registrations.filter(pk=pk).first()


def remember_invitee(request: HttpRequest, invitee: Invitee) -> None:
    """From here on this browser may answer the invitation; the link is not needed again. The
    session gets another key, as above."""
    request.session.cycle_key()
    known = request.session.get(INVITEES, {})
    request.session[INVITEES] = known | {str(invitee.engagement_id): invitee.pk}


def invitee_of(request: HttpRequest, slug: str) -> Invitee:
    """Who answers an invitation to this engagement from this browser; 404 without one."""
    found = Invitee.objects.select_related("engagement__series", "registration")
    own = request.session.get(INVITEES, {}).values()
    return get_object_or_404(found, engagement__slug=slug, pk__in=own)


def account(request: HttpRequest) -> User:
    """The signed-in account, behind a door that let only accounts in."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


@contextmanager
def refusals_told(request: HttpRequest) -> Iterator[None]:
    """Around an action: its refusal becomes a message of the next page, or 404 for who asks."""
    try:
        yield
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        messages.error(request, str(refused))


def _engagements() -> QuerySet[Engagement]:
    return Engagement.objects.select_related("series", "agency")
