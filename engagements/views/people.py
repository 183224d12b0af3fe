"""The administrator's pages: people, role categories, agencies, the office's words, the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements import clock, rules
from engagements.access import account, office_page, refusals_told
from engagements.actions import accounts, office
from engagements.forms.accounts import (
    AgencyForm,
    AuditFilterForm,
    CategoryForm,
    InviteForm,
    LiaisonForm,
    OfficeForm,
    RightsForm,
    category_forms,
)
from engagements.models import Agency, AuditEntry, Invitation, Office, User
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

ENTRIES_ON_A_PAGE = 50

READ_AND_SEND = ["GET", "HEAD", "POST"]


@require_http_methods(READ_AND_SEND)
@never_cache
@office_page(rules.may_manage_people)
def people(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _people_page(request, InviteForm())
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _people_page(request, form, status=400)
    if not _done(form, accounts.invite, by=account(request), **form.cleaned_data):
        return _people_page(request, form, status=409)
    messages.success(
        request,
        _("The invitation is on its way to %(email)s.") % {"email": form.cleaned_data["email"]},
    )
    return redirect("people")


@require_POST
@office_page(rules.may_manage_people)
def resend_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = _open_invitation(pk)
    return _carried_out(
        request,
        lambda: accounts.resend(invitation, by=account(request)),
        _("A new invitation is on its way to %(email)s. The link in the former one is dead.")
        % {"email": invitation.email},
    )


@require_POST
@office_page(rules.may_manage_people)
def withdraw_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = _open_invitation(pk)
    return _carried_out(
        request,
        lambda: accounts.withdraw(invitation, by=account(request)),
        _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email},
    )


@require_http_methods(READ_AND_SEND)
@never_cache
@office_page(rules.may_manage_people)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Rights of somebody of the office; the agency of a liaison."""
    user = get_object_or_404(_accounts(), pk=pk)
    form_class: type[Form] = LiaisonForm if user.agency else RightsForm
    if request.method != "POST":
        return _person_page(request, user, form_class(initial=_as_they_are(user)))
    form = form_class(request.POST)
    if not form.is_valid():
        return _person_page(request, user, form, status=400)
    action = accounts.move_liaison if user.agency else accounts.set_rights
    if not _done(form, action, user, by=account(request), **form.cleaned_data):
        return _person_page(request, user, form, status=409)
    messages.success(request, _("The account of %(name)s is changed.") % {"name": user})
    return redirect("person", pk=pk)


@require_POST
@office_page(rules.may_manage_people)
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    return _carried_out(
        request,
        lambda: accounts.deactivate(user, by=account(request)),
        _("The account of %(name)s is inactive and signed out everywhere.") % {"name": user},
        person=pk,
    )


@require_POST
@office_page(rules.may_manage_people)
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    return _carried_out(
        request,
        lambda: accounts.reactivate(user, by=account(request)),
        _("The account of %(name)s is active again.") % {"name": user},
        person=pk,
    )


@require_http_methods(READ_AND_SEND)
@never_cache
@office_page(rules.may_manage_people)
def categories(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _categories_page(request, category_forms())
    forms = category_forms(request.POST)
    if not all(form.is_valid() for form in forms):
        return _categories_page(request, forms, status=400)
    *known, new = forms
    words = {form.category.pk: form.words() for form in known}
    added = new.words() if new.has_changed() else None
    if not _done(new, office.edit_categories, by=account(request), words=words, added=added):
        return _categories_page(request, forms, status=409)
    messages.success(request, _("The role categories are saved."))
    return redirect("categories")


@require_http_methods(READ_AND_SEND)
@never_cache
@office_page(rules.may_manage_people)
def agencies(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _agencies_page(request, AgencyForm())
    form = AgencyForm(request.POST)
    if not form.is_valid():
        return _agencies_page(request, form, status=400)
    if not _done(form, office.add_agency, by=account(request), **form.cleaned_data):
        return _agencies_page(request, form, status=409)
    messages.success(request, _("The agency is added."))
    return redirect("agencies")


@require_http_methods(READ_AND_SEND)
@never_cache
@office_page(rules.may_manage_people)
def agency_names(request: HttpRequest, pk: int) -> HttpResponse:
    agency = get_object_or_404(Agency, pk=pk)
    initial = {name: getattr(agency, name) for name in AgencyForm.base_fields}
    if request.method != "POST":
        return _agency_page(request, agency, AgencyForm(initial=initial))
    form = AgencyForm(request.POST)
    if not form.is_valid():
        return _agency_page(request, agency, form, status=400)
    if not _done(form, office.rename_agency, agency, by=account(request), **form.cleaned_data):
        return _agency_page(request, agency, form, status=409)
    messages.success(request, _("The agency is saved."))
    return redirect("agencies")


@require_http_methods(READ_AND_SEND)
@never_cache
@office_page(rules.may_manage_people)
def office_words(request: HttpRequest) -> HttpResponse:
    current = Office.current()
    if request.method != "POST":
        return _words_page(request, current, OfficeForm(office=current))
    form = OfficeForm(request.POST, office=current)
    if not form.is_valid():
        return _words_page(request, current, form, status=400)
    if not _done(form, office.edit_office, by=account(request), **form.cleaned_data):
        return _words_page(request, current, form, status=409)
    messages.success(request, _("The words of the office are saved."))
    return redirect("office-words")


@require_safe
@never_cache
@office_page(rules.may_read_audit)
def audit(request: HttpRequest) -> HttpResponse:
    form = AuditFilterForm(request.GET)
    entries = _entries(form.cleaned_data) if form.is_valid() else AuditEntry.objects.none()
    page = Paginator(entries, ENTRIES_ON_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {"form": form, "page": page, "query": query.urlencode()}
    return render(request, "engagements/people/audit.html", context)


def _people_page(request: HttpRequest, form: InviteForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "accounts": _accounts().annotate(role_count=Count("memberships")),
        "invitations": Invitation.objects.filter(accepted_at=None).select_related(
            "agency", "invited_by"
        ),
        "now": clock.now(),
    }
    return render(request, "engagements/people/people.html", context, status=status)


def _person_page(
    request: HttpRequest, user: User, form: Form, *, status: int = 200
) -> HttpResponse:
    context = {
        "person": user,
        "form": form,
        "is_self": user == request.user,
        "memberships": user.memberships.select_related("engagement", "engagement__series").order_by(
            "-engagement__starts_at", "role"
        ),
    }
    return render(request, "engagements/people/person.html", context, status=status)


def _categories_page(
    request: HttpRequest, forms: list[CategoryForm], *, status: int = 200
) -> HttpResponse:
    return render(request, "engagements/people/categories.html", {"forms": forms}, status=status)


def _agencies_page(request: HttpRequest, form: AgencyForm, *, status: int = 200) -> HttpResponse:
    agencies = Agency.objects.annotate(liaison_count=Count("liaisons"))
    context = {"form": form, "agencies": agencies}
    return render(request, "engagements/people/agencies.html", context, status=status)


def _agency_page(
    request: HttpRequest, agency: Agency, form: AgencyForm, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "agency": agency}
    return render(request, "engagements/people/agency.html", context, status=status)


def _words_page(
    request: HttpRequest, current: Office, form: OfficeForm, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "current": current}
    return render(request, "engagements/people/words.html", context, status=status)


def _done(form: Form, action: Callable[..., object], *args: object, **options: Any) -> bool:
    """Whether the action did it. A refusal becomes an error of the form."""
    try:
        action(*args, **options)
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        form.add_error(None, str(refused.message))
        return False
    return True


def _carried_out(
    request: HttpRequest, action: Callable[[], object], said: str, *, person: int | None = None
) -> HttpResponse:
    """What a button without a form leads to: the page it stands on, with what became of it."""
    with refusals_told(request):
        action()
        messages.success(request, said)
    return redirect("people") if person is None else redirect("person", pk=person)


def _accounts() -> QuerySet[User]:
    second_factor = Authenticator.objects.filter(user=OuterRef("pk"))
    return (
        User.objects.select_related("agency")
        .annotate(has_second_factor=Exists(second_factor))
        .order_by("-is_active", "name")
    )


def _open_invitation(pk: int) -> Invitation:
    return get_object_or_404(Invitation, pk=pk, accepted_at=None)


def _as_they_are(user: User) -> dict[str, Any]:
    return {
        "agency": user.agency,
        "is_administrator": user.is_administrator,
        "may_create_engagements": user.may_create_engagements,
    }


def _entries(wanted: dict[str, Any]) -> QuerySet[AuditEntry]:
    given = {name: value for name, value in wanted.items() if value}
    return AuditEntry.objects.filter(**given).select_related(
        "actor", "engagement", "engagement__series"
    )
