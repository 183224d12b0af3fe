"""A readout is reviewed, cleared, published, corrected, withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from engagements.access import account, office_page
from readouts import queries, rules
from readouts.access import SUBMITTED, leave, press, readout_for, tell_words, went_wrong
from readouts.actions import clearing, publishing, scheduling
from readouts.forms import (
    ApproveForm,
    NoteForm,
    PublishForm,
    ReasonForm,
    ScheduleForm,
    SendBackForm,
    TextForm,
)
from readouts.pages import edit_page, preview_page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
        {"approve_form": ApproveForm(request.POST)},
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
        {"send_back_form": SendBackForm(request.POST)},
        _("The readout is a draft again."),
        lambda given: publishing.return_to_draft(readout, by=account(request), **given),
    )


@require_POST
@office_page()
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    readout = readout_for(request, slug, rules.may_review)
    return _do_with(
        request,
        readout,
        {"publish_form": PublishForm(request.POST)},
        _("Published. The public page and the printable file show this version."),
        lambda given: publishing.publish(readout, by=account(request), **given),
    )


@require_POST
@office_page()
def schedule(request: HttpRequest, slug: str) -> HttpResponse:
    readout = readout_for(request, slug, rules.may_review)
    return _do_with(
        request,
        readout,
        {"schedule_form": ScheduleForm(ZoneInfo(readout.engagement.time_zone), request.POST)},
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
        readout,
        {"note_form": NoteForm(request.POST)},
        _("A correction is open. The published version stays until the next is published."),
        lambda given: publishing.correct(readout, by=account(request), **given),
    )


@require_POST
@office_page()
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    readout = readout_for(request, slug, rules.may_review)
    return _do_with(
        request,
        readout,
        {"reason_form": ReasonForm(request.POST)},
        _("Withdrawn. The public page gives the reason."),
        lambda given: publishing.withdraw(readout, by=account(request), **given),
    )


def _do_and_leave(
    request: HttpRequest,
    readout: Readout,
    named: Mapping[str, Form],
    done: str,
    action: Callable[[dict[str, Any]], object],
) -> HttpResponse:
    """For who may have come from outside. What is refused is shown with the preview."""
    (form,) = named.values()
    status = went_wrong(request, form, lambda: action(form.cleaned_data))
    if not status:
        messages.success(request, done)
        return leave(request, readout)
    if not rules.may_read(request.user, readout.engagement):
        tell_words(request, form)
        return leave(request, readout)
    return preview_page(request, _as_stored(readout), named, status=status)


def _do_with(
    request: HttpRequest,
    readout: Readout,
    named: Mapping[str, Form],
    done: str,
    action: Callable[[dict[str, Any]], object],
) -> HttpResponse:
    """With the one form, named as the page has it. What is refused stays in it."""
    (form,) = named.values()
    status = went_wrong(request, form, lambda: action(form.cleaned_data))
    if not status:
        messages.success(request, done)
        return redirect("readout-edit", slug=readout.engagement.slug)
    readout = _as_stored(readout)
    return edit_page(request, readout, TextForm.of(readout), refused=named, status=status)


def _as_stored(readout: Readout) -> Readout:
    return queries.readout_of(readout.engagement) or readout
