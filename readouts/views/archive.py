"""Past engagements and their readouts: to search, and the questions of one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from engagements.access import public_engagement
from readouts import queries
from readouts.forms.archive import ArchiveForm
from readouts.queries import archive as shelves
from readouts.queries import posted

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from readouts.queries.archive import Wanted

ON_A_PAGE = 20
QUESTIONS_ON_A_PAGE = 50


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """Everything that was held, the latest first; or what was searched for, the best first."""
    wanted = ArchiveForm.wanted(request.GET)
    found = shelves.search(wanted)
    page = Paginator(found.engagements, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "wanted": wanted,
        "found": found,
        "page": page,
        "hits": shelves.hits(list(page.object_list), wanted),
        "query": _address(wanted),
        "elsewhere": _address(wanted, is_ahead=not wanted.is_ahead),
        "is_narrowed": bool(_address(wanted)),
    }
    return render(request, "readouts/public/archive.html", context)


@require_safe
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """The questions that were shown, with what was answered to everybody; of one topic if asked.

    404 while no readout is in force: see `readouts.queries.posted`.
    """
    engagement = public_engagement(slug)
    if queries.version_in_force(engagement) is None:
        raise Http404
    labels = posted.posted_labels(engagement)
    wanted = request.GET.get("label", "")
    chosen = next((label for label, _count in labels if str(label.pk) == wanted), None)
    found = posted.posted_questions(engagement)
    page = Paginator(found.filter(label=chosen) if chosen else found, QUESTIONS_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "engagement": engagement,
        "labels": labels,
        "chosen": chosen,
        "query": urlencode({"label": chosen.pk}) if chosen else "",
        "page": page,
        "questions": queries.with_courses(engagement, page.object_list),
    }
    return render(request, "readouts/public/questions.html", context)


def _address(wanted: Wanted, *, is_ahead: bool | None = None) -> str:
    """What stands in the address for the same question, without the page."""
    is_ahead = wanted.is_ahead if is_ahead is None else is_ahead
    asked = {
        "q": wanted.q,
        "agency": wanted.agency,
        "series": wanted.series,
        "year": wanted.year,
        "label": wanted.label,
        "when": "ahead" if is_ahead else "",
        "sort": "date" if wanted.by_date else "",
    }
    return urlencode({name: value for name, value in asked.items() if value})
