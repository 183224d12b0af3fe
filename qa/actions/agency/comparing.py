"""A list that came back beside the answers that stand: what taking it over would do to each."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from django.db.models import OuterRef, Subquery

from qa import states
from qa.actions.agency.contents import Content, unready
from qa.actions.agency.writing import problems_of_all
from qa.files.agency import columns
from qa.files.agency.returned import Problem, ReturnedRow
from qa.models import AgencyAnswer, AnswerVersion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from qa.models import AnswerUpload

NEW: Final = "new"
CHANGED: Final = "changed"
CONFLICT: Final = "conflict"
"""Written on the page or by a program, and the file says something else: somebody decides."""
UNCHANGED: Final = "unchanged"
WITH_OFFICE: Final = "with_office"
"""Submitted or accepted, so it is not changed before it is taken back."""
PROBLEM: Final = "problem"

OUTCOMES: Final = (NEW, CHANGED, CONFLICT, UNCHANGED, WITH_OFFICE, PROBLEM)

_METADATA: Final = ("directorate_name", "contact", "answered_on", "is_publishable")
_SAID: Final = ("text", "page_url", "same_as")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One row of the file. `content` is what the answer would be; None for a problem."""

    row: int
    number: int | None
    outcome: str
    content: Content | None = None
    standing: AgencyAnswer | None = None
    remarks: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    replaces: bool = False
    """Of a conflict: the file was chosen."""

    @property
    def is_taken(self) -> bool:
        return self.outcome in {NEW, CHANGED} or (self.outcome == CONFLICT and self.replaces)

    @property
    def is_ready(self) -> bool:
        """It may be submitted as it is."""
        return self.content is not None and not unready(self.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    rows: list[Compared]
    seen: str
    """Names the answers as they stood, so that a decision is about what was looked at."""

    @property
    def counts(self) -> Mapping[str, int]:
        found = Counter(row.outcome for row in self.rows)
        return {outcome: found[outcome] for outcome in OUTCOMES}

    @property
    def taken(self) -> dict[int, Content]:
        return {
            row.number: row.content
            for row in self.rows
            if row.is_taken and row.number is not None and row.content is not None
        }


def compare(upload: AnswerUpload) -> Comparison:
    """Against the answers as they stand now. Stores nothing."""
    returned = [ReturnedRow.of_json(stored) for stored in upload.rows]
    replaced = {stored["number"] for stored in upload.rows if stored.get("replaces")}
    standing = _standing(upload)
    contents = {one.number: _content(one, standing.get(one.number)) for one in returned}
    wrong = problems_of_all(upload.forwarding, contents)
    compared = [
        Compared(
            row=one.row,
            number=one.number,
            outcome=PROBLEM
            if one.number in wrong
            else _outcome(contents[one.number], standing.get(one.number)),
            content=contents[one.number],
            standing=standing.get(one.number),
            remarks=one.remarks,
            problems=tuple(
                Problem(one.row, one.number, _column(found.field), found.code, found.words)
                for found in wrong.get(one.number, ())
            ),
            replaces=one.number in replaced,
        )
        for one in returned
    ]
    compared += _unread(upload.problems, standing)
    compared.sort(key=lambda one: one.row)
    return Comparison(rows=compared, seen=_seen(compared))


def _standing(upload: AnswerUpload) -> dict[int, AgencyAnswer]:
    """By number. `last_via` is the way by which its last words came."""
    versions = AnswerVersion.objects.filter(answer=OuterRef("pk")).order_by("-number")
    answers = (
        AgencyAnswer.objects.filter(
            agency=upload.forwarding.agency_id,
            question__forwarded__forwarding=upload.forwarding_id,
        )
        .select_related("question", "edited_by")
        .only(
            *(field.name for field in AgencyAnswer._meta.local_fields),
            "question__number",
            "edited_by__name",
        )
        .annotate(last_via=Subquery(versions.values("via")[:1]))
    )
    return {answer.question.number: answer for answer in answers}


def _content(said: ReturnedRow, standing: AgencyAnswer | None) -> Content:
    """What is empty in the file erases nothing: it keeps what stands, as far as that belongs to
    the same answer status."""
    content = Content(
        status=said.status or (standing.status if standing else states.IN_PROGRESS),
        **{name: getattr(said, name) for name in (*_SAID, *_METADATA)},
    ).cleaned()
    if standing is None:
        return content
    kept = _METADATA + (_SAID if content.status == standing.status else ())
    return replace(
        content,
        **{name: getattr(standing, name) for name in kept if getattr(content, name) in (None, "")},
    )


def _outcome(content: Content, standing: AgencyAnswer | None) -> str:
    if standing is None:
        return NEW
    stands = Content.of(standing)
    if content == stands:
        return UNCHANGED
    if standing.state not in states.EDITABLE:
        return WITH_OFFICE
    if stands == Content():
        return NEW
    by_hand = getattr(standing, "last_via", None) != AnswerVersion.Via.WORKBOOK
    return CONFLICT if by_hand and _loses(stands, content) else CHANGED


def _loses(stands: Content, content: Content) -> bool:
    """Whether words that stand would be overwritten, and not only something added."""
    nothing = Content()
    return any(
        getattr(stands, name) not in (getattr(nothing, name), getattr(content, name))
        for name in ("status", *_SAID, *_METADATA)
    )


def _unread(
    problems: Sequence[Sequence[object]], standing: Mapping[int, AgencyAnswer]
) -> Iterable[Compared]:
    """The rows that could not be read, each with all that is wrong with it."""
    rows: dict[int, list[Problem]] = {}
    for stored in problems:
        problem = Problem(*stored)  # type: ignore[arg-type]
        rows.setdefault(problem.row, []).append(problem)
    for row, found in rows.items():
        number = found[0].number
        yield Compared(
            row=row,
            number=number,
            outcome=PROBLEM,
            standing=standing.get(number) if number is not None else None,
            problems=tuple(found),
        )


def _column(field: str) -> str:
    return columns.heading(columns.ANSWER_STATUS if field == "status" else field)


def _seen(compared: Iterable[Compared]) -> str:
    stood = ",".join(
        f"{one.number}:{one.standing.revision if one.standing else 0}:"
        f"{one.standing.state if one.standing else ''}"
        for one in compared
    )
    return hashlib.sha256(stood.encode()).hexdigest()[:32]


def remembered(upload: AnswerUpload) -> list[Compared]:
    """What became of each row when the file was taken over."""
    found = []
    for stored in upload.rows:
        said = ReturnedRow.of_json(stored)
        is_wrong = stored.get("outcome") == PROBLEM
        found.append(
            Compared(
                row=said.row,
                number=said.number,
                outcome=stored.get("outcome", UNCHANGED),
                content=None if is_wrong else _content(said, None),
                remarks=said.remarks,
                problems=tuple(
                    Problem(said.row, said.number, "", PROBLEM, words)
                    for words in stored.get("words", ())
                ),
                replaces=bool(stored.get("taken")),
            )
        )
    found += _unread(upload.problems, {})
    return sorted(found, key=lambda one: one.row)
