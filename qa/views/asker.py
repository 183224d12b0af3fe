"""Who asked a question: told on demand, and on record; silenced or removed from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from engagements.access import account, engagement_for, office_page, refusals_told
from engagements.actions import attending
from engagements.forms.fields import sentences
from qa import queries, rules
from qa.access import is_part, to_question
from qa.actions import silencing
from qa.forms.question import SilenceForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from engagements.models import Registration
    from qa.models import Floor, Question


@require_POST
@never_cache
@office_page()
def asker(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """By POST, since looking leaves a trace: who looked, at whose question, and when."""
    floor = queries.floor_of(engagement_for(request, slug, rules.may_see_asker))
    question = _question(floor, number)
    silencing.look_up(floor, question, by=account(request))
    return _page(request, floor, question, SilenceForm(auto_id="q-%s"))


@require_POST
@never_cache
@office_page()
def silence(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    floor = queries.floor_of(engagement_for(request, slug, rules.may_silence))
    question = _question(floor, number)
    form = SilenceForm(request.POST, auto_id="q-%s")
    if not form.is_valid():
        messages.error(request, " ".join(sentences(form)))
        return to_question(request, slug, number)
    with refusals_told(request):
        silencing.silence(
            floor, by=account(request), registration=_person(question), **form.cleaned_data
        )
        messages.success(request, _("The person can read and vote, and not ask, and is told so."))
    return to_question(request, slug, number)


@require_POST
@never_cache
@office_page()
def end_silence(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    floor = queries.floor_of(engagement_for(request, slug, rules.may_silence))
    question = _question(floor, number)
    with refusals_told(request):
        silencing.end_silence(floor, by=account(request), registration=_person(question))
        messages.success(request, _("The person can ask again, and is told so."))
    return to_question(request, slug, number)


@require_POST
@never_cache
@office_page()
def remove(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Shut the room to who asked it. The person's page says so."""
    floor = queries.floor_of(engagement_for(request, slug, rules.may_silence))
    question = _question(floor, number)
    with refusals_told(request):
        attending.remove(_person(question), by=account(request))
        messages.success(request, _("The room is closed for the person, at once."))
    return to_question(request, slug, number)


def _question(floor: Floor, number: int) -> Question:
    found = queries.question_of(floor, number)
    if found is None:
        raise Http404
    return found


def _person(question: Question) -> Registration:
    if question.asker is None:
        raise Http404
    return question.asker


def _page(
    request: HttpRequest, floor: Floor, question: Question, form: SilenceForm
) -> HttpResponse:
    context = {
        "engagement": floor.engagement,
        "row": question,
        "asker": queries.asker_of(question),
        "form": form,
        "is_part": is_part(request),
        "level": 3 if is_part(request) else 2,
        "may_silence": rules.may_silence(request.user, floor.engagement),
    }
    return render(request, f"qa/staff/{'_asker' if is_part(request) else 'asker'}.html", context)
