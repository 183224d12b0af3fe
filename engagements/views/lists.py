"""Attendance lists of platforms, step by step: file, columns, categories, review, count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import number_format
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements import access, rules
from engagements.actions import list_counting, listing
from engagements.forms.listing import (
    CategoriesForm,
    ColumnsForm,
    MatchesForm,
    PersonForm,
    PlaceForm,
    RevisionForm,
    UndoForm,
    UploadForm,
    candidates_for,
)
from engagements.models import AttendanceList, ListedPerson
from engagements.queries import lists as queries
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from engagements.models import Engagement

State = AttendanceList.State
Exclusion = ListedPerson.Exclusion

PEOPLE_ON_A_PAGE: Final = 50
MATCHES_ON_A_PAGE: Final = 20
LISTS_ON_A_PAGE: Final = 20
SECONDS_TO_REFRESH: Final = 3

MAPPING: Final = ("columns", "categories")
"""The first steps of the wizard; the third one is the review."""

BOTH = ["GET", "HEAD", "POST"]


@require_http_methods(BOTH)
@never_cache
@access.office_page()
def lists(request: HttpRequest, slug: str) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_count)
    is_sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
    if is_sent and form.is_valid() and (listed := _uploaded(request, found, form)):
        return redirect("attendance-list", found.slug, listed.pk)
    page = Paginator(queries.lists_of(found), LISTS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"engagement": found, "form": form, "page": page}
    status = 400 if form.errors else 200
    return render(request, "engagements/lists/lists.html", context, status=status)


@require_safe
@never_cache
@access.office_page()
def attendance_list(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found, listed = _list(request, slug, pk)
    if listed.state == State.MAPPING:
        step = "categories" if listed.choices["step"] == "categories" else "columns"
        return redirect(f"attendance-list-{step}", slug, pk)
    if listed.state == State.READING:
        response = render(request, "engagements/lists/reading.html", _base(found, listed))
        response["Refresh"] = str(SECONDS_TO_REFRESH)
        return response
    return render(request, "engagements/lists/review.html", _reviewed(found, listed))


@require_http_methods(BOTH)
@never_cache
@access.office_page()
def columns(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found, listed = _list(request, slug, pk)
    form = ColumnsForm(request.POST if request.method == "POST" else None, listed=listed)
    if form.is_bound and form.is_valid():
        answer = _done(
            request,
            form,
            lambda: listing.name_columns(
                listed,
                by=access.account(request),
                revision=form.cleaned_data["revision"],
                kinds=form.kinds(),
                columns=form.columns(),
                zone=form.cleaned_data["zone"],
                order=form.cleaned_data.get("order", ""),
            ),
        )
        if answer:
            return redirect("attendance-list", slug, pk)
    return _mapping_page(request, "columns", found, listed, form)


@require_http_methods(BOTH)
@never_cache
@access.office_page()
def categories(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found, listed = _list(request, slug, pk)
    if listed.choices.get("step") != "categories" and request.method != "POST":
        return redirect("attendance-list", slug, pk)
    if "values" not in listed.choices:
        raise Http404
    form = CategoriesForm(request.POST if request.method == "POST" else None, listed=listed)
    if form.is_bound and form.is_valid():
        answer = _done(
            request,
            form,
            lambda: listing.name_categories(
                listed,
                by=access.account(request),
                revision=form.cleaned_data["revision"],
                categories=form.categories(),
            ),
        )
        if answer:
            return redirect("attendance-list", slug, pk)
    return _mapping_page(request, "categories", found, listed, form)


@require_safe
@never_cache
@access.office_page()
def people(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found, listed = _list(request, slug, pk)
    show = request.GET.get("show", "")
    page = Paginator(queries.people_of(listed, show), PEOPLE_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = _base(found, listed) | {
        "page": page,
        "rows": [(person, queries.minutes_of(person)) for person in page],
        "show": show,
        "show_query": urlencode({"show": show}),
        "shows": [("", _("everybody")), ("counted", _("counted")), *queries.left_out(listed)],
        "may_decide": listed.state in list_counting.DECIDED_ABOUT,
    }
    return render(request, "engagements/lists/people.html", context)


@require_POST
@access.office_page()
def person(request: HttpRequest, slug: str, pk: int, person: int) -> HttpResponse:
    _found, listed = _list(request, slug, pk)
    stored = get_object_or_404(ListedPerson.objects.select_related("list"), pk=person, list=listed)
    form = PersonForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    counts: bool = form.cleaned_data["counts"]
    with access.refusals_told(request):
        decided = list_counting.set_counted(
            stored,
            by=access.account(request),
            revision=form.cleaned_data["revision"],
            counts=counts,
        )
        messages.success(request, _decided(decided) % {"name": decided.name})
    return redirect("attendance-list-people", slug, pk)


@require_http_methods(BOTH)
@never_cache
@access.office_page()
def matches(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found, listed = _list(request, slug, pk)
    doubtful = queries.people_of(listed, queries.DOUBTFUL)
    page = Paginator(doubtful, MATCHES_ON_A_PAGE).get_page(request.GET.get("page"))
    form = MatchesForm(
        request.POST if request.method == "POST" else None,
        revision=listed.revision,
        people=candidates_for(listed, list(page)),
    )
    if form.is_bound and form.is_valid():
        answer = _done(
            request,
            form,
            lambda: list_counting.decide(
                listed,
                by=access.account(request),
                revision=form.cleaned_data["revision"],
                decisions=form.decisions(),
            ),
        )
        if answer:
            messages.success(request, _("The decisions are saved."))
            left = queries.people_of(listed, queries.DOUBTFUL).exists()
            return redirect("attendance-list-matches" if left else "attendance-list", slug, pk)
    context = _base(found, listed) | {"form": form, "page": page}
    status = 400 if form.errors else 200
    return render(request, "engagements/lists/matches.html", context, status=status)


@require_safe
@never_cache
@access.office_page()
def difference(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found, listed = _list(request, slug, pk)
    if listed.corrects is None:
        raise Http404
    context = _base(found, listed) | {"difference": queries.difference(listed)}
    return render(request, "engagements/lists/difference.html", context)


@require_POST
@access.office_page()
def place(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found, listed = _list(request, slug, pk)
    form = PlaceForm(request.POST, listed=listed, others=queries.counting_beside(found, listed))
    if not form.is_valid():
        messages.error(request, _("Please choose one of the lists that count."))
        return redirect("attendance-list", slug, pk)
    with access.refusals_told(request):
        list_counting.set_corrected(
            listed,
            by=access.account(request),
            revision=form.cleaned_data["revision"],
            corrected=form.corrected(),
        )
        messages.success(request, _("Saved. Nothing counts yet."))
    return redirect("attendance-list", slug, pk)


@require_POST
@access.office_page()
def apply(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _move(request, slug, pk, list_counting.apply, _("The list counts now."))


@require_POST
@access.office_page()
def again(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _move(request, slug, pk, listing.name_again, _("Name the columns again."))


@require_POST
@access.office_page()
def discard(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _move(request, slug, pk, listing.discard, _("The list is discarded."))


@require_POST
@access.office_page()
def undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found, listed = _list(request, slug, pk)
    form = UndoForm(request.POST)
    if not form.is_valid():
        context = _reviewed(found, listed) | {"undo_form": form}
        return render(request, "engagements/lists/review.html", context, status=400)
    with access.refusals_told(request):
        list_counting.undo(listed, by=access.account(request), **form.cleaned_data)
        messages.success(request, _undone(found, listed))
    return redirect("attendance-list", slug, pk)


@require_safe
@never_cache
@access.office_page()
def file(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The file as it came, to be saved and never to be shown."""
    _found, listed = _list(request, slug, pk)
    response = HttpResponse(bytes(listed.file.content), content_type=listed.file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, listed.file.name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _list(request: HttpRequest, slug: str, pk: int) -> tuple[Engagement, AttendanceList]:
    found = access.engagement_for(request, slug, rules.may_count)
    listed = queries.one_list(found, pk)
    if listed is None:
        raise Http404
    return found, listed


def _undone(found: Engagement, listed: AttendanceList) -> str:
    former = queries.one_list(found, listed.corrects_id) if listed.corrects_id else None
    if former is None or former.state != State.APPLIED:
        return _("The list counts no more.")
    text = _("The list counts no more. “%(name)s” counts again.")
    return text % {"name": former.file.name}


def _decided(person: ListedPerson) -> str:
    if person.exclusion == Exclusion.ELSEWHERE:
        return _("%(name)s is counted already, by another list or row, or as a declared number.")
    return _("%(name)s is left out.") if person.exclusion else _("%(name)s is counted.")


def _uploaded(request: HttpRequest, found: Engagement, form: UploadForm) -> AttendanceList | None:
    sent = form.cleaned_data["file"]
    try:
        return listing.upload(
            found, name=sent.name or "", content=sent.read(), by=access.account(request)
        )
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        form.add_error("file", str(refused))
        return None


def _done(request: HttpRequest, form: RevisionForm, action: Callable[[], object]) -> bool:
    """The action was done; or the form says why not."""
    try:
        action()
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _move(
    request: HttpRequest,
    slug: str,
    pk: int,
    action: Callable[..., AttendanceList],
    words: str,
) -> HttpResponse:
    _found, listed = _list(request, slug, pk)
    form = RevisionForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    with access.refusals_told(request):
        action(listed, by=access.account(request), **form.cleaned_data)
        messages.success(request, words)
    return redirect("attendance-list", slug, pk)


def _base(found: Engagement, listed: AttendanceList) -> dict[str, Any]:
    return {"engagement": found, "listed": listed, "percent": _percent(listed)}


def _percent(listed: AttendanceList) -> int:
    return 100 * min(listed.done, listed.total) // listed.total if listed.total else 0


def _reviewed(found: Engagement, listed: AttendanceList) -> dict[str, Any]:
    counted = queries.figures(listed)
    others = list(queries.counting_beside(found, listed))
    return _base(found, listed) | {
        "wizard_step": 3 if listed.state == State.REVIEW else None,
        "figures": counted,
        "facts": queries.facts(listed, counted),
        "counting_steps": queries.steps(listed, counted),
        "remarks": queries.remarks(listed),
        "is_of_another_time": queries.is_of_another_time(listed),
        "place_form": PlaceForm(listed=listed, others=others) if others else None,
        "undo_form": UndoForm(initial={"revision": listed.revision}),
        "is_past": listed.state in {State.SUPERSEDED, State.UNDONE},
        "counted_until": queries.counted_until(listed),
        "apply_text": _apply_text(listed, counted.counted),
    }


def _apply_text(listed: AttendanceList, people: int) -> str:
    text = ngettext(
        "%(people)s person of this list will count.",
        "%(people)s people of this list will count.",
        people,
    ) % {"people": number_format(people, force_grouping=True)}
    if listed.corrects:
        text += " " + _("It replaces “%(name)s”.") % {"name": listed.corrects.file.name}
    return text + " " + _("You can undo this.")


def _mapping_page(
    request: HttpRequest, step: str, found: Engagement, listed: AttendanceList, form: RevisionForm
) -> HttpResponse:
    if listed.state != State.MAPPING and not form.is_bound:
        return redirect("attendance-list", found.slug, listed.pk)
    context = _base(found, listed) | {"form": form, "wizard_step": 1 + MAPPING.index(step)}
    status = 400 if form.errors else 200
    return render(request, f"engagements/lists/{step}.html", context, status=status)
