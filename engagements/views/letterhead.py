"""The administrator's page of the letterhead."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from engagements import rules
from engagements.access import account, office_page
from engagements.actions import office
from engagements.files import pictures
from engagements.forms.letterhead import LetterheadForm
from engagements.models import Office
from engagements.refusals import NotAllowed

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@office_page(rules.may_manage_people)
def letterhead(request: HttpRequest) -> HttpResponse:
    current = Office.current()
    if request.method != "POST":
        return _page(request, current, LetterheadForm(office=current))
    form = LetterheadForm(request.POST, request.FILES, office=current)
    if not form.is_valid():
        return _page(request, current, form, status=400)
    try:
        office.edit_office(by=account(request), **form.cleaned_data)
    except NotAllowed as refused:
        raise Http404 from refused
    messages.success(request, _("The letterhead is saved. Files of published readouts stay."))
    return redirect("letterhead")


def _page(
    request: HttpRequest, current: Office, form: LetterheadForm, *, status: int = 200
) -> HttpResponse:
    seal = bytes(current.seal)
    context = {
        "form": form,
        "current": current,
        "seal": _as_address(seal) if seal else "",
    }
    return render(request, "engagements/people/letterhead.html", context, status=status)


def _as_address(picture: bytes) -> str:
    return f"data:{pictures.content_type(picture)};base64,{base64.b64encode(picture).decode()}"
