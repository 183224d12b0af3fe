"""What a token of an agency opens: its lists, their files, and its answers to them."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

from django.db.models import QuerySet, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from ninja import Header, Query, Router

from engagements.refusals import Refused
from qa import queries
from qa.access import forwarding_file
from qa.actions.agency import downloading, writing
from qa.api.door import Call, TokenDoor
from qa.api.shapes import (
    AnswerIn,
    AnswerOut,
    AnswersIn,
    AnswersOut,
    ForwardingOut,
    ForwardingsOut,
    OneAnswerIn,
    ProblemOut,
    QuestionsOut,
    WrittenOut,
)
from qa.api.strict import WrongRows
from qa.models import AgencyAnswer, AnswerVersion, ApiToken, Forwarding
from qa.queries.agency.forwardings import FILES as LIST_FILES

Limit = Annotated[int, Query(ge=1, le=1_000)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]

router = Router(tags=["forwardings"])
LIST: Final = TokenDoor(ApiToken.Scope.LIST)
FILES: Final = TokenDoor(ApiToken.Scope.DOWNLOAD)
WRITE: Final = TokenDoor(ApiToken.Scope.ANSWER)
READ_OR_WRITE: Final = TokenDoor(ApiToken.Scope.LIST, ApiToken.Scope.ANSWER)

REFUSALS: Final = dict.fromkeys((401, 403, 404, 429), ProblemOut)
REFUSED_WRITES: Final = REFUSALS | dict.fromkeys((400, 409, 412, 413, 415, 422), ProblemOut)
QUESTION: Final = (
    "number", "text", "original_text", "asked_at", "label", "category", "votes", "times_asked",
    "merged_into", "status", "reason", "language", "translation", "translation_kind",
)  # fmt: skip
_TAG: Final = re.compile(r'(?:W/)?"([0-9]{1,9})"')


@router.get(
    "/forwardings",
    auth=LIST,
    response={200: ForwardingsOut, **REFUSALS},
    url_name="api-forwardings",
    summary="The lists of your agency, newest first",
)
def forwardings(request: Call, limit: Limit = 100, offset: Offset = 0) -> dict[str, Any]:
    found = queries.forwardings_for(request.auth.made_by).order_by("-sent_at", "-pk")
    found = found.prefetch_related(LIST_FILES)
    return _page(found, limit, offset, _forwarding)


@router.get(
    "/forwardings/{int:pk}",
    auth=LIST,
    response={200: ForwardingOut, **REFUSALS},
    url_name="api-forwarding",
    summary="One list",
)
def forwarding(request: Call, pk: int) -> dict[str, Any]:
    sent = _sent_to(request, pk)
    prefetch_related_objects([sent], LIST_FILES)
    return _forwarding(sent)


@router.get(
    "/forwardings/{int:pk}/questions",
    auth=LIST,
    response={200: QuestionsOut, **REFUSALS},
    url_name="api-questions",
    summary="The questions of a list, as they were frozen",
)
def questions(request: Call, pk: int, limit: Limit = 100, offset: Offset = 0) -> dict[str, Any]:
    found = _sent_to(request, pk).questions.order_by("number").values(*QUESTION)
    return _page(found, limit, offset, dict)


@router.get(
    "/forwardings/{int:pk}/files/{slug:kind}",
    auth=FILES,
    response={200: None, **REFUSALS},
    url_name="api-file",
    summary="A list as a file: xlsx, csv or json. You get it against a receipt",
)
def file(request: Call, pk: int, kind: str) -> HttpResponse:
    sent = _sent_to(request, pk)
    token = request.auth
    stored = downloading.download(sent, by=token.made_by, kind=kind, token=token)
    response = forwarding_file(stored)
    response["X-Content-SHA256"] = stored.sha256
    return response


@router.get(
    "/forwardings/{int:pk}/answers",
    auth=READ_OR_WRITE,
    response={200: AnswersOut, **REFUSALS},
    url_name="api-answers",
    summary="Your answers to the questions of a list, as they stand",
)
def answers(request: Call, pk: int, limit: Limit = 100, offset: Offset = 0) -> dict[str, Any]:
    return _page(_answers(_sent_to(request, pk)), limit, offset, _answer)


@router.put(
    "/forwardings/{int:pk}/answers",
    auth=WRITE,
    response={200: WrittenOut, **REFUSED_WRITES},
    url_name="api-answers",
    summary="Put many answers, all or none",
)
def put_answers(request: Call, pk: int, body: AnswersIn) -> dict[str, Any]:
    sent = _sent_to(request, pk)
    contents = {one.number: _content(one) for one in body.answers}
    if len(contents) < len(body.answers):
        raise Refused("twice", _("A question has two answers here."))
    revisions = {one.number: one.revision for one in body.answers if one.revision is not None}
    return _put(request, sent, contents, revisions, submit=body.submit)._asdict()


@router.get(
    "/forwardings/{int:pk}/answers/{int:number}",
    auth=READ_OR_WRITE,
    response={200: AnswerOut, **REFUSALS},
    url_name="api-answer",
    summary="Your answer to one question. Its ETag is its revision",
)
def answer(request: Call, response: HttpResponse, pk: int, number: int) -> dict[str, Any]:
    return _tagged(response, _sent_to(request, pk), number)


@router.put(
    "/forwardings/{int:pk}/answers/{int:number}",
    auth=WRITE,
    response={200: AnswerOut, **REFUSED_WRITES},
    url_name="api-answer",
    summary="Put one answer. If-Match with its ETag keeps you from overwriting a colleague's",
)
def put_answer(
    request: Call,
    *,
    response: HttpResponse,
    pk: int,
    number: int,
    body: OneAnswerIn,
    if_match: Annotated[str | None, Header(alias="If-Match")] = None,
    if_none_match: Annotated[str | None, Header(alias="If-None-Match")] = None,
) -> dict[str, Any]:
    sent = _sent_to(request, pk)
    revisions = _revisions(number, if_match, if_none_match)
    _put(request, sent, {number: _content(body)}, revisions, submit=body.submit)
    return _tagged(response, sent, number)


def _put(
    request: Call,
    sent: Forwarding,
    contents: dict[int, writing.Content],
    revisions: dict[int, int],
    *,
    submit: bool,
) -> writing.Written:
    found = _problems(sent, contents, submit=submit)
    if found:
        raise WrongRows(found)
    return writing.write_all(
        sent,
        contents=contents,
        by=request.auth.made_by,
        via=AnswerVersion.Via.API,
        token=request.auth,
        submit=submit,
        revisions=revisions,
    )


def _problems(
    sent: Forwarding, contents: dict[int, writing.Content], *, submit: bool
) -> list[dict[str, Any]]:
    """All that is wrong with all of them, where the action would tell the first."""
    cleaned = {number: content.cleaned() for number, content in contents.items()}
    found = writing.problems_of_all(sent, cleaned)
    if submit:
        for number, content in cleaned.items():
            found[number] = [*found.get(number, []), *writing.unready(content)]
    return [
        {"number": number, "field": one.field, "code": one.code, "detail": str(one.words)}
        for number, some in sorted(found.items())
        for one in some
    ]


def _sent_to(request: Call, pk: int) -> Forwarding:
    """A list of the token's own agency; any other answers like one that never was."""
    found = queries.forwardings_for(request.auth.made_by).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _page(found: QuerySet[Any, Any], limit: int, offset: int, shaped: Any) -> dict[str, Any]:
    return {"count": found.count(), "items": list(map(shaped, found[offset : offset + limit]))}


def _forwarding(sent: Forwarding) -> dict[str, Any]:
    return {
        "id": sent.pk,
        "number": sent.number,
        "engagement": sent.engagement.slug,
        "title": sent.engagement.full_title,
        "state": sent.state,
        "sent_at": sent.sent_at,
        "due_on": sent.due_on,
        "cover_note": sent.cover_note,
        "questions": sent.question_count,
        "digest": sent.digest,
        "supersedes": sent.supersedes_id,
        "files": list(sent.files.all()),
    }


def _answers(sent: Forwarding) -> QuerySet[AgencyAnswer]:
    return (
        AgencyAnswer.objects.filter(agency=sent.agency_id, question__forwarded__forwarding=sent)
        .select_related("question")
        .order_by("question__number")
    )


def _tagged(response: HttpResponse, sent: Forwarding, number: int) -> dict[str, Any]:
    found = _answers(sent).filter(question__number=number).first()
    if found is None:
        raise Http404
    response["ETag"] = f'"{found.revision}"'
    return _answer(found)


def _answer(written: AgencyAnswer) -> dict[str, Any]:
    return {
        "number": written.question.number,
        "status": written.status,
        "text": written.text,
        "page_url": written.page_url,
        "same_as": written.same_as,
        "directorate": written.directorate_name,
        "contact": written.contact,
        "answered_on": written.answered_on,
        "publishable": written.is_publishable,
        "state": written.state,
        "revision": written.revision,
        "remark": written.remark,
        "edited_at": written.edited_at,
    }


def _content(body: AnswerIn) -> writing.Content:
    return writing.Content(
        status=body.status,
        text=body.text,
        page_url=body.page_url,
        same_as=body.same_as,
        directorate_name=body.directorate,
        contact=body.contact,
        answered_on=body.answered_on,
        is_publishable=body.publishable,
    )


def _revisions(number: int, if_match: str | None, if_none_match: str | None) -> dict[int, int]:
    if if_none_match is not None and if_none_match.strip() == "*":
        return {number: 0}
    if if_match is None or if_match.strip() == "*":
        return {}
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        raise Refused("changed", _("If-Match must be the ETag of the answer."))
    return {number: int(found[1])}
