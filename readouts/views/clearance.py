"""The office's chain of clearance, and the way of one readout through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from engagements.access import account, office_page
from engagements.forms.fields import sentences
from engagements.refusals import NotAllowed, Refused
from readouts import queries, rules
from readouts.access import readout_for
from readouts.actions import chain
from readouts.forms import OrderForm, StepForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from readouts.models import ClearanceStep


@require_safe
@never_cache
@office_page(rules.may_see_chain)
def steps(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@office_page(rules.may_set_chain)
def add(request: HttpRequest) -> HttpResponse:
    form = StepForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    done = _("Added. Readouts need this step from now on, those in review too.")
    return _done(request, form, done, lambda: chain.add(by=account(request), **form.cleaned_data))


@require_POST
@office_page(rules.may_set_chain)
def save(request: HttpRequest, pk: int) -> HttpResponse:
    form = StepForm(request.POST, step=_step(pk))
    if not form.is_valid():
        return _page(request, form, status=400)
    return _done(
        request,
        form,
        _("Saved."),
        lambda: chain.edit(pk, by=account(request), **form.cleaned_data),
    )


@require_POST
@office_page(rules.may_set_chain)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    _step(pk)
    form = OrderForm(request.POST)
    if not form.is_valid():
        for sentence in sentences(form):
            messages.error(request, sentence)
        return redirect("clearance")
    given = form.cleaned_data
    places = -1 if given["way"] == "up" else 1
    return _done(
        request,
        None,
        _("Moved."),
        lambda: chain.move(pk, by=account(request), seen=given["seen"], steps=places),
    )


@require_safe
@never_cache
@office_page()
def history(request: HttpRequest, slug: str) -> HttpResponse:
    readout = readout_for(request, slug, rules.may_view)
    context = {
        "engagement": readout.engagement,
        "readout": readout,
        "events": queries.history(readout),
        "versions": queries.versions_of(readout),
    }
    return render(request, "readouts/staff/history.html", context)


def _step(pk: int) -> ClearanceStep:
    for step in queries.all_steps():
        if step.pk == pk:
            return step
    raise Http404


def _done(
    request: HttpRequest, form: StepForm | None, done: str, action: Callable[[], object]
) -> HttpResponse:
    try:
        action()
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        if form is None:
            messages.error(request, str(refused))
            return redirect("clearance")
        form.add_error(None, str(refused))
        return _page(request, form, is_overtaken=refused.code == "overtaken", status=409)
    messages.success(request, done)
    return redirect("clearance")


def _page(
    request: HttpRequest,
    form: StepForm | None = None,
    *,
    is_overtaken: bool = False,
    status: int = 200,
) -> HttpResponse:
    """`form`: one that was refused, in its place. Its words may be sent again: the mark on the page
    is that of the chain as it is now, which stands beside them if somebody else has changed it."""
    every = queries.all_steps()
    mark = queries.chain_mark(every)
    refused_step = form.step.pk if form and form.step else None
    rows = [
        (step, form if step.pk == refused_step else StepForm(step=step, seen=mark))
        for step in every
    ]
    may_set = rules.may_set_chain(request.user)
    is_new = form is not None and form.step is None
    context = {
        "rows": rows,
        "new_form": form if is_new else StepForm(seen=mark),
        "refused_form": form,
        "is_overtaken": is_overtaken,
        "mark": mark,
        "may_set": may_set,
        "frame": "engagements/people/_frame.html" if may_set else "base.html",
        "has_active": any(step.is_active for step in every),
    }
    return render(request, "readouts/staff/chain.html", context, status=status)
