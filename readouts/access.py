"""Doors of the office's pages about a readout, and the way back from its buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.access import engagement_for, refusals_told
from engagements.forms.fields import sentences
from engagements.refusals import NotAllowed, Refused
from readouts import queries, rules, states
from readouts.forms import (
    ApproveForm,
    NoteForm,
    PublishForm,
    ReasonForm,
    ScheduleForm,
    SendBackForm,
    SettleForm,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.forms import Form
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


def went_wrong(request: HttpRequest, form: Form, action: Callable[[], object]) -> int:
    """Do it with what the form says: 0 if it is done, else the status of the page that shows the
    form again, with its words, and a message that says why."""
    if not form.is_valid():
        for sentence in sentences(form):
            messages.error(request, sentence)
        return 400
    try:
        action()
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        messages.error(request, str(refused))
        return 409
    return 0


def tell_words(request: HttpRequest, form: Form) -> None:
    """For a form that the next page does not have: its words are told, so that none is lost."""
    for field in form.visible_fields():
        words = str(form.data.get(field.html_name, "")).strip()
        if words:
            messages.warning(request, _("Not saved. You wrote: %(words)s") % {"words": words})


def leave(request: HttpRequest, readout: Readout) -> HttpResponse:
    """Back from the readout, for who may have come from outside the engagement only to clear it."""
    slug = readout.engagement.slug
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


def next_steps(
    request: HttpRequest, readout: Readout, refused: Mapping[str, Form] | None = None
) -> dict[str, Any]:
    """What the part with the next step needs, for a template. `refused`: forms to show again."""
    engagement = readout.engagement
    context: dict[str, Any] = {
        "engagement": engagement,
        "readout": readout,
        "may_view": rules.may_view(request.user, engagement),
        "may_edit": rules.may_edit(request.user, engagement),
        "may_review": rules.may_review(request.user, engagement),
        "may_publish": rules.may_publish(request.user, readout),
        "note_form": NoteForm(),
        "reason_form": ReasonForm(),
        "settle_form": SettleForm(),
        "last_return": queries.last_return(readout),
        "has_versions": queries.last_number(readout) > 0,
    } | (_clearing(request, readout) if readout.state == states.IN_REVIEW else {})
    for name, form in (refused or {}).items():
        if _has_form(context, name):
            context[name] = _again(form, context[name])
        else:
            tell_words(request, form)
    return context


def _has_form(context: dict[str, Any], name: str) -> bool:
    """As the templates `_next.html`, `_clearance.html` and `_drift.html` have it."""
    readout = context["readout"]
    is_open = readout.state not in {states.DRAFT, states.IN_REVIEW}
    shown: dict[str, bool] = {
        "note_form": is_open and context["may_edit"],
        "reason_form": readout.state == states.PUBLISHED and context["may_publish"],
        "settle_form": bool(queries.drift_of(readout))
        and not queries.settled(readout)
        and context["may_edit"],
    }
    if "clearance" in context:
        publishes = context["may_publish"] and context["clearance"].is_complete
        shown |= {
            "approve_form": context["may_approve"],
            "publish_form": publishes,
            "schedule_form": publishes,
            "send_back_form": context["may_send_back"],
        }
    return shown.get(name, False)


def _again(form: Form, fresh: Form) -> Form:
    """With the typed words, on what the page shows by now."""
    form.auto_id = fresh.auto_id
    shown = {field.html_name: field.value() for field in fresh.hidden_fields()}
    form.data = form.data.dict() if isinstance(form.data, QueryDict) else dict(form.data)
    form.data |= shown
    return form


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
