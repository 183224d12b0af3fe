"""What a correction changed: between versions in force for all, between any for the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from engagements.access import office_page, public_engagement
from readouts import queries, rules
from readouts.access import readout_for

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from readouts.models import Readout, ReadoutVersion


@require_safe
def difference(request: HttpRequest, slug: str, before: int, after: int) -> HttpResponse:
    """Of what was withdrawn, nothing is told."""
    readout = queries.readout_of(public_engagement(slug))
    if readout is None:
        raise Http404
    old, new = _pair(readout, before, after)
    if queries.is_withdrawn(old) or queries.is_withdrawn(new):
        raise Http404
    context = queries.difference(old, new) | {"engagement": readout.engagement, "is_public": True}
    response = render(request, "readouts/public/difference.html", context)
    patch_cache_control(response, private=True, no_cache=True)
    return response


@require_safe
@never_cache
@office_page()
def difference_in_office(request: HttpRequest, slug: str, before: int, after: int) -> HttpResponse:
    readout = readout_for(request, slug, rules.may_view)
    context = queries.difference(*_pair(readout, before, after)) | {
        "engagement": readout.engagement,
        "readout": readout,
        "may_view": True,
    }
    return render(request, "readouts/staff/difference.html", context)


@require_safe
@never_cache
@office_page()
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """What would change for the public: the draft beside the last version. Who clears it looks."""
    readout = readout_for(request, slug, rules.may_read)
    latest = readout.versions.first()
    if latest is None:
        raise Http404
    context = queries.difference_to_draft(latest, readout) | {
        "engagement": readout.engagement,
        "readout": readout,
        "may_view": rules.may_view(request.user, readout.engagement),
    }
    return render(request, "readouts/staff/difference.html", context)


def _pair(readout: Readout, before: int, after: int) -> tuple[ReadoutVersion, ReadoutVersion]:
    """The older one first, whatever the order in the address."""
    if before == after:
        raise Http404
    first, second = sorted((before, after))
    versions = readout.versions.select_related("readout")
    return get_object_or_404(versions, number=first), get_object_or_404(versions, number=second)
