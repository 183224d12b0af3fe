"""Materials of an engagement: the office's page, and the files as the public gets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    condition,
    require_http_methods,
    require_POST,
    require_safe,
)

from engagements import access, rules
from engagements.actions import materials as actions
from engagements.files import documents
from engagements.forms.materials import MaterialForm
from engagements.models import Material
from engagements.queries import set_up
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from django.http import HttpRequest

    from engagements.models import Engagement, StoredFile
    from engagements.rules import Visitor

READ_AND_SEND = ["GET", "HEAD", "POST"]

FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""Whatever a browser makes of a file, it runs nothing and asks for nothing."""


@require_http_methods(READ_AND_SEND)
@access.office_page()
def materials(request: HttpRequest, slug: str) -> HttpResponse:
    """What there is, in order, and a form for one more."""
    found = access.engagement_for(request, slug, rules.may_set_up)
    if request.method != "POST":
        return _page(request, found, MaterialForm())
    form = MaterialForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, form, status=400)
    try:
        actions.add(found, by=access.account(request), **form.entry())
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, found, form, status=409)
    messages.success(request, _("The material is added."))
    return redirect("materials", found.slug)


@require_http_methods(READ_AND_SEND)
@access.office_page()
def material_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_set_up)
    material = get_object_or_404(set_up.materials(found), pk=pk)
    if request.method != "POST":
        return _edit_page(request, material, MaterialForm(material=material))
    form = MaterialForm(request.POST, request.FILES, material=material)
    if not form.is_valid():
        return _edit_page(request, material, form, status=400)
    try:
        actions.edit(material, by=access.account(request), **form.entry())
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        form.add_error(None, str(refused))
        return _edit_page(request, material, form, status=409)
    messages.success(request, _("The material is changed."))
    return redirect("materials", found.slug)


@require_POST
@access.office_page()
def material_move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_set_up)
    material = get_object_or_404(set_up.materials(found), pk=pk)
    with access.refusals_told(request):
        actions.move(material, by=access.account(request), up=request.POST.get("direction") == "up")
    return redirect("materials", found.slug)


@require_POST
@access.office_page()
def material_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_set_up)
    material = get_object_or_404(set_up.materials(found), pk=pk)
    with access.refusals_told(request):
        actions.remove(material, by=access.account(request))
        messages.success(request, _("The material is removed."))
    return redirect("materials", found.slug)


@require_safe
def material(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The file itself, while the engagement is public; before that, for who works on it."""
    found = access.engagement_for(request, slug, _may_read)
    wanted = get_object_or_404(set_up.materials(found), pk=pk)
    if wanted.file is None:
        raise Http404
    return _file(request, wanted.file, is_public=found.is_public)


def _file(request: HttpRequest, file: StoredFile, *, is_public: bool) -> HttpResponse:
    @condition(etag_func=lambda _request: f'"{file.sha256}"')
    def answer(_request: HttpRequest) -> HttpResponse:
        # The bytes are read here, and not for a browser that has them.
        return HttpResponse(
            bytes(file.content),
            content_type=_content_type(file.content_type),
            headers={"Content-Disposition": content_disposition_header(True, file.name)},
        )

    response = answer(request)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = FILE_POLICY
    # Asked again each time, because a material can be replaced or removed.
    response["Cache-Control"] = "public, no-cache" if is_public else "private, no-store"
    return response


def _content_type(stored: str) -> str:
    return f"{stored}; charset=utf-8" if stored.startswith("text/") else stored


def _page(
    request: HttpRequest, engagement: Engagement, form: MaterialForm, *, status: int = 200
) -> HttpResponse:
    stage = Material.Stage.AFTER if engagement.is_over else Material.Stage.BEFORE
    every = list(set_up.materials(engagement))
    context = {
        "engagement": engagement,
        "form": form,
        "is_over": engagement.is_over,
        "is_open": actions.is_open(engagement, stage),
        "groups": [
            {
                "stage": Material.Stage(one),
                "materials": [material for material in every if material.stage == one],
                "is_open": actions.is_open(engagement, one),
                "is_current": one == stage,
            }
            for one in Material.Stage
        ],
        "types": documents.ENDINGS,
    }
    return render(request, "engagements/staff/materials.html", context, status=status)


def _edit_page(
    request: HttpRequest, material: Material, form: MaterialForm, *, status: int = 200
) -> HttpResponse:
    context = {"engagement": material.engagement, "material": material, "form": form}
    return render(request, "engagements/staff/material.html", context, status=status)


def _may_read(visitor: Visitor, engagement: Engagement) -> bool:
    return rules.may_see_publicly(engagement) or rules.may_see_in_office(visitor, engagement)
