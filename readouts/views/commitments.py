"""The register of what the office has promised to the public, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements.access import account, engagement_for, office_page
from engagements.models import Engagement
from engagements.refusals import NotAllowed, Refused
from readouts import rules
from readouts.actions import following
from readouts.forms.commitments import (
    AssignForm,
    CommitmentForm,
    DropForm,
    KeepForm,
    WantedForm,
)
from readouts.queries import commitments as queries

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

    from readouts.models import Commitment

ON_A_PAGE = 50


@require_safe
@never_cache
@office_page()
def commitments(request: HttpRequest) -> HttpResponse:
    user = account(request)
    form = WantedForm(request.GET, user=user)
    found = queries.register_of(user, form.wanted)
    counts = queries.counts_of(user, form.wanted)
    context = {
        "form": form,
        "adds_to": _followed(request, form.wanted.engagement),
        "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
        "tabs": _tabs(form, counts),
        "total": counts["all"],
        "query": form.query(),
        "today": queries.today(),
    }
    return render(request, "readouts/staff/commitments.html", context)


def _followed(request: HttpRequest, slug: str) -> Engagement | None:
    """The engagement whose commitments alone are listed, for who may add to them."""
    found = Engagement.objects.filter(slug=slug, is_rehearsal=False).first() if slug else None
    return found if found is not None and rules.may_follow(request.user, found) else None


def _tabs(form: WantedForm, counts: dict[str, int]) -> list[dict[str, Any]]:
    """Each state with how many there are, as a link that keeps the other filters."""
    chosen = form["state"].value() or ""
    of_choice = {"": "open", "all": "all"}
    return [
        {
            "label": label,
            "query": form.query(state=value),
            "count": counts[of_choice.get(value, value)],
            "is_here": value == chosen,
        }
        for value, label in WantedForm.STATES
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@office_page()
def commitment_new(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_follow)
    form = CommitmentForm(request.POST or None, engagement=engagement)
    status = 400 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            made = following.add(engagement, by=account(request), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 409
        else:
            messages.success(request, _("The commitment is in the register."))
            return redirect("commitment", made.pk)
    context = {"engagement": engagement, "form": form}
    return render(request, "readouts/staff/commitment_new.html", context, status=status)


@require_safe
@never_cache
@office_page()
def commitment(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _commitment(request, pk))


@require_POST
@office_page()
def commitment_assign(request: HttpRequest, pk: int) -> HttpResponse:
    found = _commitment(request, pk)
    form = AssignForm(request.POST, commitment=found)
    return _done(request, found, form, "assign", _("Saved."))


@require_POST
@office_page()
def commitment_keep(request: HttpRequest, pk: int) -> HttpResponse:
    found = _commitment(request, pk)
    return _done(request, found, KeepForm(request.POST), "keep", _("The promise is kept."))


@require_POST
@office_page()
def commitment_drop(request: HttpRequest, pk: int) -> HttpResponse:
    found = _commitment(request, pk)
    return _done(request, found, DropForm(request.POST), "drop", _("The promise is given up."))


@require_POST
@office_page()
def commitment_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    found = _commitment(request, pk)
    form = DropForm(request.POST)
    del form.fields["reason"]
    return _done(request, found, form, "reopen", _("The promise is open again."))


def _done(
    request: HttpRequest, found: Commitment, form: Form, move: str, words: str
) -> HttpResponse:
    """Do it, or show the page with what was typed and why not."""
    if not form.is_valid():
        return _page(request, found, status=400, **{move: form})
    try:
        getattr(following, move)(found, by=account(request), **form.cleaned_data)
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, found, status=409, **{move: form})
    messages.success(request, words)
    return redirect("commitment", found.pk)


def _commitment(request: HttpRequest, pk: int) -> Commitment:
    """For whoever works on the engagement; 404 for others."""
    user = account(request)
    rows = queries.visible_to(user).select_related(
        "engagement__series", "engagement__agency", "owner", "version", "settled_by"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, found: Commitment, *, status: int = 200, **forms: Form
) -> HttpResponse:
    user = account(request)
    may_follow = rules.may_follow(user, found.engagement)
    now = {"revision": found.revision}
    context = {
        "commitment": found,
        "engagement": found.engagement,
        "may_follow": may_follow,
        "may_keep": may_follow or found.owner_id == user.pk,
        "assign": forms.get("assign") or AssignForm(commitment=found),
        "keep": forms.get("keep") or KeepForm(initial=now),
        "drop": forms.get("drop") or DropForm(initial=now),
        "failed": next(iter(forms.values()), None),
        "is_overdue": queries.is_overdue(found),
        "candidates": queries.possible_evidence(found),
        "history": queries.history_of(found),
    }
    return render(request, "readouts/staff/commitment.html", context, status=status)
