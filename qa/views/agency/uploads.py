"""The agency brings a workbook back: uploads it, looks it through, and takes it over."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from engagements.access import account, refusals_told
from engagements.refusals import NotAllowed, Refused
from qa import states
from qa.actions.agency import comparing, uploading
from qa.differences import KEPT, LONGEST_COMPARED, differences
from qa.files.agency import columns
from qa.forms.agency import uploads as forms
from qa.models import CONTENT, AgencyAnswer, AnswerUpload
from qa.queries.agency import desk
from qa.queries.agency import uploads as queries
from qa.views.agency.doors import lead_page, sent_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.http import HttpRequest

    from qa.actions.agency.comparing import Compared
    from qa.actions.agency.contents import Content
    from qa.actions.agency.uploading import Taken
    from qa.differences import Piece
    from qa.models import Forwarding

ROWS_ON_A_PAGE: Final = 50

OUTCOME_WORDS: Final = {
    comparing.CONFLICT: gettext_lazy("To decide"),
    comparing.PROBLEM: gettext_lazy("Problems"),
    comparing.NEW: gettext_lazy("New"),
    comparing.CHANGED: gettext_lazy("Changed"),
    comparing.WITH_OFFICE: gettext_lazy("With the office"),
    comparing.UNCHANGED: gettext_lazy("Unchanged"),
}
"""In the order in which they want attention."""


class Shown(NamedTuple):
    """A row as the page shows it. `texts` are the pieces of the answer's text against what
    stands; `fields` are the other columns: heading, what stands, what the file says."""

    one: Compared
    words: str
    question: str
    texts: Sequence[Piece]
    fields: Sequence[tuple[str, str, str]]
    problems: Sequence[tuple[Any, Sequence[Piece]]]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@lead_page
def uploads(request: HttpRequest, pk: int) -> HttpResponse:
    sent = sent_to(request, pk, lead=True)
    if request.method != "POST":
        return _uploads_page(request, sent, forms.UploadForm())
    form = forms.UploadForm(request.POST, request.FILES)
    if form.is_valid():
        file: forms.Sent = form.cleaned_data["file"]
        try:
            upload = uploading.read_in(
                sent, by=account(request), name=file.name, content=file.content
            )
        except NotAllowed as refused:
            raise Http404 from refused
        except Refused as refused:
            form.add_error("file", str(refused.message))
        else:
            return redirect("agency-upload", pk=pk, upload=upload.pk)
    return _uploads_page(request, sent, form, HTTPStatus.BAD_REQUEST)


@require_safe
@never_cache
@lead_page
def upload(request: HttpRequest, pk: int, upload: int) -> HttpResponse:
    sent = sent_to(request, pk, lead=True)
    found = _upload_of(sent, upload)
    if found.state == AnswerUpload.State.DROPPED:
        messages.info(request, _("This file was dropped."))
        return redirect("agency-uploads", pk=pk)
    context = _preview(found) if found.state == AnswerUpload.State.READ else _record(found)
    rows: list[Compared] = context.pop("rows")
    show = request.GET.get("show", "")
    show = show if show in OUTCOME_WORDS else ""
    chosen = [row for row in rows if not show or row.outcome == show]
    page = Paginator(chosen, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    choices = [row for row in page if row.outcome == comparing.CONFLICT]
    context |= {
        "forwarding": sent,
        "upload": found,
        "is_open": found.state == AnswerUpload.State.READ,
        "show": show,
        "query": urlencode({"show": show}) if show else "",
        "tabs": [(key, words, context["counts"][key]) for key, words in OUTCOME_WORDS.items()],
        "page": page,
        "shown": _shown(sent, page),
        "choices": ",".join(str(row.number) for row in choices),
    }
    return render(request, "qa/agency/upload.html", context)


@require_POST
@never_cache
@lead_page
def take(request: HttpRequest, pk: int, upload: int) -> HttpResponse:
    """Save the choices of a page, and then take the file over or show another page of it."""
    sent = sent_to(request, pk, lead=True)
    found = _upload_of(sent, upload)
    form = forms.DecisionForm(request.POST)
    place = reverse("agency-upload", args=[pk, upload])
    if not form.is_valid():
        messages.error(request, _("That could not be understood. Please look again."))
        return redirect(place)
    said = form.cleaned_data
    if _is_own_second_click(found, request):
        return redirect(place)
    with refusals_told(request):
        if said["shown"]:
            uploading.choose(
                found, by=account(request), shown=said["shown"], replacing=said["replacing"]
            )
        if said["step"] == forms.TAKE:
            taken = uploading.take(
                found, by=account(request), submit=said["submit"], seen=said["seen"]
            )
            messages.success(request, _told(taken))
            return redirect(place)
    return redirect(f"{place}?{urlencode(form.place)}" if form.place else place)


@require_POST
@never_cache
@lead_page
def drop(request: HttpRequest, pk: int, upload: int) -> HttpResponse:
    sent = sent_to(request, pk, lead=True)
    with refusals_told(request):
        uploading.drop(_upload_of(sent, upload), by=account(request))
        messages.success(request, _("The file is dropped. No answer was changed."))
    return redirect("agency-uploads", pk=pk)


@require_GET
@never_cache
@lead_page
def file(request: HttpRequest, pk: int, upload: int) -> HttpResponse:
    """The file as it came, to be saved and never to be shown."""
    found = _upload_of(sent_to(request, pk, lead=True), upload)
    try:
        content = uploading.fetch(found, by=account(request))
    except NotAllowed as refused:
        raise Http404 from refused
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, found.name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def _upload_of(sent: Forwarding, pk: int) -> AnswerUpload:
    found = queries.upload_of(sent, pk)
    if found is None:
        raise Http404
    return found


def _is_own_second_click(found: AnswerUpload, request: HttpRequest) -> bool:
    is_taken = found.state == AnswerUpload.State.TAKEN
    return is_taken and found.decided_by_id == account(request).pk


def _uploads_page(
    request: HttpRequest, sent: Forwarding, form: forms.UploadForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    is_in_force = sent.state == states.FORWARDING_SENT
    context = {
        "forwarding": sent,
        "form": form,
        "is_in_force": is_in_force,
        "newest": None if is_in_force else desk.newest_list(sent),
        "uploads": queries.uploads_of(sent),
    }
    return render(request, "qa/agency/uploads.html", context, status=status)


def _preview(found: AnswerUpload) -> dict[str, Any]:
    """Beside the answers as they stand at this moment."""
    comparison = comparing.compare(found)
    taken = [row for row in comparison.rows if row.is_taken]
    same = [row for row in comparison.rows if row.outcome == comparing.UNCHANGED]
    return {
        "rows": comparison.rows,
        "counts": comparison.counts,
        "seen": comparison.seen,
        "to_take": len(taken),
        "ready": sum(row.is_ready for row in taken + same),
        "may_submit": not found.forwarding.agency.clears_answers,
        "is_in_force": found.forwarding.state == states.FORWARDING_SENT,
    }


def _record(found: AnswerUpload) -> dict[str, Any]:
    rows = comparing.remembered(found)
    counts = {key: sum(row.outcome == key for row in rows) for key in OUTCOME_WORDS}
    return {"rows": rows, "counts": counts}


def _shown(sent: Forwarding, rows: Iterable[Compared]) -> list[Shown]:
    rows = list(rows)
    numbers = [row.number for row in rows if row.number is not None]
    texts = dict(sent.questions.filter(number__in=numbers).values_list("number", "text"))
    return [
        Shown(
            row,
            _("Problem") if row.outcome == comparing.PROBLEM else str(OUTCOME_WORDS[row.outcome]),
            texts.get(row.number or 0, ""),
            _pieces(row.standing.text if row.standing else "", row.content.text)
            if row.content
            else [],
            list(_fields(row)),
            [(problem, _pieces(problem.before, problem.after)) for problem in row.problems],
        )
        for row in rows
    ]


def _pieces(before: str, after: str) -> list[Piece]:
    """Nothing where there is nothing to compare, too much of it for a page, or so little in common
    that two texts side by side are easier to read."""
    if not before or len(before) + len(after) > LONGEST_COMPARED:
        return []
    pieces = differences(before, after)
    kept = sum(len(piece.text) for piece in pieces if piece.kind == KEPT)
    return pieces if 2 * kept >= max(len(before), len(after)) else []


def _fields(row: Compared) -> Iterable[tuple[str, str, str]]:
    """Columns of the answer but its text, where they say something."""
    if row.content is None:
        return
    stands: Content | None = type(row.content).of(row.standing) if row.standing else None
    for name in CONTENT:
        after = _value(name, getattr(row.content, name))
        before = _value(name, getattr(stands, name)) if stands else ""
        if name != "text" and (before or after):
            heading = columns.ANSWER_STATUS if name == "status" else name
            yield columns.heading(heading), before, after


def _value(name: str, value: Any) -> str:
    if name == "status":
        return str(AgencyAnswer.Status(value).label)
    if name == "is_publishable" and value is not None:
        return str(columns.YES if value else columns.NO)
    if isinstance(value, date):
        return date_format(value, "F j, Y")
    return "" if value is None else str(value)


def _told(taken: Taken) -> str:
    words = ngettext(
        "%(number)s answer is taken over.", "%(number)s answers are taken over.", taken.written
    ) % {"number": f"{taken.written:,}"}
    if not taken.submitted:
        return words
    return f"{words} " + ngettext(
        "%(number)s is submitted to the office.",
        "%(number)s are submitted to the office.",
        taken.submitted,
    ) % {"number": f"{taken.submitted:,}"}
