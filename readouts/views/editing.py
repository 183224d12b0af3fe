"""The office writes a readout: the text, its figures, the preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from engagements.access import account, engagement_for, office_page
from engagements.refusals import Refused
from readouts import queries, rules
from readouts.access import SUBMITTED, next_steps, press, readout_for
from readouts.actions import drafting, editing, freezing, publishing
from readouts.forms import (
    TextForm,
)

if TYPE_CHECKING:
    from django.http import HttpRequest

    from readouts.models import Readout

NEXT_PAGES = {"samples": "readout-samples", "preview": "readout-preview"}
"""Where a button of the text form leads after saving."""


@require_safe
@never_cache
@office_page()
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_view)
    readout = queries.readout_of(engagement)
    if readout is None:
        context = {
            "engagement": engagement,
            "may_edit": rules.may_edit(request.user, engagement),
            "facts": queries.counted(queries.gather(engagement)) if engagement.is_over else None,
        }
        return render(request, "readouts/staff/undrafted.html", context)
    return _edit_page(request, readout, _text_form(readout))


@require_POST
@office_page()
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_edit)
    done = _("The draft is there, with the figures as counted now.")
    return press(request, slug, done, lambda: drafting.draft(engagement, by=account(request)))


@require_POST
@office_page()
def save(request: HttpRequest, slug: str) -> HttpResponse:
    readout = readout_for(request, slug, rules.may_edit)
    form = TextForm(request.POST)
    if not form.is_valid():
        return _edit_page(request, readout, form, status=400)
    try:
        editing.edit(readout, by=account(request), **form.cleaned_data)
    except editing.Overtaken as overtaken:
        again = request.POST.copy()
        again["revision"] = str(overtaken.readout.revision)
        form = TextForm(again)
        return _edit_page(request, overtaken.readout, form, conflict=overtaken, status=409)
    except Refused as refused:
        # The words stay in the form, so that nothing is lost.
        messages.error(request, str(refused.message))
        return _edit_page(request, readout, form, status=409)
    then = request.POST.get("then", "")
    if then in NEXT_ACTIONS:
        return NEXT_ACTIONS[then](request, slug, readout)
    messages.success(request, _("Saved."))
    return redirect(NEXT_PAGES.get(then, "readout-edit"), slug=slug)


@require_POST
@office_page()
def refresh(request: HttpRequest, slug: str) -> HttpResponse:
    return _refresh(request, slug, readout_for(request, slug, rules.may_edit))


@require_safe
@never_cache
@office_page()
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    readout = readout_for(request, slug, rules.may_read)
    context = next_steps(request, readout) | queries.preview_page(readout)
    return render(request, "readouts/staff/preview.html", context)


@require_safe
@never_cache
@office_page()
def preview_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    readout = readout_for(request, slug, rules.may_read)
    try:
        file = freezing.print_preview(readout)
    except Refused as refused:
        messages.error(request, str(refused.message))
        return redirect("readout-preview", slug=slug)
    headers = {"Content-Disposition": 'inline; filename="preview.pdf"'}
    return HttpResponse(file, content_type="application/pdf", headers=headers)


def _refresh(request: HttpRequest, slug: str, readout: Readout) -> HttpResponse:
    done = _("Counted again. The draft has the figures of now.")
    return press(request, slug, done, lambda: drafting.refresh_facts(readout, by=account(request)))


def _submit(request: HttpRequest, slug: str, readout: Readout) -> HttpResponse:
    is_meant = "without_summary" in request.POST
    return press(
        request,
        slug,
        SUBMITTED,
        lambda: publishing.submit(readout, by=account(request), without_summary=is_meant),
    )


NEXT_ACTIONS = {"refresh": _refresh, "submit": _submit}
"""What a button beside the text form does after saving, so that no typed word is lost."""


def _text_form(readout: Readout) -> TextForm:
    return TextForm(
        initial={
            "revision": readout.revision,
            "summary": readout.summary,
            "posts_presentation": queries.stored_facts(readout).posts_presentation,
            "small_figures_reason": readout.small_figures_reason,
        }
    )


def _edit_page(
    request: HttpRequest,
    readout: Readout,
    form: TextForm,
    *,
    conflict: editing.Overtaken | None = None,
    status: int = 200,
) -> HttpResponse:
    facts = queries.stored_facts(readout)
    context = next_steps(request, readout) | {
        "form": form,
        "conflict": conflict,
        "facts": queries.counted(facts),
        "differences": queries.differences(facts, queries.fresh_facts(readout)),
        "leaves_out": queries.leaves_out(readout),
        "samples": queries.samples_of(readout),
        "versions": queries.versions_of(readout),
        "summary": queries.summary_of(readout),
    }
    return render(request, "readouts/staff/edit.html", context, status=status)
