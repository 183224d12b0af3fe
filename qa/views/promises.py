"""What agencies still owe the public: the office's page, its questions and its workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from engagements import clock
from engagements.access import account, office_page
from engagements.files.sheets import WORKBOOK_TYPE, safe_file_name
from engagements.models import Office
from qa import rules
from qa.files.agency.promises_sheet import PromiseFacts, PromiseRow, promises_sheet
from qa.forms.agency.promises import PromisesForm
from qa.queries.agency import open_promises as queries

if TYPE_CHECKING:
    from django.http import HttpRequest

    from qa.queries.agency.open_promises import Line

ON_A_PAGE = 50


@require_safe
@never_cache
@office_page()
def promises(request: HttpRequest) -> HttpResponse:
    user = account(request)
    form = PromisesForm(request.GET, user=user)
    found = queries.promised(user, form.chosen)
    context = {
        "form": form,
        "query": form.query,
        "total": found.total,
        "agencies": found.agencies,
        "lists": Paginator(found.lists, ON_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "qa/staff/promises.html", context)


@require_safe
@never_cache
@office_page()
def promise_questions(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions of a list in force that have no public answer; 404 for any other list."""
    user = account(request)
    forwarding = queries.list_in_force(user, pk)
    if forwarding is None:
        raise Http404
    found = queries.open_questions(forwarding)
    context = {
        "forwarding": forwarding,
        "engagement": forwarding.engagement,
        "may_see_desk": rules.may_see_desk(user, forwarding.engagement),
        "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "qa/staff/promise_questions.html", context)


@require_safe
@never_cache
@office_page()
def promises_file(request: HttpRequest) -> HttpResponse:
    """The same figures as the page, as it is narrowed down and sorted."""
    user = account(request)
    form = PromisesForm(request.GET, user=user)
    found = queries.promised(user, form.chosen)
    content = promises_sheet(
        PromiseFacts(
            office=Office.current().name,
            at=clock.now(),
            chosen=form.words(),
            agencies=[_row(line) for line in found.agencies],
            lists=[_row(line) for line in found.lists],
        )
    )
    response = HttpResponse(content, content_type=WORKBOOK_TYPE)
    name = safe_file_name(_("what agencies have answered"), ".xlsx")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _row(line: Line) -> PromiseRow:
    one, count = line.forwarding, line.count
    agency = line.agency
    if agency is None:
        raise ValueError("the line of all agencies is no row")
    return PromiseRow(
        agency=agency.short_name if one else agency.name,
        engagement=one.engagement.full_title if one else "",
        list_number=one.number if one else None,
        lists=line.lists,
        due_on=one.due_on if one else None,
        asked=count.asked,
        answered=count.answered,
        declined=count.declined,
        outstanding=count.outstanding,
        submitted=count.submitted,
        accepted=count.accepted,
        oldest=line.oldest,
        median=line.median,
        overdue_days=line.overdue_days,
    )
