"""What the office remembers: figures over all engagements, for the annual report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from engagements import clock
from engagements.access import account, office_page
from engagements.files.sheets import WORKBOOK_TYPE, safe_file_name
from engagements.models import Office
from readouts.files.bars import across
from readouts.files.memory_sheet import AskedAgain, CategoryRow, Remembered, Row, memory_sheet
from readouts.forms.memory import ChosenForm
from readouts.queries import memory as queries
from readouts.queries import recurring

if TYPE_CHECKING:
    from django.http import HttpRequest

    from readouts.queries.memory import Line, Memory

SHEETS = ("year", "agency", "series", "label", "engagement")


@require_safe
@never_cache
@office_page()
def memory(request: HttpRequest) -> HttpResponse:
    user = account(request)
    form = ChosenForm(request.GET, user=user)
    found = queries.remembered(user, form.chosen)
    way, measure = form.way, form.measure_shown
    categories = found.by_category() if way == "category" else []
    lines = [] if way == "category" else found.lines(way)
    figures = [
        (getattr(line, "short", "") or line.label, getattr(line, measure))
        for line in categories or lines
    ]
    context = {
        "form": form,
        "way": way,
        "way_label": queries.WAYS[way],
        "has_people": way != "label",
        "measure": dict(ChosenForm.MEASURES)[measure],
        "chart": across(figures[::-1] if way == "year" else figures),
        "lines": lines,
        "categories": categories,
        "parts": queries.labels(),
        "total": found.total(),
        "differences": queries.differing(found),
        "query": form.query,
    }
    return render(request, "readouts/staff/memory.html", context)


@require_safe
@never_cache
@office_page()
def memory_sheet_file(request: HttpRequest) -> HttpResponse:
    """The same figures, in every way at once; by role category with the rule for small figures."""
    user = account(request)
    form = ChosenForm(request.GET, user=user)
    found = queries.remembered(user, form.chosen)
    again = [
        AskedAgain(
            one.recurring.text,
            one.engagements,
            one.unanswered,
            date_format(one.last_on, "F j, Y"),
        )
        for one in recurring.asked_again(user)
    ]
    content = memory_sheet(
        Remembered(
            office=Office.current().name,
            at=clock.now(),
            chosen=_chosen_words(form, found),
            parts=[str(part) for part in queries.labels()],
            tables=[_table(found, way) for way in SHEETS],
            categories=[CategoryRow(one.label, one.told) for one in found.by_category()],
            asked_again=again,
            differences=[
                (one.engagement.full_title, _difference_words(one))
                for one in queries.differing(found)
            ],
        )
    )
    name = safe_file_name(_("figures %(year)s") % {"year": form.chosen.year}, ".xlsx")
    response = HttpResponse(content, content_type=WORKBOOK_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _table(found: Memory, way: str) -> tuple[str, str, list[Row]]:
    heading = str(queries.WAYS[way])
    lines = found.lines(way)
    if way != "label" and len(lines) > 1:
        lines = [*lines, found.total()]
    return (
        _("By %(way)s") % {"way": heading},
        heading[:1].upper() + heading[1:],
        [_row(line, has_people=way != "label") for line in lines],
    )


def _row(line: Line, *, has_people: bool) -> Row:
    is_known = has_people and len(line.unknown) < len(line.engagements)
    return Row(
        label=line.label,
        engagements=len(line.engagements),
        registered=line.registered if has_people else None,
        joined=line.joined if is_known else None,
        questions=line.questions,
        became=line.parts(),
    )


def _chosen_words(form: ChosenForm, found: Memory) -> str:
    """Which engagements these are, for a reader who does not see the form."""
    names = [_("%(number)d that are over") % {"number": len(found.engagements)}]
    for name in ("year", "agency", "series"):
        value = form.given(name)
        if value:
            field = form.fields[name]
            label = dict(field.choices).get(value, value)  # type: ignore[attr-defined]
            names.append(f"{field.label}: {label}")
    return "; ".join(names)


def _difference_words(one: queries.Difference) -> str:
    return _("%(what)s: published %(published)s, counted now %(counted)s") % {
        "what": one.what,
        "published": f"{one.published:,}",
        "counted": f"{one.counted:,}",
    }
