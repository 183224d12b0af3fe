"""Doors of the office's pages about a readout, and the way back from its buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy

from engagements.access import engagement_for, refusals_told
from readouts import queries, rules, states
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

    from django.http import HttpRequest
    from django_stubs_ext import StrOrPromise

    from engagements.models import Engagement
    from engagements.rules import Visitor
    from readouts.models import Readout

FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "json": "application/json",
}
"""By the formats of `VersionFile`."""

SHOWN_BY_BROWSERS = frozenset({"pdf", "txt", "json"})

SUBMITTED = gettext_lazy("Submitted. Somebody else now reviews and publishes.")


def readout_for(
    request: HttpRequest, slug: str, rule: Callable[[Visitor, Engagement], bool]
) -> Readout:
    """The readout of an engagement for which the rule says yes; 404 where there is none."""
    readout = queries.readout_of(engagement_for(request, slug, rule))
    if readout is None:
        raise Http404
    return readout


def press(
    request: HttpRequest, slug: str, done: StrOrPromise, action: Callable[[], object]
) -> HttpResponse:
    """Press a button of the edit page, and go back to it with what became of it."""
    with refusals_told(request):
        action()
        messages.success(request, str(done))
    return redirect("readout-edit", slug=slug)


def press_and_leave(
    request: HttpRequest, readout: Readout, done: StrOrPromise, action: Callable[[], object]
) -> HttpResponse:
    """As `press`, for who may have come from outside the engagement only to clear the readout."""
    slug = readout.engagement.slug
    with refusals_told(request):
        action()
        messages.success(request, str(done))
    if rules.may_view(request.user, readout.engagement):
        return redirect("readout-edit", slug=slug)
    if rules.may_clear(request.user, readout.engagement):
        return redirect("readout-preview", slug=slug)
    return redirect("office")


def as_file(content: bytes, format: str, name: str) -> HttpResponse:  # noqa: A002 - as it is called
    """A file of a readout. What a browser can show it shows, and runs nothing of it."""
    shown = format in SHOWN_BY_BROWSERS
    return HttpResponse(
        content,
        content_type=CONTENT_TYPES[format],
        headers={
            "Content-Disposition": content_disposition_header(not shown, name) or "",
            "Content-Security-Policy": FILE_POLICY,
            "X-Content-Type-Options": "nosniff",
        },
    )


def next_steps(request: HttpRequest, readout: Readout) -> dict[str, Any]:
    """What the part with the next step needs, for a template."""
    engagement = readout.engagement
    return {
        "engagement": engagement,
        "readout": readout,
        "may_view": rules.may_view(request.user, engagement),
        "may_edit": rules.may_edit(request.user, engagement),
        "may_review": rules.may_review(request.user, engagement),
        "may_publish": rules.may_publish(request.user, readout),
        "note_form": NoteForm(),
        "reason_form": ReasonForm(),
        "last_return": queries.last_return(readout),
        "has_versions": queries.last_number(readout) > 0,
    } | (_clearing(request, readout) if readout.state == states.IN_REVIEW else {})


def _clearing(request: HttpRequest, readout: Readout) -> dict[str, Any]:
    """What only a readout in review has."""
    clearance = queries.clearance_of(readout)
    step = clearance.next_step
    read = {"revision": readout.revision, "digest": clearance.digest}
    zone = ZoneInfo(readout.engagement.time_zone)
    return {
        "clearance": clearance,
        "may_approve": step is not None and rules.may_approve(request.user, readout, step),
        "may_send_back": rules.may_send_back(request.user, readout.engagement),
        "approve_form": (
            ApproveForm(initial=read | {"step": step.pk}, auto_id="approve-%s") if step else None
        ),
        "publish_form": PublishForm(initial=read, auto_id="publish-%s"),
        "schedule_form": ScheduleForm(zone, initial=read, auto_id="schedule-%s"),
        "send_back_form": SendBackForm(auto_id="return-%s"),
    }
