"""Pages that set an engagement up: its clone, its notices, its registration questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from engagements import access, rules
from engagements.actions import cloning, noticing, questioning
from engagements.forms.cloning import CloneForm
from engagements.forms.noticing import NoticeForm
from engagements.forms.questioning import QuestionForm
from engagements.models import Notice, RegistrationQuestion
from engagements.queries import set_up
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

    from engagements.models import Engagement

READ_AND_SEND = ["GET", "HEAD", "POST"]


@require_http_methods(READ_AND_SEND)
@access.office_page()
def clone(request: HttpRequest, slug: str) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_clone)
    form = CloneForm(request.POST if request.method == "POST" else None, engagement=found)
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            made = cloning.clone(found, by=access.account(request), **form.cleaned_data)
        except NotAllowed as refused:
            raise Http404 from refused
        except Refused as refused:
            # What stands in the first one was entered before today's rules.
            form.add_error(None, str(refused))
            status = 409
        else:
            said = _("The draft is made. Please look through it before scheduling.")
            messages.success(request, said)
            return redirect("engagement-office", made.slug)
    context = {"engagement": found, "form": form}
    return render(request, "engagements/staff/clone.html", context, status=status)


@require_http_methods(READ_AND_SEND)
@access.office_page(rules.may_manage_people)
def office_notices(request: HttpRequest) -> HttpResponse:
    """The office's own: what stands in every engagement without notices of its own."""
    return _notices(request, None)


@require_http_methods(READ_AND_SEND)
@access.office_page()
def notices(request: HttpRequest, slug: str) -> HttpResponse:
    return _notices(request, access.engagement_for(request, slug, rules.may_set_up))


@require_POST
@access.office_page()
def notices_go_back(request: HttpRequest, slug: str) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_set_up)
    with access.refusals_told(request):
        noticing.go_back(found, by=access.account(request))
        messages.success(request, _("The notices of the office stand here again."))
    return redirect("notices", found.slug)


@require_http_methods(READ_AND_SEND)
@access.office_page()
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """What is asked, in order, and a form for one more."""
    found = access.engagement_for(request, slug, rules.may_set_up)
    asked = list(set_up.questions(found))
    data = request.POST if request.method == "POST" else None
    form = QuestionForm(data, others=asked)
    if data is not None and form.is_valid():
        if _done(form, questioning.add, found, by=access.account(request), **form.wording()):
            messages.success(request, _("The question is added."))
            return redirect("questions", found.slug)
        return _questions_page(request, found, asked, form, status=409)
    return _questions_page(request, found, asked, form, status=200 if data is None else 400)


@require_http_methods(READ_AND_SEND)
@access.office_page()
def question_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_set_up)
    question = _asked(found, pk)
    data = request.POST if request.method == "POST" else None
    form = QuestionForm(data, others=list(set_up.questions(found)), question=question)
    status = 200 if data is None else 400
    if data is not None and form.is_valid():
        if _done(form, questioning.edit, question, by=access.account(request), **form.wording()):
            messages.success(request, _("The question is changed."))
            return redirect("questions", found.slug)
        status = 409
    context = {"engagement": found, "question": question, "form": form}
    return render(request, "engagements/staff/question.html", context, status=status)


@require_POST
@access.office_page()
def question_move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_set_up)
    is_up = request.POST.get("direction") == "up"
    with access.refusals_told(request):
        questioning.move(_asked(found, pk), by=access.account(request), up=is_up)
    return redirect("questions", found.slug)


@require_POST
@access.office_page()
def question_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_set_up)
    with access.refusals_told(request):
        is_kept = questioning.remove(_asked(found, pk), by=access.account(request))
        said = (
            _("The question is not asked any more. Its answers are kept.")
            if is_kept
            else _("The question is removed.")
        )
        messages.success(request, said)
    return redirect("questions", found.slug)


def _notices(request: HttpRequest, engagement: Engagement | None) -> HttpResponse:
    """Looked at first, then published: the button that was pressed says which."""
    shown = Notice.shown_for(engagement) if engagement else Notice.of_office()
    data = request.POST if request.method == "POST" else None
    form = NoticeForm(data, notice=shown)
    if data is None or not form.is_valid():
        return _notices_page(request, engagement, shown, form, status=400 if data else 200)
    texts = dict(form.cleaned_data)
    seen = texts.pop("seen") or 0
    if "preview" in data:
        return _notices_page(request, engagement, shown, form, preview=Notice(**texts))
    by = access.account(request)
    if not _done(form, noticing.publish, by=by, engagement=engagement, seen=seen, **texts):
        return _notices_page(
            request,
            engagement,
            shown,
            NoticeForm(_newly_seen(form, shown), notice=shown),
            conflict=form.non_field_errors(),
            status=409,
        )
    messages.success(request, _("The notices are published. Whoever registers now sees them."))
    return redirect("notices", engagement.slug) if engagement else redirect("office-notices")


def _newly_seen(form: NoticeForm, shown: Notice) -> dict[str, Any]:
    """What was typed, to be sent once more over what has come in between."""
    return {name: form[name].value() for name in form.fields} | {"seen": shown.pk}


def _notices_page(
    request: HttpRequest,
    engagement: Engagement | None,
    shown: Notice,
    form: NoticeForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    versions = set_up.seen_notices(engagement)
    context = more | {
        "engagement": engagement,
        "shown": shown,
        "is_own": engagement is not None and shown.engagement_id is not None,
        "form": form,
        "versions": versions,
    }
    kind = "staff" if engagement else "people"
    return render(request, f"engagements/{kind}/notices.html", context, status=status)


def _questions_page(
    request: HttpRequest,
    engagement: Engagement,
    asked: list[RegistrationQuestion],
    form: QuestionForm,
    *,
    status: int,
) -> HttpResponse:
    context = {
        "engagement": engagement,
        "asked": [one for one in asked if one.retired_at is None],
        "retired": [one for one in asked if one.retired_at is not None],
        "form": form,
        "is_open": questioning.is_open(engagement),
    }
    return render(request, "engagements/staff/questions.html", context, status=status)


def _asked(engagement: Engagement, pk: int) -> RegistrationQuestion:
    return get_object_or_404(set_up.questions(engagement), pk=pk, retired_at=None)


def _done(form: Form, action: Callable[..., object], *args: object, **options: Any) -> bool:
    """Whether the action did it. A refusal becomes an error of the form, at its field if it can."""
    try:
        action(*args, **options)
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        field = "shown" if refused.code.startswith("shown_when") else refused.code
        form.add_error(field if field in form.fields else None, str(refused))
        return False
    return True
