"""An agency's people and directorates, kept by its liaisons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from engagements import clock
from engagements.access import account, refusals_told
from engagements.actions import accounts
from engagements.forms.fields import sentences
from engagements.models import Invitation
from engagements.refusals import NotAllowed, Refused
from qa.actions.agency import assigning
from qa.forms.agency.answer import DirectorateForm
from qa.forms.agency.people import ColleagueForm
from qa.views.agency.doors import lead_page, own_agency

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from engagements.models import User

READ_AND_SEND: Final = ["GET", "HEAD", "POST"]


@require_http_methods(READ_AND_SEND)
@never_cache
@lead_page
def people(request: HttpRequest) -> HttpResponse:
    """Who there is, who is invited, and the directorates; with POST, invite somebody."""
    form = ColleagueForm(request.POST or None)
    if request.method != "POST":
        return _page(request, ColleagueForm())
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        accounts.invite(by=account(request), agency=own_agency(request), **form.cleaned_data)
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, form, status=409)
    words = _("The invitation is on its way to %(email)s.")
    messages.success(request, words % {"email": form.cleaned_data["email"]})
    return redirect("agency-people")


@require_POST
@lead_page
def invitation(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    found = get_object_or_404(
        Invitation.objects.select_related("agency"),
        pk=pk, agency=own_agency(request), accepted_at=None,
    )  # fmt: skip
    moves: dict[str, tuple[Callable[..., Any], str]] = {
        "resend": (accounts.resend, _("A new invitation is on its way to %(email)s.")),
        "withdraw": (accounts.withdraw, _("The invitation of %(email)s is withdrawn.")),
    }
    if move not in moves:
        raise Http404
    act, words = moves[move]
    with refusals_told(request):
        act(found, by=account(request))
        messages.success(request, words % {"email": found.email})
    return redirect("agency-people")


@require_POST
@lead_page
def person(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """What a liaison does with the account of a contributor of the own agency."""
    found = get_object_or_404(own_agency(request).liaisons, pk=pk)
    if move not in PERSON_MOVES:
        raise Http404
    with refusals_told(request):
        messages.success(request, PERSON_MOVES[move](found, account(request)))
    return redirect("agency-people")


def _deactivate(found: User, by: User) -> str:
    accounts.deactivate(found, by=by)
    return _("%(name)s can no longer sign in, and has no question any more.") % {"name": found}


def _reactivate(found: User, by: User) -> str:
    accounts.reactivate(found, by=by)
    return _("%(name)s can sign in again.") % {"name": found}


def _promote(found: User, by: User) -> str:
    accounts.set_contributor(found, by=by, is_contributor=False)
    return _("%(name)s is a liaison now and sees all lists.") % {"name": found}


PERSON_MOVES: Final = {
    "deactivate": _deactivate,
    "reactivate": _reactivate,
    "promote": _promote,
}


@require_POST
@lead_page
def add_directorate(request: HttpRequest) -> HttpResponse:
    return _named(
        request,
        lambda name: assigning.add_directorate(own_agency(request), by=account(request), name=name),
        _("The directorate is added."),
    )


@require_POST
@lead_page
def directorate(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    found = get_object_or_404(own_agency(request).directorates.select_related("agency"), pk=pk)
    if move == "rename":
        return _named(
            request,
            lambda name: assigning.rename_directorate(found, by=account(request), name=name),
            _("The directorate is renamed."),
        )
    if move != "remove":
        raise Http404
    with refusals_told(request):
        assigning.remove_directorate(found, by=account(request))
        messages.success(request, _("The directorate is removed."))
    return redirect("agency-people")


def _named(request: HttpRequest, act: Callable[[str], Any], done: str) -> HttpResponse:
    form = DirectorateForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(sentences(form)))
        return redirect("agency-people")
    with refusals_told(request):
        act(form.cleaned_data["name"])
        messages.success(request, done)
    return redirect("agency-people")


def _page(request: HttpRequest, form: ColleagueForm, *, status: int = 200) -> HttpResponse:
    agency = own_agency(request)
    everybody = agency.liaisons.order_by("-is_active", "is_contributor", "name")
    context = {
        "agency": agency,
        "person": account(request),
        "people": everybody.annotate(given=Count("assigned_answers")),
        "invitations": Invitation.objects.filter(agency=agency, accepted_at=None).select_related(
            "invited_by"
        ),
        "now": clock.now(),
        "directorates": agency.directorates.annotate(questions=Count("answers")).order_by("name"),
        "form": form,
        "directorate_form": DirectorateForm(auto_id="new-%s"),
    }
    return render(request, "qa/agency/people.html", context, status=status)
