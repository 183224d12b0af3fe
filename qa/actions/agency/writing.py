"""What an agency answers, written as drafts: one by one on the page, or a whole list at once."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements import audit, clock, rows
from engagements.refusals import Refused
from qa import states
from qa.actions.agency import moving
from qa.actions.agency.contents import Content, Problem, circles, problems, unready
from qa.actions.agency.standing import Standing, named, stand
from qa.models import CONTENT, AgencyAnswer, AnswerVersion, Directorate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engagements.models import User
    from qa.models import AnswerUpload, ApiToken, Forwarding

__all__ = [
    "Content",
    "Problem",
    "Written",
    "circles",
    "problems",
    "problems_of_all",
    "unready",
    "write",
    "write_all",
]


class Written(NamedTuple):
    """Numbers of questions, in the order in which they were given."""

    changed: list[int]
    unchanged: list[int]
    submitted: list[int]


class _Way(NamedTuple):
    """By whom and how the words came."""

    by: User
    via: str
    upload: AnswerUpload | None
    token: ApiToken | None
    at: datetime


def problems_of_all(
    forwarding: Forwarding, contents: Mapping[int, Content]
) -> dict[int, list[Problem]]:
    """By number: why each cannot be the answer, circles with the answers that stand included."""
    numbers = frozenset(forwarding.questions.exclude(text="").values_list("number", flat=True))
    same_as = dict(
        AgencyAnswer.objects.filter(
            agency=forwarding.agency_id,
            question__forwarded__forwarding=forwarding,
            status=states.SAME_AS,
        ).values_list("question__number", "same_as")
    )
    return _problems_of_all(contents, numbers, same_as)


def write(
    forwarding: Forwarding,
    *,
    number: int,
    content: Content,
    by: User,
    revision: int | None = None,
    via: str = AnswerVersion.Via.PAGE,
    upload: AnswerUpload | None = None,
    token: ApiToken | None = None,
) -> AgencyAnswer:
    """See `write_all`. `revision` is that of the answer that was read before, 0 for none."""
    write_all(
        forwarding,
        contents={number: content},
        by=by,
        via=via,
        upload=upload,
        token=token,
        revisions=None if revision is None else {number: revision},
    )
    return AgencyAnswer.objects.select_related("question").get(
        agency=forwarding.agency_id,
        question__floor__engagement=forwarding.engagement_id,
        question__number=number,
    )


@transaction.atomic
def write_all(
    forwarding: Forwarding,
    *,
    contents: Mapping[int, Content],
    by: User,
    via: str,
    upload: AnswerUpload | None = None,
    token: ApiToken | None = None,
    submit: bool = False,
    revisions: Mapping[int, int] | None = None,
) -> Written:
    """All of these answers, or none: each by the number of its question on the list in force.

    An answer that reads as before stays untouched, whatever its state. Any other becomes a draft
    with a version more. Refuses what is with the office (take it back first), a list that is not
    in force, and a number that is not on it or was withdrawn. `by` is a liaison of the agency
    also where a token writes: who made it. `revisions`, by number, are those that were read
    before; another one in the meantime is a refusal. With `submit`, all of these are submitted.
    The number of queries does not grow with that of the answers.
    """
    standing = stand(forwarding, by=by, numbers=contents)
    cleaned = {number: content.cleaned() for number, content in contents.items()}
    changed = {
        number: content
        for number, content in cleaned.items()
        if number not in standing.answers or Content.of(standing.answers[number]) != content
    }
    _check_revisions(standing, revisions or {})
    _check_contents(standing, cleaned)
    _check_states(standing, changed)
    if changed:
        way = _Way(by, via, upload, token, clock.now())
        _store(standing, changed, way)
        _keep_versions(standing, changed, way)
        _record(standing, changed, way)
    submitted = []
    if submit and cleaned:
        submitted = moving.submit(standing.forwarding, numbers=list(cleaned), by=by, token=token)
    return Written(list(changed), [one for one in cleaned if one not in changed], submitted)


def _problems_of_all(
    contents: Mapping[int, Content], numbers: frozenset[int], same_as: Mapping[int, int | None]
) -> dict[int, list[Problem]]:
    found = {
        number: problems(content, number=number, numbers=numbers)
        for number, content in contents.items()
    }
    leads = {number: other for number, other in same_as.items() if number not in contents}
    leads |= {
        number: content.same_as
        for number, content in contents.items()
        if content.status == states.SAME_AS and not found[number]
    }
    words = _("The answers refer to each other in a circle, and none of them says anything.")
    for number in circles({one: other for one, other in leads.items() if other is not None}):
        if number in found:
            found[number].append(Problem("circle", words, "same_as"))
    return {number: some for number, some in found.items() if some}


def _check_contents(standing: Standing, contents: Mapping[int, Content]) -> None:
    same_as = {
        number: answer.same_as
        for number, answer in standing.answers.items()
        if answer.status == states.SAME_AS
    }
    found = _problems_of_all(contents, frozenset(standing.questions), same_as)
    for number, some in sorted(found.items()):
        words = some[0].words
        if len(contents) > 1:
            words = _("No. %(number)d: %(words)s") % {"number": number, "words": words}
        raise Refused(some[0].code, words)


def _check_revisions(standing: Standing, revisions: Mapping[int, int]) -> None:
    other = [
        number
        for number, revision in revisions.items()
        if revision != (standing.answers[number].revision if number in standing.answers else 0)
    ]
    if other:
        words = ngettext(
            "The answer to No. %(numbers)s was changed by somebody else meanwhile.",
            "The answers to Nos. %(numbers)s were changed by somebody else meanwhile.",
            len(other),
        )
        raise Refused("changed", words % {"numbers": named(other)})


def _check_states(standing: Standing, changed: Mapping[int, Content]) -> None:
    fixed = [
        number
        for number in changed
        if number in standing.answers and standing.answers[number].state not in states.EDITABLE
    ]
    if fixed:
        words = ngettext(
            "The answer to No. %(numbers)s is with the office. Take it back to change it.",
            "The answers to Nos. %(numbers)s are with the office. Take them back to change them.",
            len(fixed),
        )
        raise Refused("with_office", words % {"numbers": named(fixed)})


def _store(standing: Standing, changed: Mapping[int, Content], way: _Way) -> None:
    """The rows are locked, so that their states are those that were checked."""
    agency = standing.forwarding.agency_id
    parts = {one.name.casefold(): one.pk for one in Directorate.objects.filter(agency=agency)}
    columns = (*CONTENT, "directorate_id", "state", "edited_by_id", "edited_at", "cleared_by_id",
               "cleared_at", "submitted_by_id", "submitted_at", "revision")  # fmt: skip
    updated, inserted = [], []
    for number, content in changed.items():
        answer = standing.answers.get(number)
        part = parts.get(content.directorate_name.casefold())
        said = [*_values(content), (answer and answer.directorate_id) or part]
        said += [states.ANSWER_DRAFT, way.by.pk, way.at, None, None, None, None]
        if answer is not None:
            updated.append([*said, answer.revision + 1, answer.pk])
        else:
            inserted.append([*said, 1, agency, standing.questions[number], "", ""])
    rows.update(AgencyAnswer, columns, updated)
    rows.insert(AgencyAnswer, (*columns, "agency_id", "question_id", "note", "remark"), inserted)


def _keep_versions(standing: Standing, changed: Mapping[int, Content], way: _Way) -> None:
    keys = dict(
        AgencyAnswer.objects.filter(
            agency=standing.forwarding.agency_id,
            question__forwarded__forwarding=standing.forwarding,
        ).values_list("question__number", "pk")
    )
    last = dict(
        AnswerVersion.objects.filter(
            answer__agency=standing.forwarding.agency_id,
            answer__question__forwarded__forwarding=standing.forwarding,
        )
        .order_by()
        .values_list("answer")
        .annotate(Max("number"))
    )
    columns = (*CONTENT, "answer_id", "number", "via", "upload_id", "token_id", "saved_by_id",
               "saved_at")  # fmt: skip
    came = [way.via, way.upload and way.upload.pk, way.token and way.token.pk, way.by.pk, way.at]
    versions = (
        [*_values(content), keys[number], 1 + last.get(keys[number], 0), *came]
        for number, content in changed.items()
    )
    rows.insert(AnswerVersion, columns, versions)


def _values(content: Content) -> list[Any]:
    return list(map(asdict(content).get, CONTENT))


def _record(standing: Standing, changed: Mapping[int, Content], way: _Way) -> None:
    detail: dict[str, Any] = {"via": way.via, "answers": len(changed)}
    if len(changed) == 1:
        [(number, content)] = changed.items()
        detail |= {"number": number, "digest": audit.digest(content.text)}
    if way.upload is not None:
        detail["upload"] = way.upload.pk
    if way.token is not None:
        detail["token"] = way.token.pk
    audit.record(
        "answers.written",
        standing.forwarding,
        by=way.by,
        engagement=standing.forwarding.engagement,
        **detail,
    )
