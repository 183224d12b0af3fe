"""The office's lists for all its desks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from engagements.access import account, office_page
from engagements.refusals import NotAllowed, Refused
from qa import rules
from qa.actions import gating, lists
from qa.forms.gate import FlaggedWordsForm, ReasonForm, reason_forms

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

READ_AND_SEND = ("GET", "HEAD", "POST")


@require_http_methods(READ_AND_SEND)
@never_cache
@office_page(rules.may_keep_lists)
def flagged_words(request: HttpRequest) -> HttpResponse:
    words = gating.flagged_words()
    if request.method != "POST":
        known = {"words": "\n".join(words), "seen": lists.list_digest(words)}
        return _words_page(request, FlaggedWordsForm(initial=known))
    form = FlaggedWordsForm(request.POST)
    if not form.is_valid():
        return _words_page(request, form, status=400)
    try:
        kept = lists.set_flagged_words(by=account(request), **form.cleaned_data)
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        form.add_error(None, str(refused))
        return _words_page(request, form, status=409)
    messages.success(request, _("The list is saved: words and phrases: %d.") % len(kept))
    return redirect("flagged-words")


@require_http_methods(READ_AND_SEND)
@never_cache
@office_page(rules.may_keep_lists)
def reasons(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _reasons_page(request, reason_forms())
    forms = reason_forms(request.POST)
    if not all(form.is_valid() for form in forms):
        return _reasons_page(request, forms, status=400)
    *known, new = forms
    try:
        lists.edit_reasons(
            by=account(request),
            words={form.reason.pk: form.words() for form in known},
            removed=[form.reason.pk for form in known if form.removes],
            added=new.words() if new.has_changed() else None,
        )
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        new.add_error(None, str(refused))
        return _reasons_page(request, forms, status=409)
    messages.success(request, _("The reasons are saved."))
    return redirect("dismissal-reasons")


def _words_page(request: HttpRequest, form: FlaggedWordsForm, *, status: int = 200) -> HttpResponse:
    return render(request, "qa/staff/flagged_words.html", {"form": form}, status=status)


def _reasons_page(
    request: HttpRequest, forms: list[ReasonForm], *, status: int = 200
) -> HttpResponse:
    context = {"forms": forms}
    return render(request, "qa/staff/dismissal_reasons.html", context, status=status)
