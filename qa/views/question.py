"""One question at the desk: a page of its own, and the fragment that the desk's panel shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from engagements.access import account, engagement_for, office_page
from engagements.forms.fields import sentences
from engagements.refusals import NotAllowed, Refused
from qa import events, projection, queries, rules, states
from qa.access import is_part, to_question
from qa.actions import answering, editing, merging, translating
from qa.differences import differences
from qa.forms import SeenForm
from qa.forms import question as forms
from qa.forms.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

    from qa.models import Floor, Question


class Doing(NamedTuple):
    """What one address does: its form, its action, and what is said when it is done."""

    form: type[Form]
    act: Callable[..., Any]
    done: _StrPromise
    name: str = ""
    """Under which the page shows the form again when it is refused."""


def _merge(floor: Floor, *, by: Any, number: int, stays: str, **given: Any) -> Question:
    """One of the two into the other; what goes is refused if somebody changed it meanwhile."""
    if stays == forms.OTHER:
        return merging.merge(floor, by=by, number=number, seen=given["seen"], into=given["other"])
    return merging.merge(floor, by=by, number=given["other"], seen=given["other_seen"], into=number)


DOINGS: Final[dict[str, Doing]] = {
    "edit": Doing(forms.EditForm, editing.edit, _("The text is changed."), "edit_form"),
    "restore": Doing(SeenForm, editing.restore, _("The text is as it was asked.")),
    "note": Doing(forms.NoteForm, editing.annotate, _("The note is saved."), "note_form"),
    "language": Doing(forms.LanguageForm, editing.set_language, _("The language is saved.")),
    "translate": Doing(
        forms.TranslationForm,
        translating.translate,
        _("The translation is saved."),
        "translation_form",
    ),
    "untranslate": Doing(
        forms.TranslationGoneForm, translating.remove, _("The translation is removed.")
    ),
    "merge": Doing(forms.MergeForm, _merge, _("The questions are merged.")),
    "unmerge": Doing(SeenForm, merging.unmerge, _("The merge is undone.")),
    "answer": Doing(forms.AnswerForm, answering.write, _("The answer is saved."), "answer_form"),
    "take-back": Doing(SeenForm, answering.take_back, _("The answer is a draft again.")),
    "discard": Doing(SeenForm, answering.discard, _("The draft is thrown away.")),
}


@require_safe
@never_cache
@office_page()
def question(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The whole page, or with `part=1`, or fetched by a script, what the panel shows of it."""
    engagement = engagement_for(request, slug, rules.may_see_desk)
    return _page(request, queries.floor_of(engagement), number)


@require_POST
@never_cache
@office_page()
def do(request: HttpRequest, slug: str, number: int, what: str) -> HttpResponse:
    """One change by a form. What was typed is not lost where it is refused."""
    engagement = engagement_for(request, slug, rules.may_moderate)
    doing = DOINGS.get(what)
    if doing is None:
        raise Http404
    floor = queries.floor_of(engagement)
    form = doing.form(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(sentences(form)))
        return _page(request, floor, number, status=400, **_kept(doing, form))
    try:
        doing.act(floor, by=account(request), number=number, **form.cleaned_data)
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        messages.error(request, str(refused))
        return _page(request, floor, number, status=409, **_kept(doing, form))
    messages.success(request, str(doing.done))
    return to_question(request, slug, number)


def _kept(doing: Doing, form: Form) -> dict[str, Form]:
    return {doing.name: form} if doing.name else {}


def _page(
    request: HttpRequest, floor: Floor, number: int, *, status: int = 200, **kept: Form
) -> HttpResponse:
    found = queries.question_of(floor, number)
    if found is None:
        raise Http404
    may_moderate = rules.may_moderate(request.user, floor.engagement)
    context = (
        {
            "engagement": floor.engagement,
            "floor": floor,
            "is_part": is_part(request),
            "query": f"?question={number}",
            "level": 3 if is_part(request) else 2,
            "may_moderate": may_moderate,
            "may_see_asker": rules.may_see_asker(request.user, floor.engagement),
            "sees_counts": projection.sees_counts(projection.DESK, floor.voting),
        }
        | _facts(floor, found)
        | (_tools(request, floor, found) if may_moderate else {})
        | kept
    )
    name = "_question_panel" if is_part(request) else "question_page"
    return render(request, f"qa/staff/{name}.html", context, status=status)


def _facts(floor: Floor, found: Question) -> dict[str, Any]:
    """What the page tells of the question. `told` is as the desk's cards have it."""
    view: dict[str, Any] = {**projection.desk_view(events.describe(found)), "votes": found.votes}
    view["situation"] = f"{states.SHOWN}-{found.outcome}" if found.is_shown else found.state
    is_withdrawn = found.state == states.WITHDRAWN
    return {
        "told": view,
        "question": found,
        "row": found,
        "is_withdrawn": is_withdrawn,
        "language_name": dict(LANGUAGES).get(found.language, found.language),
        "difference": differences(found.original_text, found.text)
        if found.is_edited and not is_withdrawn
        else [],
        "joined": queries.merged_into(found),
        "translations": [] if is_withdrawn else _translated(found),
        "history": queries.history(floor, found),
    }


def _translated(found: Question) -> list[dict[str, Any]]:
    names = dict(LANGUAGES)
    return [
        {
            "row": one,
            "language": names.get(one.language, one.language),
            "is_current": one.is_current,
        }
        for one in queries.translated(found)
    ]


def _tools(request: HttpRequest, floor: Floor, found: Question) -> dict[str, Any]:
    """The forms of a moderator, filled with what stands."""
    search = forms.FindForm(request.GET, auto_id="q-%s")
    words = search.cleaned_data["find"] if search.is_valid() else ""
    may_merge = found.state in states.MERGEABLE
    return {
        "edit_form": forms.EditForm(initial={"text": found.text}, auto_id="q-edit-%s"),
        "note_form": forms.NoteForm(initial={"note": found.note}, auto_id="q-note-%s"),
        "language_form": forms.LanguageForm(
            initial={"language": found.language}, known=found.language, auto_id="q-%s"
        ),
        "answer_form": forms.answer_form(found),
        "translation_form": forms.translation_form(found, queries.translated(found).first()),
        "find_form": search,
        "searched": words,
        "may_merge": may_merge,
        "found": queries.questions_with(floor, found, words) if may_merge else [],
        "like": queries.likely_duplicates(floor, found) if may_merge else [],
        "takes_others": states.TAKES_OTHERS,
        "dismissals": queries.dismissal_reasons(),
        "speakers": floor.engagement.speakers.all(),
        "labels": floor.engagement.labels.all(),
    }
