"""Where each number of a readout comes from: for the office, and in plain words for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from engagements.access import account, office_page, public_engagement
from engagements.rules import may_count
from qa.rules import may_moderate
from readouts import queries, rules
from readouts.access import readout_for, went_wrong
from readouts.actions import watching
from readouts.forms import SettleForm, TextForm
from readouts.pages import edit_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from readouts.models import Readout, ReadoutVersion


@require_safe
@never_cache
@office_page()
def figures(request: HttpRequest, slug: str) -> HttpResponse:
    """Every number of the readout."""
    readout = readout_for(request, slug, rules.may_view)
    context = queries.all_figures(readout) | {"engagement": readout.engagement, "readout": readout}
    return render(request, "readouts/staff/figures.html", context)


@require_safe
@never_cache
@office_page()
def figure(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One number. With `again` in the address it is counted once more, and nothing is stored."""
    readout = readout_for(request, slug, rules.may_view)
    found = queries.figure_of(readout, key)
    if found is None:
        raise Http404
    engagement = readout.engagement
    context = {
        "engagement": engagement,
        "readout": readout,
        "figure": found,
        "steps": queries.rounded_roles(queries.stored_facts(readout)) if found.share else [],
        "recount": queries.recount(readout, found) if "again" in request.GET else None,
        "may_open_lists": may_count(request.user, engagement),
        "may_open_reports": may_moderate(request.user, engagement),
    }
    return render(request, "readouts/staff/figure.html", context)


@require_POST
@office_page()
def settle(request: HttpRequest, slug: str) -> HttpResponse:
    """Leave the published figures as they are, although others are counted now."""
    readout = readout_for(request, slug, rules.may_edit)
    form = SettleForm(request.POST)
    status = went_wrong(
        request,
        form,
        lambda: watching.settle(readout, by=account(request), reason=form.cleaned_data["reason"]),
    )
    if status:
        readout.refresh_from_db(fields=["drift"])
        named = {"settle_form": form}
        return edit_page(request, readout, TextForm.of(readout), refused=named, status=status)
    messages.success(request, _("Noted. The published figures stay as they are."))
    return redirect("readout-edit", slug=slug)


@require_safe
def counted(request: HttpRequest, slug: str) -> HttpResponse:
    """How the numbers of the version in force were counted."""
    return _counted(request, queries.latest_in_force(_published(slug)))


@require_safe
def version_counted(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    version = get_object_or_404(_published(slug).versions, number=number)
    return _counted(request, None if queries.is_withdrawn(version) else version)


def _published(slug: str) -> Readout:
    readout = queries.readout_of(public_engagement(slug))
    if readout is None:
        raise Http404
    return readout


def _counted(request: HttpRequest, version: ReadoutVersion | None) -> HttpResponse:
    """Of what was withdrawn, nothing is told."""
    if version is None:
        raise Http404
    latest = queries.latest_in_force(version.readout)
    context = queries.public_figures(version) | {
        "engagement": version.readout.engagement,
        "version": version,
        "is_latest": latest is not None and latest.pk == version.pk,
    }
    response = render(request, "readouts/public/counted.html", context)
    patch_cache_control(response, private=True, no_cache=True)
    return response
