"""What somebody on an invitation list sees: the engagement, the form, and a way to decline.

The link is a secret that came by mail. Opening it changes nothing: programs that look through mail
open every link.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from engagements import access
from engagements.actions import inviting, registering, seating
from engagements.forms.inviting import InvitedForm
from engagements.models import Invitee, Notice, Registration
from engagements.queries.standing import Standing, standing
from engagements.refusals import Refused

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MAY_ANSWER = frozenset({Standing.OPEN, Standing.INVITED})


@require_GET
@never_cache
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link: this browser may answer the invitation from now on. The address holds a
    secret, so it is left at once and sent to nobody."""
    invitee = Invitee.from_token(token)
    if invitee is None:
        response = render(request, "engagements/public/unknown_link.html", status=404)
    else:
        access.remember_invitee(request, invitee)
        response = redirect("own-invitation", invitee.engagement.slug)
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def own_invitation(request: HttpRequest, slug: str) -> HttpResponse:
    invitee = access.invitee_of(request, slug)
    if request.method == "POST" and _may_register(invitee):
        return _accepted(request, invitee)
    form = InvitedForm(invitee=invitee) if _may_register(invitee) else None
    conflict = HTTPStatus.CONFLICT if request.method == "POST" else HTTPStatus.OK
    return _page(request, invitee, form, conflict)


@require_POST
@never_cache
def own_invitation_decline(request: HttpRequest, slug: str) -> HttpResponse:
    with access.refusals_told(request):
        inviting.decline(access.invitee_of(request, slug))
        messages.success(request, _("Thank you. The office knows that you do not come."))
    return redirect("own-invitation", slug)


@require_POST
@never_cache
def own_invitation_reopen(request: HttpRequest, slug: str) -> HttpResponse:
    with access.refusals_told(request):
        inviting.reopen(access.invitee_of(request, slug))
    return redirect("own-invitation", slug)


def _accepted(request: HttpRequest, invitee: Invitee) -> HttpResponse:
    form = InvitedForm(request.POST, invitee=invitee)
    if not form.is_valid():
        return _page(request, invitee, form, HTTPStatus.BAD_REQUEST)
    try:
        registration = registering.register(invitee.engagement, by="invitee", **form.entry())
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, invitee, form, HTTPStatus.CONFLICT)
    # Whoever has the link reads the mail of this address.
    access.remember_registration(request, registration)
    return redirect("own-registration", invitee.engagement.slug)


def _page(
    request: HttpRequest, invitee: Invitee, form: InvitedForm | None, status: int
) -> HttpResponse:
    engagement = invitee.engagement
    context: dict[str, Any] = {
        "engagement": engagement,
        "invitee": invitee,
        "form": form,
        "notice": Notice.shown_for(engagement),
        "standing": standing(engagement),
        "is_public": engagement.is_public,
        "has_seat": seating.has_seat(engagement),
        "may_answer": standing(engagement) in MAY_ANSWER,
    }
    return render(request, "engagements/public/invited.html", context, status=status)


def _may_register(invitee: Invitee) -> bool:
    """Not while a registration stands: its own link is for it."""
    engagement = invitee.engagement
    own = invitee.registration
    return (
        engagement.is_public
        and standing(engagement) in MAY_ANSWER
        and (own is None or own.state == Registration.State.CANCELLED)
    )
