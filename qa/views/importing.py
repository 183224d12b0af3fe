"""The office's pages of questions out of a platform's report: upload, look, take over, undo."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from engagements.access import account, engagement_for, office_page, refusals_told
from engagements.refusals import NotAllowed, Refused
from qa import queries, rules
from qa.actions import entering, importing
from qa.files.question_reports import QUESTION, read_report
from qa.forms import importing as forms
from qa.queries import reported

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from qa.files.question_reports import Report
    from qa.models import Floor, QuestionImport
    from qa.queries.reported import Candidate

ROWS_ON_A_PAGE: Final = 50
PLATFORMS: Final = {"zoom": "Zoom", "teams": "Microsoft Teams"}


class Looked(NamedTuple):
    """A file that is looked through: opened, its columns named, and sealed for the page."""

    floor: Floor
    report: Report
    meanings: Sequence[str]
    sealed: str


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@office_page()
def imports(request: HttpRequest, slug: str) -> HttpResponse:
    floor = queries.floor_of(engagement_for(request, slug, rules.may_moderate))
    if request.method != "POST":
        return _list_page(request, floor, forms.ReportForm())
    form = forms.ReportForm(request.POST, request.FILES)
    if form.is_valid():
        sent: forms.Sent = form.cleaned_data["file"]
        try:
            importing.check_new(floor, sent.content)
            report = read_report(sent.content)
            looked = Looked(floor, report, report.meanings, forms.seal(floor.engagement, sent))
        except Refused as refused:
            form.add_error("file", str(refused.message))
        else:
            return _look_page(request, looked)
    return _list_page(request, floor, form, HTTPStatus.BAD_REQUEST)


@require_POST
@never_cache
@office_page()
def take(request: HttpRequest, slug: str) -> HttpResponse:
    """Another page of it, other columns, or the questions themselves."""
    floor = queries.floor_of(engagement_for(request, slug, rules.may_moderate))
    form = forms.LookForm(request.POST, engagement=floor.engagement)
    if not form.is_valid():
        messages.error(request, _("Please upload the file again: it was looked at too long ago."))
        return _list_page(request, floor, forms.ReportForm(), HTTPStatus.BAD_REQUEST)
    sent: forms.Sent = form.cleaned_data["file"]
    step = request.POST.get("step", "")
    try:
        report = read_report(sent.content)
        meanings = form.meanings(report)
        if step == "take":
            return _taken(request, floor, form, sent, meanings)
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        messages.error(request, str(refused.message))
        return _list_page(request, floor, forms.ReportForm(), HTTPStatus.CONFLICT)
    looked = Looked(floor, report, meanings, form.data["file"])
    if step == "columns":
        return _look_page(request, looked)
    out = form.without(request.POST.getlist("ticked"))
    return _look_page(request, looked, left_out=out, page=step.removeprefix("page-"))


@require_POST
@office_page()
def undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    stored = _stored(request, slug, pk)
    with refusals_told(request):
        withdrawn, stay = importing.undo(stored, by=account(request))
        messages.success(request, _undone(withdrawn, stay))
    return redirect("question-imports", slug=slug)


@require_GET
@office_page()
def file(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The file as it came, to be saved and never to be shown."""
    stored = _stored(request, slug, pk)
    content = importing.download(stored, by=account(request))
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, stored.file_name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def _stored(request: HttpRequest, slug: str, pk: int) -> QuestionImport:
    floor = queries.floor_of(engagement_for(request, slug, rules.may_moderate))
    return get_object_or_404(floor.question_imports.select_related("floor__engagement"), pk=pk)


def _taken(
    request: HttpRequest,
    floor: Floor,
    form: forms.LookForm,
    sent: forms.Sent,
    meanings: Sequence[str],
) -> HttpResponse:
    stored = importing.take_over(
        floor,
        by=account(request),
        name=sent.name,
        content=sent.content,
        meanings=meanings,
        left_out=form.without(request.POST.getlist("ticked")),
    )
    number = stored.questions.count()
    text = ngettext(
        "%(number)s question is taken over. It waits at the desk.",
        "%(number)s questions are taken over. They wait at the desk.",
        number,
    )
    messages.success(request, text % {"number": f"{number:,}"})
    return redirect("question-imports", slug=floor.engagement.slug)


def _undone(withdrawn: int, stay: int) -> str:
    text = ngettext(
        "%(number)s question is withdrawn.", "%(number)s questions are withdrawn.", withdrawn
    ) % {"number": f"{withdrawn:,}"}
    if not stay:
        return text
    return f"{text} " + ngettext(
        "%(number)s stays, because somebody has worked on it.",
        "%(number)s stay, because somebody has worked on them.",
        stay,
    ) % {"number": f"{stay:,}"}


def _list_page(
    request: HttpRequest, floor: Floor, form: forms.ReportForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "engagement": floor.engagement,
        "form": form,
        "is_open": entering.takes_entries(floor.engagement),
        "imports": [
            (one, counts, PLATFORMS.get(one.platform, ""))
            for one, counts in reported.imports_of(floor)
        ],
    }
    return render(request, "qa/staff/question_imports.html", context, status=status)


def _look_page(
    request: HttpRequest, looked: Looked, *, left_out: set[int] | None = None, page: str = "1"
) -> HttpResponse:
    floor, report, meanings, sealed = looked
    found = reported.candidates(floor, report, meanings) if QUESTION in meanings else []
    out = forms.left_out_at_first(found) if left_out is None else left_out
    shown = Paginator(found, ROWS_ON_A_PAGE).get_page(page)
    alike = reported.alike(floor, shown)
    zone = reported.zone_of(report, meanings) or floor.engagement.zone
    context: dict[str, Any] = {
        "engagement": floor.engagement,
        "report": report,
        "platform": PLATFORMS.get(report.platform, ""),
        "sealed": sealed,
        "columns": forms.columns(report, meanings),
        "labels": list(forms.LABELS.items()),
        "has_questions": QUESTION in meanings,
        "zone": str(zone).replace("_", " "),
        "page": shown,
        "rows": [
            (one, one.at not in out, alike.get(one.at, []), reported.found_in(one.text))
            for one in shown
        ],
        "shown": ",".join(str(one.at) for one in shown if one.is_possible),
        "left_out": ",".join(map(str, sorted(out))),
        "counts": _counts(found),
        "ticked": sum(one.is_possible and one.at not in out for one in found),
    }
    return render(request, "qa/staff/question_import.html", context)


def _counts(found: Sequence[Candidate]) -> dict[str, int]:
    return {
        "all": len(found),
        "possible": sum(one.is_possible for one in found),
        "taken": sum(one.taken_as is not None and not one.problem for one in found),
        "problems": sum(bool(one.problem) for one in found),
        "same": sum(one.same_as is not None for one in found),
        "registrants": sum(one.asker is not None for one in found),
    }
