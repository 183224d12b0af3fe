"""The office's house wordings: administrators edit them, editors read; both try them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements.access import account, office_page, refusals_told
from engagements.refusals import NotAllowed, Refused
from readouts import rules
from readouts.actions import wording as actions
from readouts.forms import RevisionForm
from readouts.forms.phrases import HABIT_LABELS, PHRASE_LABELS
from readouts.forms.wording import AgainstForm, NewWordingForm, WordingForm, languages
from readouts.models import HouseWording
from readouts.queries.trying import triable, tryout
from readouts.queries.wording import REASONS, house, usual, wordings
from readouts.wording import HOUSE, House
from readouts.wording.phrases import left_in_english

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from readouts.queries.trying import Tryout
    from readouts.wording import Tried

READ_AND_SEND = ["GET", "HEAD", "POST"]
SIDE_BY_SIDE = 3
"""Engagements that a wording is shown on where none is chosen."""


@require_http_methods(READ_AND_SEND)
@never_cache
@office_page(rules.may_read_wording)
def list_of_wordings(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _list_page(request, NewWordingForm(initial={"language": HOUSE.language}))
    _check_may_edit(request)
    form = NewWordingForm(request.POST)
    if not form.is_valid():
        return _list_page(request, form, status=400)
    try:
        added = actions.add(by=account(request), **form.cleaned_data)
    except Refused as refused:
        form.add_error("name", str(refused))
        return _list_page(request, form, status=409)
    messages.success(request, _("The wording is added. Make it what the office says."))
    return redirect("wording", pk=added.pk)


@require_http_methods(READ_AND_SEND)
@never_cache
@office_page(rules.may_read_wording)
def wording(request: HttpRequest, pk: int) -> HttpResponse:
    """All its phrases, and what it makes of past engagements."""
    found = get_object_or_404(HouseWording.objects.select_related("changed_by"), pk=pk)
    if request.method != "POST":
        form = WordingForm(wording=found, house=house(found))
        return _page(request, found, form, house(found))
    _check_may_edit(request)
    form = WordingForm(request.POST, wording=found, house=house(found))
    if not form.is_valid():
        return _page(request, found, form, None, status=400)
    if request.POST.get("then") == "preview":
        return _page(request, found, form, form.house())
    return _save(request, found, form)


@require_safe
@never_cache
@office_page(rules.may_read_wording)
def original(request: HttpRequest) -> HttpResponse:
    """The wording that comes with Openfloor, to read and to try."""
    return _page(request, None, WordingForm(wording=None, house=HOUSE), HOUSE)


@require_POST
@never_cache
@office_page(rules.may_read_wording)
def preview(request: HttpRequest) -> HttpResponse:
    """What phrases that are not saved would make of past engagements: a part of a page."""
    form = WordingForm(request.POST, wording=None, house=HOUSE)
    tried = form.house() if form.is_valid() else None
    context = {**_tried(request, tried), "form": form}
    return render(request, "readouts/staff/_wording_preview.html", context)


@require_POST
@office_page(rules.may_edit_wording)
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(HouseWording, pk=pk)
    form = RevisionForm(request.POST)
    if not form.is_valid():
        raise Http404
    with refusals_told(request):
        actions.restore(found, by=account(request), revision=form.cleaned_data["revision"])
        messages.success(request, _("All phrases are the original's again."))
    return redirect("wording", pk=pk)


@require_POST
@office_page(rules.may_edit_wording)
def make_usual(request: HttpRequest) -> HttpResponse:
    """The one that is sent by its number; an empty one is the original."""
    number = request.POST.get("wording", "")
    if number and not number.isdecimal():
        raise Http404
    found = get_object_or_404(HouseWording, pk=int(number[:18])) if number else None
    with refusals_told(request):
        actions.make_usual(found, by=account(request))
        messages.success(
            request,
            _("“%(name)s” is now the usual wording.") % {"name": found}
            if found
            else _("The wording that comes with Openfloor is now the usual one."),
        )
    return redirect("wordings")


@require_POST
@office_page(rules.may_edit_wording)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(HouseWording, pk=pk)
    with refusals_told(request):
        actions.remove(found, by=account(request))
        messages.success(request, _("“%(name)s” is removed.") % {"name": found})
    return redirect("wordings")


def _save(request: HttpRequest, found: HouseWording, form: WordingForm) -> HttpResponse:
    given = form.cleaned_data
    try:
        changed = actions.edit(
            found,
            by=account(request),
            revision=given["revision"],
            name=given["name"],
            house=form.house(),
        )
    except actions.WordingOvertaken as overtaken:
        return _overtaken_page(request, overtaken, form)
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, found, form, None, status=409)
    said = _("The wording is saved.") if changed else _("Nothing was different.")
    messages.success(request, said)
    return redirect("wording", pk=found.pk)


def _overtaken_page(
    request: HttpRequest, overtaken: actions.WordingOvertaken, form: WordingForm
) -> HttpResponse:
    """What was typed stays in the form, on the new revision; beside it what is saved now."""
    stored = overtaken.wording
    now = WordingForm(wording=stored, house=house(stored))
    typed = request.POST.copy()
    typed["revision"] = str(stored.revision)
    again = WordingForm(typed, wording=stored, house=house(stored))
    again.is_valid()
    different = [
        (field.label, now[field.name].value(), field.value())
        for field in form
        if not field.is_hidden and _as_sent(now[field.name].value()) != _as_sent(field.value())
    ]
    conflict = {"conflict": str(overtaken), "different": different}
    return _page(request, stored, again, form.house(), status=409, **conflict)


def _as_sent(value: Any) -> str:
    lines = "\n".join(value) if isinstance(value, tuple) else str(value or "")
    return lines.replace("\r\n", "\n").strip("\n")


def _check_may_edit(request: HttpRequest) -> None:
    if not rules.may_edit_wording(request.user):
        raise Http404


def _list_page(request: HttpRequest, form: NewWordingForm, *, status: int = 200) -> HttpResponse:
    found = wordings()
    context = {
        "wordings": found,
        "form": form,
        "may_edit": rules.may_edit_wording(request.user),
        "is_original_usual": not any(one.is_usual for one, _readouts in found),
    }
    return render(request, "readouts/staff/wordings.html", context, status=status)


def _page(
    request: HttpRequest,
    found: HouseWording | None,
    form: WordingForm,
    tried: House | None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    may_edit = found is not None and rules.may_edit_wording(request.user)
    if not may_edit:
        for field in form.fields.values():
            field.disabled = True
    stored = house(found)
    context = {
        **_tried(request, tried),
        "wording": found,
        "form": form,
        "may_edit": may_edit,
        "is_usual": found == usual(),
        "left_in_english": [
            (name, PHRASE_LABELS.get(name, name)) for name in left_in_english(stored)
        ],
        "language_name": dict(languages()).get(stored.language, stored.language),
        **more,
    }
    return render(request, "readouts/staff/wording.html", context, status=status)


def _tried(request: HttpRequest, tried: House | None) -> dict[str, Any]:
    """What a preview shows; nothing while the phrases are not right."""
    against = AgainstForm(
        request.POST if "against" in request.POST else request.GET,
        readouts=triable(account(request)),
    )
    if tried is None:
        return {"against": against, "tryouts": None}
    tryouts = [tryout(tried, one) for one in against.chosen(SIDE_BY_SIDE)]
    return {
        "against": against,
        "tryouts": [(one, _in_words(one)) for one in tryouts],
        "house": tried,
    }


def _in_words(found: Tryout) -> list[tuple[Any, list[tuple[Any, Tried, Any]]]]:
    """Every variant by its name, with the reason why it is not said."""
    labels = {slot: HABIT_LABELS[f"{slot}_by"] for slot, _entries in found.variants}
    return [
        (
            labels[slot][0],
            [(labels[slot][1][one.variant], one, REASONS.get(one.reason, "")) for one in entries],
        )
        for slot, entries in found.variants
    ]
