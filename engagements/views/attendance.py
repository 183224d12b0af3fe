"""Attendance in figures, and what the office declares about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements import access, clock, rules, states
from engagements.actions import declaring
from engagements.files import charts
from engagements.files.attendance_sheet import Counted, NamedFigure, attendance_sheet
from engagements.files.sheets import WORKBOOK_TYPE, safe_file_name
from engagements.forms.attendance import DeclarationForm, NewDeclarationForm, SmallFiguresForm
from engagements.models import DeclaredAttendance, Office
from engagements.queries import attendance as queries
from engagements.refusals import NotAllowed, Refused
from engagements.templatetags.times import when

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from engagements.figures import Course
    from engagements.models import Engagement

FIELDS_OF_REFUSALS = {"already": "numbers"}


@require_safe
@never_cache
@access.office_page()
def attendance(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, slug, None)


@require_POST
@access.office_page()
def small_figures(request: HttpRequest, slug: str) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_count)
    form = SmallFiguresForm(request.POST)
    if not form.is_valid():
        return _page(request, slug, form)
    with access.refusals_told(request):
        changed = declaring.show_small_figures(
            found, by=access.account(request), **form.cleaned_data
        )
        messages.success(
            request,
            _("All figures by category are shown.")
            if changed.small_figures_reason
            else _("Small figures by category are kept back."),
        )
    return redirect("attendance", slug)


@require_safe
@never_cache
@access.office_page()
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_see_attendance)
    response = HttpResponse(attendance_sheet(_counted(found)), content_type=WORKBOOK_TYPE)
    name = safe_file_name(f"{found.slug}-attendance", ".xlsx")
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@access.office_page()
def declare(request: HttpRequest, slug: str) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_count)
    form = NewDeclarationForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _declare_page(request, found, form)
    if not form.is_valid():
        return _declare_page(request, found, form, status=400)
    given = form.cleaned_data
    done = _try(form, lambda: declaring.declare(found, by=access.account(request), **given))
    if done is None:
        return _declare_page(request, found, form, status=409)
    messages.success(request, _declared(done, given=len(given["numbers"])))
    return redirect("declare", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@access.office_page()
def declaration(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Correct what was declared."""
    found = access.engagement_for(request, slug, rules.may_count)
    declared = _one(found, pk)
    form = DeclarationForm(
        request.POST if request.method == "POST" else None,
        has_numbers=bool(declared.numbers),
        initial={
            "category": declared.category.key,
            "people": declared.people,
            "source": declared.source,
        },
    )
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            given = {"people": declared.people} | form.cleaned_data
            if _try(form, lambda: declaring.edit(declared, by=access.account(request), **given)):
                messages.success(request, _("The correction is saved."))
                return redirect("declare", slug)
            status = 409
    context = {"engagement": found, "declared": declared, "form": form}
    return render(request, "engagements/staff/attendance_declaration.html", context, status=status)


@require_POST
@access.office_page()
def declaration_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_count)
    declared = _one(found, pk)
    with access.refusals_told(request):
        declaring.remove(declared, by=access.account(request))
        messages.success(request, _("These people are not counted any more."))
    return redirect("declare", slug)


def _one(engagement: Engagement, pk: int) -> DeclaredAttendance:
    return get_object_or_404(
        engagement.declared_attendance.select_related("category", "engagement").exclude(
            kind=DeclaredAttendance.Kind.ARCHIVE
        ),
        pk=pk,
    )


def _try(form: Any, action: Callable[[], DeclaredAttendance]) -> DeclaredAttendance | None:
    """What was done; None when it was refused, and the form says why."""
    try:
        return action()
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        field = FIELDS_OF_REFUSALS.get(refused.code)
        form.add_error(field if field in form.fields else None, refused.message)
    return None


def _declared(done: DeclaredAttendance, *, given: int) -> str:
    told = ngettext("%(people)d person is counted.", "%(people)d people are counted.", done.people)
    sentences = [told % {"people": done.people}]
    if given > done.people:
        again = given - done.people
        told = ngettext(
            "%(again)d number was given twice or is counted already.",
            "%(again)d numbers were given twice or are counted already.",
            again,
        )
        sentences.append(told % {"again": again})
    return " ".join(sentences)


def _declare_page(
    request: HttpRequest, engagement: Engagement, form: NewDeclarationForm, status: int = 200
) -> HttpResponse:
    declared = engagement.declared_attendance.select_related("category", "declared_by")
    context = {
        "engagement": engagement,
        "form": form,
        "declared": declared.order_by("-pk"),
        "is_open": engagement.state in {states.LIVE, states.ENDED}
        and not (engagement.is_rehearsal or engagement.imported_from),
    }
    return render(request, "engagements/staff/attendance_declare.html", context, status=status)


def _page(request: HttpRequest, slug: str, form: SmallFiguresForm | None) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_see_attendance)
    may_count = rules.may_count(request.user, found)
    summary = queries.summary(found)
    course = queries.course(found)
    context = {
        "engagement": found,
        "summary": summary,
        "figures": queries.stated(summary),
        "categories": queries.categories(found),
        "left_out": queries.left_out(found),
        "sources": queries.source_lists(found),
        "course": course,
        "charts": _charts(found, course),
        "now": clock.now(),
        "may_count": may_count,
        "form": form or SmallFiguresForm(initial={"reason": found.small_figures_reason}),
    }
    status = 400 if form else 200
    return render(request, "engagements/staff/attendance.html", context, status=status)


def _charts(engagement: Engagement, course: Course) -> list[dict[str, Any]]:
    if course.peak is None:
        return []
    times = [date_format(engagement.local(step.at), "P") for step in course.steps]
    peak = {
        "people": course.peak.present,
        "time": date_format(engagement.local(course.peak.at), "P"),
    }
    most = max(course.steps, key=lambda step: step.arrived)
    first = {
        "people": most.arrived,
        "time": date_format(engagement.local(most.at), "P"),
    }
    return [
        {
            "key": "present",
            "title": _("People present, in steps of five minutes"),
            "text": _("Most at once: %(people)s, in the five minutes from %(time)s") % peak,
            "chart": charts.bars([step.present for step in course.steps], times),
        },
        {
            "key": "arrived",
            "title": _("Arrivals, in steps of five minutes"),
            "text": _("Most arrivals: %(people)s, in the five minutes from %(time)s") % first,
            "chart": charts.bars([step.arrived for step in course.steps], times),
        },
    ]


def _counted(engagement: Engagement) -> Counted:
    categories = queries.categories(engagement)
    return Counted(
        office=Office.current().name,
        title=engagement.full_title,
        state=engagement.get_state_display(),
        held=when(engagement),
        time_zone=engagement.time_zone,
        at=clock.now(),
        figures=[
            NamedFigure(str(one.label), one.people, str(one.definition), one.is_part)
            for one in queries.stated(queries.summary(engagement))
        ],
        categories=[(line.label, line.registered, line.joined) for line in categories.lines],
        small_figures_reason=engagement.small_figures_reason,
        left_out=[
            (_("in our room") if one.where == "room" else _("on a list"), str(one.why), one.people)
            for one in queries.left_out(engagement)
        ],
        sources=[
            (one.file.name, str(one.get_platform_display()), one.file.sha256)
            for one in queries.source_lists(engagement)
        ],
        course=queries.course(engagement),
    )
