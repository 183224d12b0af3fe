"""The published readout: only what was frozen, page and file alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition, require_safe

from engagements.access import public_engagement
from readouts import queries
from readouts.access import as_file
from readouts.models import Readout

if TYPE_CHECKING:
    from django.http import HttpRequest

    from readouts.models import ReadoutVersion


@require_safe
def readout(request: HttpRequest, slug: str) -> HttpResponse:
    """The latest version in force; when all are withdrawn, the reason instead."""
    published = _published(slug)
    version = queries.latest_in_force(published)
    return _withdrawn(request, published) if version is None else _page(request, version)


@require_safe
def readout_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    version = get_object_or_404(_published(slug).versions, number=number)
    if queries.is_withdrawn(version):
        return _withdrawn(request, version.readout)
    return _page(request, version)


@require_safe
def readout_file(request: HttpRequest, slug: str, format: str) -> HttpResponse:  # noqa: A002
    """The latest version in force in one of its formats, under an address that stays."""
    return _file(request, queries.latest_in_force(_published(slug)), format)


@require_safe
def readout_version_file(
    request: HttpRequest,
    slug: str,
    number: int,
    format: str,  # noqa: A002 - as it is called
) -> HttpResponse:
    version = get_object_or_404(_published(slug).versions, number=number)
    return _file(request, None if queries.is_withdrawn(version) else version, format)


def _published(slug: str) -> Readout:
    """A readout that the public knows of: it has a version, in force or withdrawn."""
    engagement = public_engagement(slug)
    readouts = Readout.objects.filter(engagement=engagement, versions__isnull=False).distinct()
    found = get_object_or_404(readouts)
    found.engagement = engagement
    return found


def _page(request: HttpRequest, version: ReadoutVersion) -> HttpResponse:
    context = queries.published_page(version)
    response = render(request, "readouts/public/readout.html", context)
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _withdrawn(request: HttpRequest, withdrawn: Readout) -> HttpResponse:
    context = {
        "engagement": withdrawn.engagement,
        "readout": withdrawn,
        "has_newer": queries.latest_in_force(withdrawn) is not None,
    }
    response = render(request, "readouts/public/withdrawn.html", context, status=410)
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _file(request: HttpRequest, version: ReadoutVersion | None, name: str) -> HttpResponse:
    file = queries.file_of(version, name) if version else None
    if version is None or file is None:
        raise Http404

    @condition(etag_func=lambda _request: f'"{file.sha256}"')
    def answer(_request: HttpRequest) -> HttpResponse:
        # The bytes are read here, and not for a browser that has them.
        return as_file(bytes(file.content), name, queries.file_name(version, name))

    response = answer(request)
    # Asked again each time, because a version can be withdrawn.
    response["Cache-Control"] = "public, no-cache"
    return response
