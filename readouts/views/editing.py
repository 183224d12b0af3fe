"""The office writes a readout: the text, its figures, the preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import (
    Http404,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from engagements import clock
from engagements.access import account, engagement_for, office_page, refusals_told
from engagements.forms.fields import sentences
from engagements.refusals import NotAllowed, Refused
from readouts import queries, rules, unsent
from readouts.access import SUBMITTED, press, readout_for
from readouts.actions import commenting, drafting, editing, publishing
from readouts.forms import CommentForm, ReadingForm, TextForm, written
from readouts.pages import edit_page, preview_page

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict

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
    return edit_page(request, readout, TextForm.of(readout))


@require_POST
@office_page()
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_edit)
    done = _("The draft is there, with the figures as counted now.")
    return press(request, slug, done, lambda: drafting.draft(engagement, by=account(request)))


@require_POST
@office_page()
def save(request: HttpRequest, slug: str) -> HttpResponse:
    """Save what is on the page, then do what the button says, such as `settle-12`.

    The page's script saves with `then=keep` and reads JSON.
    """
    readout = readout_for(request, slug, rules.may_edit)
    then = request.POST.get("then", "")
    unsent.hold(request, slug)
    form = TextForm(request.POST)
    if not form.is_valid():
        return _unsaved(request, readout, form, " ".join(sentences(form)), status=400)
    try:
        editing.edit(
            readout,
            by=account(request),
            revision=form.cleaned_data["revision"],
            seen=form.cleaned_data["seen"],
            **form.changes(),
        )
    except editing.Overtaken as overtaken:
        return _unsaved(request, overtaken.readout, form, overtaken, status=409)
    except Refused as refused:
        return _unsaved(request, readout, form, str(refused.message), status=409)
    if then == "keep":
        return JsonResponse(_kept(readout, form))
    return _go_on(request, readout, then)


@require_POST
@office_page()
def section(request: HttpRequest, slug: str) -> HttpResponse:
    """How a text reads, and the hints for its writer, while it is being typed."""
    readout = readout_for(request, slug, rules.may_edit)
    form = ReadingForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    read = queries.read_text(readout, form.cleaned_data["name"], form.cleaned_data["text"])
    return render(request, "readouts/staff/_reading.html", {"section": read, "is_writing": True})


@require_POST
@office_page()
def comment(request: HttpRequest, slug: str) -> HttpResponse:
    """For whoever does not edit the text, or not now."""
    readout = readout_for(request, slug, rules.may_view)
    form = CommentForm(request.POST)
    if form["section"].errors:
        return HttpResponseBadRequest()
    key = form.cleaned_data["section"]
    try:
        _add_comment(request, readout, form)
    except Refused as refused:
        return _refused(request, readout, refused)
    return _to_section(slug, key)


@require_POST
@office_page()
def comment_settle(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    readout = readout_for(request, slug, rules.may_view)
    act = commenting.reopen if "reopen" in request.POST else commenting.settle
    with refusals_told(request):
        act(readout, pk, by=account(request))
    return _to_section(slug, queries.section_of(readout, pk))


@require_POST
@office_page()
def refresh(request: HttpRequest, slug: str) -> HttpResponse:
    return _refresh(request, slug, readout_for(request, slug, rules.may_edit))


@require_safe
@never_cache
@office_page()
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    readout = readout_for(request, slug, rules.may_read)
    return preview_page(request, readout)


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


def _go_on(request: HttpRequest, readout: Readout, then: str) -> HttpResponse:
    """What the button does after saving; about a part of the page it names it: `settle-12`."""
    slug = readout.engagement.slug
    if then in NEXT_ACTIONS:
        return NEXT_ACTIONS[then](request, slug, readout)
    verb, _dash, what = then.partition("-")
    if verb in PART_ACTIONS:
        try:
            return _to_section(slug, PART_ACTIONS[verb](request, readout, what))
        except Refused as refused:
            return _refused(request, readout, refused)
    messages.success(request, _("Saved."))
    return redirect(NEXT_PAGES.get(then, "readout-edit"), slug=slug)


def _comment_on(request: HttpRequest, readout: Readout, key: str) -> str:
    form = CommentForm({"section": key, "text": request.POST.get(f"comment-{key}", "")})
    _add_comment(request, readout, form)
    return key


def _add_comment(request: HttpRequest, readout: Readout, form: CommentForm) -> None:
    if not form.is_valid():
        raise Refused("invalid", " ".join(sentences(form)))
    given = form.cleaned_data
    commenting.comment(
        readout, by=account(request), section=given["section"], text=str(given["text"])
    )
    unsent.drop(request, readout.engagement.slug, given["section"])


def _settle(request: HttpRequest, readout: Readout, what: str) -> str:
    commenting.settle(readout, _number(what), by=account(request))
    return queries.section_of(readout, _number(what))


def _reopen(request: HttpRequest, readout: Readout, what: str) -> str:
    commenting.reopen(readout, _number(what), by=account(request))
    return queries.section_of(readout, _number(what))


def _write(request: HttpRequest, readout: Readout, name: str) -> str:
    """Go on with the house's sentence."""
    return _put_house(request, readout, name, queries.house_of_text(readout, name))


def _leave_to_house(request: HttpRequest, readout: Readout, name: str) -> str:
    return _put_house(request, readout, name, "")


def _put_house(request: HttpRequest, readout: Readout, name: str, text: str) -> str:
    columns: dict[str, editing.Columns] = {
        "attendance_text": {"attendance_text": text},
        "closing_text": {"closing_text": text},
    }
    if name not in columns:
        raise Refused("unknown_section", _("This readout has no such section."))
    editing.edit(readout, by=account(request), revision=readout.revision, **columns[name])
    return queries.SECTION_OF[name]


PART_ACTIONS = {
    "comment": _comment_on,
    "settle": _settle,
    "reopen": _reopen,
    "write": _write,
    "house": _leave_to_house,
}


def _number(what: str) -> int:
    return int(what) if what.isascii() and what.isdecimal() and len(what) < 19 else 0


def _to_section(slug: str, key: str) -> HttpResponse:
    anchor = f"#section-{key}" if key else ""
    return HttpResponseRedirect(reverse("readout-edit", args=[slug]) + anchor)


def _refused(request: HttpRequest, readout: Readout, refused: Refused) -> HttpResponse:
    """The page with what is saved, and the remarks that are not."""
    if isinstance(refused, NotAllowed):
        raise Http404 from refused
    messages.error(request, str(refused))
    readout.refresh_from_db(fields=editing.REFRESHED)
    return edit_page(request, readout, TextForm.of(readout), status=409)


def _kept(readout: Readout, form: TextForm) -> dict[str, object]:
    """The marks are those of what the page shows: what somebody else saved meanwhile is not there,
    so the next saving must not take the page's words for an answer to it."""
    seen = form.cleaned_data["seen"] or {}
    return {
        "revision": readout.revision,
        "seen": written(queries.marks_of(readout) | seen | editing.marks(form.changes())),
        "at": date_format(readout.engagement.local(clock.now()), "P T"),
    }


def _unsaved(
    request: HttpRequest,
    readout: Readout,
    form: TextForm,
    why: editing.Overtaken | str,
    *,
    status: int,
) -> HttpResponse:
    """The words stay in the form, so that nothing is lost."""
    if request.POST.get("then") == "keep":
        return JsonResponse({"sentence": str(why)}, status=status)
    if isinstance(why, str):
        if status == 409:
            messages.error(request, why)
        return edit_page(request, readout, form, status=status)
    again = _on_top(request, readout, form)
    return edit_page(request, readout, TextForm(again), conflict=why, status=status)


def _on_top(request: HttpRequest, readout: Readout, form: TextForm) -> QueryDict:
    """What was typed, upon what was saved meanwhile, which whoever saves again has seen. Parts
    that were only sent along are as saved now."""
    again = request.POST.copy()
    again["revision"] = str(readout.revision)
    again["seen"] = written(queries.marks_of(readout))
    seen, standing = form.cleaned_data["seen"] or {}, queries.standing(readout)
    for name, mark in editing.marks(form.changes()).items():
        if seen.get(name) == mark:
            again[name] = form.fields[name].prepare_value(standing[name]) or ""
    return again
