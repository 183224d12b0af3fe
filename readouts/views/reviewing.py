"""A readout is reviewed, cleared, published, corrected, withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from engagements.access import account, office_page
from engagements.forms.fields import sentences
from readouts import rules
from readouts.access import SUBMITTED, press, press_and_leave, readout_for
from readouts.actions import clearing, publishing, scheduling
from readouts.forms import (
    ApproveForm,
    NoteForm,
    PublishForm,
    ReasonForm,
    ScheduleForm,
    SendBackForm,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

    from readouts.models import Readout


@require_POST
@office_page()
def submit(request: HttpRequest, slug: str) -> HttpResponse:
    readout = readout_for(request, slug, rules.may_edit)
    is_meant = "without_summary" in request.POST
    return press(
        request,
        slug,
        SUBMITTED,
        lambda: publishing.submit(readout, by=account(request), without_summary=is_meant),
    )


@require_POST
@office_page()
def approve(request: HttpRequest, slug: str) -> HttpResponse:
    readout = readout_for(request, slug, rules.may_read)
    return _do_and_leave(
        request,
        readout,
        ApproveForm(request.POST),
        _("Approved. It counts for exactly the text that you read."),
        lambda given: clearing.approve(readout, by=account(request), **given),
    )


@require_POST
@office_page()
def return_to_draft(request: HttpRequest, slug: str) -> HttpResponse:
    readout = readout_for(request, slug, rules.may_send_back)
    return _do_and_leave(
        request,
        readout,
        SendBackForm(request.POST),
        _("The readout is a draft again."),
        lambda given: publishing.return_to_draft(readout, by=account(request), **given),
    )


@require_POST
@office_page()
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    readout = readout_for(request, slug, rules.may_review)
    return _do_with(
        request,
        slug,
        PublishForm(request.POST),
        _("Published. The public page and the printable file show this version."),
        lambda given: publishing.publish(readout, by=account(request), **given),
    )


@require_POST
@office_page()
def schedule(request: HttpRequest, slug: str) -> HttpResponse:
    readout = readout_for(request, slug, rules.may_review)
    return _do_with(
        request,
        slug,
        ScheduleForm(ZoneInfo(readout.engagement.time_zone), request.POST),
        _("The time is set. Until then the public cannot see the readout."),
        lambda given: scheduling.schedule(readout, by=account(request), **given),
    )


@require_POST
@office_page()
def unschedule(request: HttpRequest, slug: str) -> HttpResponse:
    readout = readout_for(request, slug, rules.may_review)
    done = _("It is off the clock, and stays in review.")
    return press(request, slug, done, lambda: scheduling.unschedule(readout, by=account(request)))


@require_POST
@office_page()
def correct(request: HttpRequest, slug: str) -> HttpResponse:
    readout = readout_for(request, slug, rules.may_edit)
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
    readout = readout_for(request, slug, rules.may_review)
    return _do_with(
        request,
        slug,
        ReasonForm(request.POST),
        _("Withdrawn. The public page gives the reason."),
        lambda given: publishing.withdraw(readout, by=account(request), **given),
    )


def _do_and_leave(
    request: HttpRequest,
    readout: Readout,
    form: Form,
    done: str,
    action: Callable[[dict[str, Any]], object],
) -> HttpResponse:
    if form.is_valid():
        return press_and_leave(request, readout, done, lambda: action(form.cleaned_data))
    for sentence in sentences(form):
        messages.error(request, sentence)
    return redirect("readout-preview", slug=readout.engagement.slug)


def _do_with(
    request: HttpRequest,
    slug: str,
    form: Form,
    done: str,
    action: Callable[[dict[str, Any]], object],
) -> HttpResponse:
    if form.is_valid():
        return press(request, slug, done, lambda: action(form.cleaned_data))
    for sentence in sentences(form):
        messages.error(request, sentence)
    return redirect("readout-edit", slug=slug)
