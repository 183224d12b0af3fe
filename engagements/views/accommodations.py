"""Pages for coordinators about what people need to take part. For nobody else they exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from engagements import access, rules
from engagements.actions import accommodating, exporting
from engagements.files.sheets import WORKBOOK_TYPE, safe_file_name
from engagements.forms.fields import sentences
from engagements.forms.registrants import DecisionForm
from engagements.models import Accommodation
from engagements.queries import people
from engagements.templatetags.times import when

if TYPE_CHECKING:
    from django.http import HttpRequest

ACCOMMODATIONS_ON_A_PAGE: Final = 25


@require_safe
@access.office_page()
def accommodations(request: HttpRequest, slug: str) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_see_accommodations)
    state = request.GET.get("state", "")
    if state not in Accommodation.State.values:
        state = ""
    page = Paginator(people.accommodations(found, state=state), ACCOMMODATIONS_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    counts = people.accommodations_by_state(found)
    context = {
        "engagement": found,
        "page": page,
        "lines": [(one, _form(one)) for one in page],
        "state": state,
        "states": Accommodation.State.choices,
        "counts": [(Accommodation.State(key).label, number) for key, number in counts.items()],
        "everything": sum(counts.values()),
        "is_open": accommodating.is_open(found),
        "overdue": 0 if accommodating.is_open(found) else counts[Accommodation.State.REQUESTED],
    }
    return render(request, "engagements/staff/accommodations.html", context)


@require_POST
@access.office_page()
def accommodation_decide(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_see_accommodations)
    asked = Accommodation.objects.filter(registration__engagement=found).select_related(
        "registration", "registration__engagement"
    )
    accommodation = get_object_or_404(asked, pk=pk)
    form = DecisionForm(request.POST, prefix=f"a{pk}")
    if not form.is_valid():
        for sentence in sentences(form):
            messages.error(request, sentence)
        return redirect("accommodations", found.slug)
    with access.refusals_told(request):
        accommodating.decide(
            accommodation,
            by=access.account(request),
            seen=request.POST.get("seen", ""),
            **form.cleaned_data,
        )
        messages.success(request, _("Saved."))
    return redirect("accommodations", found.slug)


@require_safe
@access.office_page()
def accommodations_list(request: HttpRequest, slug: str) -> HttpResponse:
    """For the vendor, on paper: no names and no addresses of those who need it."""
    found = access.engagement_for(request, slug, rules.may_see_accommodations)
    needs = people.needs(found)
    context = {
        "engagement": found,
        "needs": [(Accommodation.Kind(need.kind).label, need) for need in needs],
        "people": sum(need.people for need in needs),
        "contacts": people.contacts(found),
    }
    return render(request, "engagements/staff/accommodations_list.html", context)


@require_safe
@never_cache
@access.office_page()
def accommodations_sheet(request: HttpRequest, slug: str) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_see_accommodations)
    content = exporting.vendor_list(found, when=when(found), by=access.account(request))
    name = safe_file_name(_("accommodations %(title)s") % {"title": found.full_title}, ".xlsx")
    response = HttpResponse(content, content_type=WORKBOOK_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def _form(accommodation: Accommodation) -> DecisionForm:
    return DecisionForm(
        prefix=f"a{accommodation.pk}",
        initial={"state": accommodation.state, "notes": accommodation.notes},
    )
