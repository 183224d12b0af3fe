"""The office's pages of a readout: write it, choose its questions, preview, review, publish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from engagements.access import account, engagement_for, office_page, refusals_told
from engagements.forms.fields import sentences
from engagements.refusals import Refused
from readouts import queries, rules, states
from readouts.actions import drafting, editing, publishing
from readouts.forms import (
    FilterForm,
    NoteForm,
    ReasonForm,
    RevisionForm,
    SampleForm,
    TextForm,
    removed_words,
    sample_forms,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpRequest

    from engagements.models import Engagement
    from engagements.rules import Visitor
    from readouts.models import Readout

QUESTIONS_ON_A_PAGE = 50
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
    return _do(request, slug, done, lambda: drafting.draft(engagement, by=account(request)))


@require_POST
@office_page()
def save(request: HttpRequest, slug: str) -> HttpResponse:
    readout = _readout_for(request, slug, rules.may_edit)
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
    return _refresh(request, slug, _readout_for(request, slug, rules.may_edit))


@require_safe
@never_cache
@office_page()
def samples(request: HttpRequest, slug: str) -> HttpResponse:
    readout = _readout_for(request, slug, rules.may_view)
    return _samples_page(request, readout, sample_forms(queries.samples_of(readout)))


@require_POST
@office_page()
def save_samples(request: HttpRequest, slug: str) -> HttpResponse:
    """Save words and order, then do what the button says, such as `up-12` or `choose-7`."""
    readout = _readout_for(request, slug, rules.may_edit)
    given = sample_forms(queries.samples_of(readout), request.POST)
    revision = RevisionForm(request.POST)
    bound = [form for form in given if form.is_bound]
    if not all(form.is_valid() for form in (*bound, revision)):
        return _samples_page(request, readout, given, status=400)
    try:
        if removed_words(given, request.POST) or any(form.has_changed() for form in bound):
            editing.arrange(
                readout,
                by=account(request),
                revision=revision.cleaned_data["revision"],
                entries=[form.entry for form in bound],
            )
        done = _press(request, readout)
    except editing.Overtaken as overtaken:
        given = sample_forms(queries.samples_of(readout), request.POST)
        return _samples_page(request, readout, given, conflict=overtaken, status=409)
    except Refused as refused:
        messages.error(request, str(refused.message))
        return _samples_page(request, readout, given, status=409)
    messages.success(request, done)
    return HttpResponseRedirect(f"{reverse('readout-samples', args=[slug])}{_query(request)}")


@require_safe
@never_cache
@office_page()
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    readout = _readout_for(request, slug, rules.may_view)
    context = _steps(request, readout) | queries.preview_page(readout)
    return render(request, "readouts/staff/preview.html", context)


@require_safe
@never_cache
@office_page()
def preview_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    readout = _readout_for(request, slug, rules.may_view)
    try:
        file = publishing.print_preview(readout)
    except Refused as refused:
        messages.error(request, str(refused.message))
        return redirect("readout-edit", slug=slug)
    headers = {"Content-Disposition": 'inline; filename="preview.pdf"'}
    return HttpResponse(file, content_type="application/pdf", headers=headers)


@require_POST
@office_page()
def submit(request: HttpRequest, slug: str) -> HttpResponse:
    return _submit(request, slug, _readout_for(request, slug, rules.may_edit))


@require_POST
@office_page()
def return_to_draft(request: HttpRequest, slug: str) -> HttpResponse:
    readout = _readout_for(request, slug, rules.may_review)
    done = _("The readout is a draft again.")
    return _do(
        request, slug, done, lambda: publishing.return_to_draft(readout, by=account(request))
    )


@require_POST
@office_page()
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    readout = _readout_for(request, slug, rules.may_review)
    form = RevisionForm(request.POST)
    return _do_with(
        request,
        slug,
        form,
        _("Published. The public page and the printable file show this version."),
        lambda given: publishing.publish(readout, by=account(request), **given),
    )


@require_POST
@office_page()
def correct(request: HttpRequest, slug: str) -> HttpResponse:
    readout = _readout_for(request, slug, rules.may_edit)
    return _do_with(
        request,
        slug,
        NoteForm(request.POST),
        _("A correction is open. The published version stays until the next is published."),
        lambda given: publishing.correct(readout, by=account(request), **given),
    )


@require_POST
@office_page()
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    readout = _readout_for(request, slug, rules.may_review)
    return _do_with(
        request,
        slug,
        ReasonForm(request.POST),
        _("Withdrawn. The public page gives the reason."),
        lambda given: publishing.withdraw(readout, by=account(request), **given),
    )


def _refresh(request: HttpRequest, slug: str, readout: Readout) -> HttpResponse:
    done = _("Counted again. The draft has the figures of now.")
    return _do(request, slug, done, lambda: drafting.refresh_facts(readout, by=account(request)))


def _submit(request: HttpRequest, slug: str, readout: Readout) -> HttpResponse:
    done = _("Submitted. Somebody else now reviews and publishes.")
    return _do(request, slug, done, lambda: publishing.submit(readout, by=account(request)))


NEXT_ACTIONS = {"refresh": _refresh, "submit": _submit}
"""What a button beside the text form does after saving, so that no typed word is lost."""


def _readout_for(
    request: HttpRequest, slug: str, rule: Callable[[Visitor, Engagement], bool]
) -> Readout:
    engagement = engagement_for(request, slug, rule)
    readout = queries.readout_of(engagement)
    if readout is None:
        raise Http404
    return readout


def _do(request: HttpRequest, slug: str, done: str, action: Callable[[], object]) -> HttpResponse:
    """Press a button of the edit page, and go back to it with what became of it."""
    with refusals_told(request):
        action()
        messages.success(request, done)
    return redirect("readout-edit", slug=slug)


def _do_with(
    request: HttpRequest,
    slug: str,
    form: Form,
    done: str,
    action: Callable[[dict[str, Any]], object],
) -> HttpResponse:
    if form.is_valid():
        return _do(request, slug, done, lambda: action(form.cleaned_data))
    for sentence in sentences(form):
        messages.error(request, sentence)
    return redirect("readout-edit", slug=slug)


def _press(request: HttpRequest, readout: Readout) -> str:
    """Do what the pressed button says; it names its thing, such as `up-12`."""
    verb, _dash, number = request.POST.get("do", "").partition("-")
    pk = int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else 0
    by = account(request)
    if verb == "up":
        editing.move(readout, pk, by=by, steps=-1)
    elif verb == "down":
        editing.move(readout, pk, by=by, steps=1)
    elif verb == "remove":
        editing.remove(readout, pk, by=by)
        return _("Removed from the sample.")
    elif verb == "choose":
        question = get_object_or_404(queries.questions_of(readout.engagement), pk=pk)
        editing.choose(readout, question, by=by)
        return _("Question %(number)d is in the sample.") % {"number": question.number}
    return _("Saved.")


def _query(request: HttpRequest) -> str:
    """The filter that the picker has, kept over a button."""
    return f"?{request.GET.urlencode()}" if request.GET else ""


def _text_form(readout: Readout) -> TextForm:
    return TextForm(
        initial={
            "revision": readout.revision,
            "summary": readout.summary,
            "posts_presentation": queries.stored_facts(readout).posts_presentation,
            "small_figures_reason": readout.small_figures_reason,
        }
    )


def _steps(request: HttpRequest, readout: Readout) -> dict[str, Any]:
    """What the part with the next step needs."""
    engagement = readout.engagement
    return {
        "engagement": engagement,
        "readout": readout,
        "may_edit": rules.may_edit(request.user, engagement),
        "may_review": rules.may_review(request.user, engagement),
        "may_publish": rules.may_publish(request.user, readout),
        "note_form": NoteForm(),
        "reason_form": ReasonForm(),
    }


def _edit_page(
    request: HttpRequest,
    readout: Readout,
    form: TextForm,
    *,
    conflict: editing.Overtaken | None = None,
    status: int = 200,
) -> HttpResponse:
    facts = queries.stored_facts(readout)
    context = _steps(request, readout) | {
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


def _samples_page(
    request: HttpRequest,
    readout: Readout,
    forms: list[SampleForm],
    *,
    conflict: editing.Overtaken | None = None,
    status: int = 200,
) -> HttpResponse:
    engagement = readout.engagement
    filters = FilterForm(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    found = queries.choosable(readout, **wanted)
    context = {
        "engagement": engagement,
        "readout": readout,
        "forms": forms,
        "conflict": conflict,
        "removed_words": removed_words(forms, request.POST),
        "filters": filters,
        "found": Paginator(found, QUESTIONS_ON_A_PAGE).get_page(request.GET.get("page")),
        "query": _query(request),
        "filter_query": filters.query,
        "editable": readout.state == states.DRAFT and rules.may_edit(request.user, engagement),
    }
    return render(request, "readouts/staff/samples.html", context, status=status)
