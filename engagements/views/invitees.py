"""Pages of the office about its invitation list."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements import access, rules
from engagements.actions import inviting
from engagements.forms.inviting import InviteesFilterForm, TakeForm, UploadForm, seal
from engagements.models import Invitee, RoleCategory
from engagements.queries import people
from engagements.queries.invitations import review
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from engagements.files.invitee_list import InviteeList
    from engagements.models import Engagement

INVITEES_ON_A_PAGE: Final = 50
SHOWN_OF_A_LIST: Final = 20
PROBLEMS_SHOWN: Final = 200

COLUMNS: Final = {
    "email": gettext_lazy("E-mail address"),
    "name": gettext_lazy("Name"),
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "organization": gettext_lazy("Organization"),
    "category": gettext_lazy("Role category"),
    "language": gettext_lazy("Language"),
}


@require_safe
@access.office_page()
def invitees(request: HttpRequest, slug: str) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_see_registrants)
    form = InviteesFilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    listed = people.invitees(found, state=wanted.get("state", ""), words=wanted.get("words", ""))
    query = request.GET.copy()
    query.pop("page", None)
    counts = people.invitees_by_state(found)
    context = {
        "engagement": found,
        "form": form,
        "is_filtering": any(wanted.values()),
        "page": Paginator(listed, INVITEES_ON_A_PAGE).get_page(request.GET.get("page")),
        "query": query.urlencode(),
        "counts": [(Invitee.State(state).label, number) for state, number in counts.items()],
        "everybody": sum(counts.values()),
        "due": people.invitees_due(found) if inviting.may_invite(found) else 0,
        "may_act": rules.may_act_for_registrants(request.user, found),
        "may_invite": inviting.may_invite(found),
    }
    return render(request, "engagements/staff/invitees.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.office_page()
def invitees_upload(request: HttpRequest, slug: str) -> HttpResponse:
    """First the file, which is read and shown; then its rows, which come back and are taken."""
    found = access.engagement_for(request, slug, rules.may_act_for_registrants)
    if request.method == "POST" and "people" in request.POST:
        return _take(request, found)
    if request.method != "POST":
        return _upload_page(request, found, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, found, form, HTTPStatus.BAD_REQUEST)
    try:
        return _preview(request, found, form.cleaned_data["file"])
    except Refused as refusal:
        form.add_error("file", str(refusal))
        return _upload_page(request, found, form, HTTPStatus.BAD_REQUEST)


@require_POST
@access.office_page()
def invitee_again(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _act(request, slug, pk, inviting.send_again, _("The invitation is sent again."))


@require_POST
@access.office_page()
def invitee_withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _act(request, slug, pk, inviting.withdraw, _("The invitation is withdrawn."))


def _act(
    request: HttpRequest, slug: str, pk: int, action: Callable[..., object], said: str
) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_act_for_registrants)
    invitee = get_object_or_404(found.invitees.select_related("engagement"), pk=pk)
    with access.refusals_told(request):
        action(invitee, by=access.account(request))
        messages.success(request, said)
    return redirect("invitees", found.slug)


def _take(request: HttpRequest, engagement: Engagement) -> HttpResponse:
    user = access.account(request)
    taken = TakeForm(request.POST, engagement=engagement)
    form = UploadForm()
    if not taken.is_valid():
        messages.error(request, _("Please upload the file again: it was looked at too long ago."))
        return _upload_page(request, engagement, form, HTTPStatus.BAD_REQUEST)
    try:
        new = inviting.invite(engagement, people=taken.cleaned_data["people"], by=user)
    except NotAllowed as refusal:
        raise Http404 from refusal
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _upload_page(request, engagement, form, HTTPStatus.CONFLICT)
    if new:
        text = ngettext("%(new)s person is invited.", "%(new)s people are invited.", new)
        messages.success(request, text % {"new": f"{new:,}"})
    else:
        messages.info(request, _("Nobody is new on the list, so nobody was written to."))
    return redirect("invitees", engagement.slug)


def _preview(request: HttpRequest, engagement: Engagement, listed: InviteeList) -> HttpResponse:
    found = review(engagement, listed.lines)
    labels = dict(RoleCategory.objects.values_list("pk", "label"))
    context: dict[str, Any] = {
        "engagement": engagement,
        "columns": [(COLUMNS[name], heading) for name, heading in listed.columns.items()],
        "ignored": listed.ignored,
        "rows": len(listed.lines),
        "valid": len(found.candidates),
        "first": [
            (one, labels.get(one.category or 0, "")) for one in found.candidates[:SHOWN_OF_A_LIST]
        ],
        "problems": found.problems[:PROBLEMS_SHOWN],
        "problem_count": len(found.problems),
        "sealed": seal(engagement, found.candidates),
    }
    return render(request, "engagements/staff/invitees_preview.html", context)


def _upload_page(
    request: HttpRequest,
    engagement: Engagement,
    form: UploadForm,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "engagement": engagement,
        "form": form,
        "may_invite": inviting.may_invite(engagement),
        "categories": RoleCategory.objects.filter(is_offered=True),
    }
    return render(request, "engagements/staff/invitees_upload.html", context, status=status)
