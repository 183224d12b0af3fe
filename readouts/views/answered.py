"""What agencies have answered, for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from readouts.queries.answered import answered_by_agency

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def answered(request: HttpRequest) -> HttpResponse:
    return render(request, "readouts/public/answered.html", {"agencies": answered_by_agency()})
