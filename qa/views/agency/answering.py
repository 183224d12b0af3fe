"""One question of a list and the agency's answer to it; and many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from engagements.access import account, agency_page, refusals_told
from engagements.forms.fields import sentences
from engagements.refusals import NotAllowed, Refused
from qa import rules, states
from qa.actions.agency import assigning, moving, writing
from qa.actions.agency.contents import Content
from qa.differences import differences
from qa.forms.agency.answer import AnswerForm, InsideForm, RemarkForm
from qa.forms.agency.desk import SITUATIONS, BulkForm
from qa.forms.languages import LANGUAGES
from qa.queries.agency import desk
from qa.views.agency.doors import directorates, lead_page, question_on, sent_to
from qa.views.agency.lists import due_of, status_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from engagements.models import User
    from qa.models import AgencyAnswer, ForwardedQuestion, Forwarding

READ_AND_SEND: Final = ["GET", "HEAD", "POST"]
SAVE, ASK, SUBMIT = "save", "ask", "submit"

WITH_ALL: Final[dict[str, tuple[Callable[..., list[int]], Any]]] = {
    BulkForm.SUBMIT: (
        moving.submit,
        ngettext_lazy("%(number)d answer submitted.", "%(number)d answers submitted.", "number"),
    ),
    BulkForm.ASK: (
        moving.ask_clearance,
        ngettext_lazy(
            "%(number)d answer waits for clearance.",
            "%(number)d answers wait for clearance.",
            "number",
        ),
    ),
    BulkForm.CLEAR: (
        moving.clear,
        ngettext_lazy("%(number)d answer cleared.", "%(number)d answers cleared.", "number"),
    ),
    BulkForm.TAKE_BACK: (
        moving.take_back,
        ngettext_lazy("%(number)d answer taken back.", "%(number)d answers taken back.", "number"),
    ),
}
"""What is done with all that were ticked, and how many it says they were."""


@require_http_methods(READ_AND_SEND)
@never_cache
@agency_page()
def question(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A refused answer comes back with everything that was typed."""
    sent = sent_to(request, pk)
    found = question_on(request, sent, number)
    if request.method != "POST":
        return _page(request, sent, found)
    form = _answer_form(sent, found, _answer_to(sent, found), request)
    if not form.is_valid():
        return _page(request, sent, found, status=400, form=form)
    try:
        answer = writing.write(
            sent,
            number=number,
            content=form.content(),
            by=account(request),
            revision=form.cleaned_data["revision"],
        )
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        messages.error(request, str(refused))
        return _page(request, sent, found, status=409, form=form, refused=refused.code)
    _send_on(request, sent, answer)
    return redirect("agency-question", pk=pk, number=number)


@require_POST
@never_cache
@agency_page()
def move(request: HttpRequest, pk: int, number: int, move: str) -> HttpResponse:
    """Submit as it is saved, clear, send back, take back."""
    sent = sent_to(request, pk)
    question_on(request, sent, number)
    done: dict[str, tuple[Callable[..., Any], str]] = {
        "submit": (moving.submit, _("The answer is submitted to the office.")),
        "clear": (moving.clear, _("The answer is cleared.")),
        "take_back": (moving.take_back, _("The answer is a draft again.")),
        "send_back": (moving.send_back, _("The answer is with its writer again.")),
    }
    if move not in done:
        raise Http404
    act, words = done[move]
    given = {}
    if move == "send_back":
        form = RemarkForm(request.POST)
        if not form.is_valid():
            messages.error(request, " ".join(sentences(form)))
            return redirect("agency-question", pk=pk, number=number)
        given = form.cleaned_data
    with refusals_told(request):
        act(sent, numbers=[number], by=account(request), **given)
        messages.success(request, words)
    return redirect("agency-question", pk=pk, number=number)


@require_POST
@never_cache
@agency_page()
def inside(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Who answers it, and the note inside the agency."""
    sent = sent_to(request, pk)
    found = question_on(request, sent, number)
    form = _inside_form(sent, _answer_to(sent, found), account(request), request)
    if not form.is_valid():
        messages.error(request, " ".join(sentences(form)))
        return redirect("agency-question", pk=pk, number=number)
    with refusals_told(request):
        _arrange(sent, number, form, account(request))
        messages.success(request, _("Saved."))
    return redirect("agency-question", pk=pk, number=number)


@require_POST
@never_cache
@lead_page
def bulk(request: HttpRequest, pk: int) -> HttpResponse:
    """The same with all the questions that were ticked, or with none of them."""
    sent = sent_to(request, pk, lead=True)
    person = account(request)
    form = BulkForm(
        request.POST,
        numbers=frozenset(sent.questions.exclude(text="").values_list("number", flat=True)),
        directorates=list(directorates(sent.agency)),
        people=list(desk.colleagues(person.agency)),
    )
    if not form.is_valid():
        messages.error(request, " ".join(sentences(form)))
        return _back(request, pk)
    with refusals_told(request):
        messages.success(request, _do_with_all(sent, form, person))
    return _back(request, pk)


def _do_with_all(sent: Forwarding, form: BulkForm, by: User) -> str:
    numbers, do = form.cleaned_data["numbers"], form.cleaned_data["do"]
    if do == BulkForm.SUBMIT_READY:
        done = moving.submit_ready(sent, by=by)
        return str(WITH_ALL[BulkForm.SUBMIT][1] % {"number": len(done)})
    if do != BulkForm.GIVE:
        act, words = WITH_ALL[do]
        done = act(sent, numbers=numbers, by=by)
        return str(words % {"number": len(done)})
    if form.cleaned_data["directorate"]:
        part = form.directorate_given()
        assigning.give_to_directorate(sent, numbers=numbers, by=by, directorate=part)
    if form.cleaned_data["colleague"]:
        colleague = form.colleague_given()
        assigning.give_to_colleague(sent, numbers=numbers, by=by, colleague=colleague)
    words = ngettext_lazy("%(number)d question given.", "%(number)d questions given.", "number")
    return str(words % {"number": len(numbers)})


def _back(request: HttpRequest, pk: int) -> HttpResponse:
    """To the same page of the same filter; what stands in the form is only ever a query."""
    response = redirect("agency-forwarding", pk=pk)
    query = request.POST.get("query", "")
    if query.isascii() and query.isprintable() and query:
        response["Location"] += f"?{query}"
    return response


def _send_on(request: HttpRequest, sent: Forwarding, answer: AgencyAnswer) -> None:
    """After it was saved: where it cannot go on, it stays a draft, and the page says why."""
    number, by, do = answer.question.number, account(request), request.POST.get("do", SAVE)
    try:
        if do == ASK:
            moving.ask_clearance(sent, numbers=[number], by=by)
            messages.success(request, _("The answer waits for clearance."))
        elif do == SUBMIT:
            moving.submit(sent, numbers=[number], by=by)
            messages.success(request, _("The answer is submitted to the office."))
        else:
            messages.success(request, _("The draft is saved."))
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        words = _("The draft is saved and went no further. %(why)s")
        messages.warning(request, words % {"why": refused})


def _arrange(sent: Forwarding, number: int, form: InsideForm, by: User) -> None:
    given = form.cleaned_data
    for name, act in (
        ("directorate", assigning.give_to_directorate),
        ("colleague", assigning.give_to_colleague),
    ):
        if name in form.changed_data:
            act(sent, numbers=[number], by=by, **{name: given[name]})
    if "note" in form.changed_data:
        assigning.note(sent, number=number, by=by, text=given["note"])


def _answer_to(sent: Forwarding, found: ForwardedQuestion) -> AgencyAnswer | None:
    [row] = desk.desk_rows([found], agency=sent.agency_id)
    return row.answer


def _answer_form(
    sent: Forwarding,
    found: ForwardedQuestion,
    answer: AgencyAnswer | None,
    request: HttpRequest | None = None,
) -> AnswerForm:
    return AnswerForm(
        request.POST if request else None,
        number=found.number,
        numbers=frozenset(sent.questions.exclude(text="").values_list("number", flat=True)),
        content=Content.of(answer) if answer else Content(),
        initial={"revision": answer.revision if answer else 0},
        auto_id="answer-%s",
    )


def _inside_form(
    sent: Forwarding,
    answer: AgencyAnswer | None,
    person: User,
    request: HttpRequest | None = None,
) -> InsideForm:
    return InsideForm(
        request.POST if request else None,
        directorates=directorates(sent.agency),
        people=desk.colleagues(sent.agency),
        is_lead=rules.may_lead(person, sent),
        answer=answer,
        auto_id="inside-%s",
    )


def _page(
    request: HttpRequest,
    sent: Forwarding,
    found: ForwardedQuestion,
    *,
    status: int = 200,
    form: AnswerForm | None = None,
    refused: str = "",
) -> HttpResponse:
    person = account(request)
    answer = _answer_to(sent, found)
    context: dict[str, Any] = {
        "forwarding": sent,
        "question": found,
        "answer": answer,
        "due": due_of(sent),
        "situation": found.situation,  # type: ignore[attr-defined]  # annotated
        "situation_words": SITUATIONS[found.situation],  # type: ignore[attr-defined]
        "status_words": status_words(found.status),
        "language_name": dict(LANGUAGES).get(found.language, found.language),
        "asked_difference": differences(found.original_text, found.text)
        if found.original_text
        else [],
        "merged": desk.merged_rows(sent, found.number),
        "alike": desk.answered_alike(sent, found.number),
        "versions": _versions(answer),
        "form": form or _answer_form(sent, found, answer),
        "inside_form": _inside_form(sent, answer, person),
        "remark_form": RemarkForm(auto_id="remark-%s"),
        "directorates": directorates(sent.agency),
    }
    context |= _neighbors(sent, found, person) | _possible(sent, answer, person)
    if refused == "changed" and form is not None:
        context |= _conflict(form, answer)
    return render(request, "qa/agency/question.html", context, status=status)


def _conflict(form: AnswerForm, answer: AgencyAnswer | None) -> dict[str, Any]:
    """What somebody else wrote meanwhile, beside what was typed. Sent once more, this replaces it:
    the page has been read."""
    form.data = {**form.data.dict(), "revision": answer.revision if answer else 0}  # type: ignore[attr-defined]  # a QueryDict
    theirs = answer.text if answer else ""
    return {"conflict": answer, "conflict_difference": differences(theirs, form.content().text)}


def _neighbors(sent: Forwarding, found: ForwardedQuestion, person: User) -> dict[str, Any]:
    """The ones before and after, and the next that nobody has begun to answer."""
    all_ = desk.desk_questions(sent, of=person).exclude(text="")
    later = all_.filter(number__gt=found.number)
    to_write = desk.to_answer(all_).exclude(number=found.number)
    open_ = to_write.filter(situation__in=(desk.NOT_BEGUN, states.ANSWER_RETURNED))
    return {
        "previous": all_.filter(number__lt=found.number).order_by("-number").first(),
        "next": later.first(),
        "next_open": open_.filter(number__gt=found.number).first() or open_.first(),
    }


def _possible(sent: Forwarding, answer: AgencyAnswer | None, person: User) -> dict[str, bool]:
    """What this person may do with it now. The actions ask again."""
    state = answer.state if answer else states.ANSWER_DRAFT
    is_lead = rules.may_lead(person, sent)
    is_in_force = sent.state == states.FORWARDING_SENT
    clears = sent.agency.clears_answers
    is_own = answer is not None and answer.edited_by_id == person.pk

    def may(move: str) -> bool:
        return is_in_force and is_lead and state in states.ANSWERING_MOVES[move][0]

    return {
        "is_lead": is_lead,
        "is_in_force": is_in_force,
        "clears": clears,
        "may_write": is_in_force and state in states.EDITABLE,
        "stands": state not in {states.ANSWER_DRAFT, states.ANSWER_RETURNED},
        "may_submit": is_in_force and is_lead and not clears,
        "may_send": may("submit") and state == states.ANSWER_CLEARED,
        "may_clear": may("clear") and not (clears and is_own),
        "waits_for_another": may("clear") and clears and is_own,
        "may_send_back": may("send_back"),
        "may_take_back": may("take_back"),
    }


def _versions(answer: AgencyAnswer | None) -> list[dict[str, Any]]:
    """Newest first, each with what it changed in the text of the one before."""
    if answer is None:
        return []
    found = list(answer.versions.select_related("saved_by", "token"))
    texts = [*(one.text for one in found), ""]
    return [
        {"version": one, "difference": differences(former, one.text)}
        for one, former in zip(found, texts[1:], strict=True)
    ]
