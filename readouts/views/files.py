"""The files of a draft, as they would be published now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from engagements.access import office_page
from engagements.refusals import Refused
from readouts import rules
from readouts.access import CONTENT_TYPES, as_file, readout_for
from readouts.actions import freezing

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@never_cache
@office_page()
def preview_file(request: HttpRequest, slug: str, format: str) -> HttpResponse:  # noqa: A002
    readout = readout_for(request, slug, rules.may_read)
    if format not in CONTENT_TYPES:
        raise Http404
    try:
        file = freezing.files_preview(readout)[format]
    except Refused as refused:
        messages.error(request, str(refused.message))
        return redirect("readout-edit", slug=slug)
    return as_file(file, format, f"preview.{format}")
