"""How many of the forwarded questions an agency has answered in public.

What counts is every question on a list in force (sent; neither superseded nor recalled) that was
not withdrawn since and that the office neither answered nor dismissed itself. One that was merged
into another counts, too, and is answered with that one: people asked it. So on each list

    answered + declined + open = asked,    asked + settled + withdrawn = on the list

See record 58. The number of queries does not depend on the number of lists.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db.models import Count, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from qa import states
from qa.models import AgencyAnswer, ForwardedQuestion, Forwarding, Question
from qa.queries.agency.forwardings import CAME
from qa.queries.agency.said import agency_says

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from django.db.models import QuerySet


@dataclass
class AnswerCount:
    """Questions of one list or of several, by how they stand."""

    answered: int = 0
    declined: int = 0
    """With a reason, or answered to the office alone."""
    open: int = 0
    settled: int = 0
    withdrawn: int = 0
    submitted: int = 0
    """Of the open ones: they wait for the office to accept the answer."""
    accepted: int = 0
    """Of the open ones: they wait for the office to publish the answer."""

    @property
    def asked(self) -> int:
        """Which the agency was to answer: the whole of "131 of 163 answered"."""
        return self.answered + self.declined + self.open

    @property
    def outstanding(self) -> int:
        """Of the open ones: the agency has not returned an answer."""
        return self.open - self.submitted - self.accepted

    @property
    def percent(self) -> int:
        """Answered, cut to a whole percent: 100 only when it is all of them."""
        return 100 * self.answered // self.asked if self.asked else 0

    def __add__(self, other: AnswerCount) -> AnswerCount:
        pairs = {name: number + getattr(other, name) for name, number in vars(self).items()}
        return AnswerCount(**pairs)

    def add(self, group: Group) -> None:
        name = _COUNTED_AS[group.line]
        setattr(self, name, getattr(self, name) + group.questions)
        if group.line == states.OPEN and group.answer == states.ANSWER_SUBMITTED:
            self.submitted += group.questions
        elif group.line == states.OPEN and group.answer == states.ANSWER_ACCEPTED:
            self.accepted += group.questions


class Group(NamedTuple):
    """So many questions of one list that stand alike."""

    forwarding: int
    line: str
    """See `states.promise`."""
    answer: str
    """State of the agency's answer as it stands; "" without one, and where it was not asked."""
    since: datetime | None
    """When the agency first got them on a list that it still has; by this list, where not asked."""
    questions: int


@dataclass(frozen=True)
class ListCount:
    """A list in force, and how its questions stand."""

    forwarding: Forwarding
    count: AnswerCount


class Progress(NamedTuple):
    """How far an agency is with a list, in questions that are asked of it."""

    asked: int
    came: int
    """The office has the answer, or the public."""
    published: int


_COUNTED_AS: Final = {
    states.ANSWERED_BY_AGENCY: "answered",
    states.DECLINED_BY_AGENCY: "declined",
    states.OPEN: "open",
    states.SETTLED: "settled",
    states.WITHDRAWN: "withdrawn",
}


def lists_in_force() -> QuerySet[Forwarding]:
    return Forwarding.objects.filter(state=states.FORWARDING_SENT)


def answer_counts(engagements: Iterable[int]) -> dict[int, list[ListCount]]:
    """Of each of these engagements its lists in force, one for each agency, with what the public
    may know of their counts: `submitted` and `accepted` are left out.

    What has no list in force is not in it.
    """
    rows = list(
        lists_in_force()
        .filter(engagement__in=list(engagements))
        .select_related("agency")
        .order_by("engagement", "agency__short_name")
    )
    counts = counted([row.pk for row in rows], in_full=False)
    found: dict[int, list[ListCount]] = defaultdict(list)
    for row in rows:
        found[row.engagement_id].append(ListCount(row, counts[row.pk]))
    return dict(found)


def counted(forwardings: Iterable[int], *, in_full: bool = True) -> dict[int, AnswerCount]:
    """Of each list by its key, whatever its state; those without a question too. See `groups`."""
    counts = {pk: AnswerCount() for pk in forwardings}
    for group in groups(counts, in_full=in_full) if counts else []:
        counts[group.forwarding].add(group)
    return counts


def progress(forwardings: Iterable[Forwarding]) -> dict[int, Progress]:
    """Of each list by its key, whatever its state, for the agency and the office."""
    return {
        pk: Progress(one.asked, one.asked - one.outstanding, one.answered + one.declined)
        for pk, one in counted(one.pk for one in forwardings).items()
    }


def groups(forwardings: Iterable[int], *, in_full: bool = True) -> list[Group]:
    """The questions of these lists, put together by how they stand; `in_full` also by how far
    their answers are and since when the agency has them, which doubles the time."""
    rows = ForwardedQuestion.objects.filter(forwarding__in=list(forwardings)).annotate(
        says=agency_says("question", agency="forwarding__agency"),
        answer=answer_state("question", "forwarding__agency") if in_full else Value(""),
        since=first_sent() if in_full else F("forwarding__sent_at"),
    )
    alone = (
        rows.exclude(question__state=states.MERGED)
        .values_list(
            "forwarding", "question__state", "question__outcome", "says", "answer", "since"
        )
        .annotate(questions=Count("pk"))
        .order_by()
    )
    found: dict[tuple[int, str, str, datetime | None], int] = defaultdict(int)
    for forwarding, state, outcome, says, answer, since, number in alone:
        found[forwarding, states.promise(state, outcome, agency_says=says), answer, since] += number
    for forwarding, line, answer, since in _merged(rows):
        found[forwarding, line, answer if in_full else "", since] += 1
    return [Group(*key, number) for key, number in found.items()]


def answer_state(question: str, agency: str) -> Coalesce:
    """State of the agency's answer to a question, or "" where nothing is written. Both name columns
    of the outer query."""
    answers = AgencyAnswer.objects.filter(
        question=OuterRef(question), agency=OuterRef(agency), revision__gt=0
    )
    return Coalesce(Subquery(answers.values("state")[:1]), Value(""))


def first_sent() -> Subquery:
    """When the agency of a forwarded question first got it on a list that it still has."""
    former = ForwardedQuestion.objects.filter(
        question=OuterRef("question"),
        forwarding__agency=OuterRef("forwarding__agency"),
        forwarding__state__in=states.REACHED_AGENCY,
    )
    return Subquery(former.order_by("forwarding__sent_at").values("forwarding__sent_at")[:1])


def _merged(
    rows: QuerySet[Any],
) -> list[tuple[int, str, str, datetime | None]]:
    """Of each merged one: the list, how it stands, the state of its answer, and since when."""
    merged = list(
        rows.filter(question__state=states.MERGED).values_list(
            "forwarding", "forwarding__agency", "question", "says", "answer", "since"
        )
    )
    if not merged:
        return []
    roots = roots_of(row[2] for row in merged)
    said = _said_to(set(roots.values()))
    found = []
    for forwarding, agency, question, says, answer, since in merged:
        state, outcome, by_agency = said[roots[question]]
        root_says, root_answer = by_agency.get(agency, ("", ""))
        line = states.promise(state, outcome, agency_says=says or root_says)
        found.append((forwarding, line, farther(answer, root_answer), since))
    return found


def farther(answer: str, root_answer: str) -> str:
    """Of a merged question: the state of the own answer, or that of the one that it is answered
    with, once the office has that and not the own one, which nobody need write any more."""
    if root_answer in CAME and answer not in CAME:
        return root_answer
    return answer or root_answer


def roots_of(questions: Iterable[int]) -> dict[int, int]:
    """Of each merged question the one that it is answered with; one query for each step of merges
    of merges."""
    above: dict[int, int] = {}
    asked = set(questions)
    waiting, seen = set(asked), set(asked)
    while waiting:
        step = Question.objects.filter(pk__in=waiting, merged_into__isnull=False)
        found = dict(step.values_list("pk", "merged_into"))
        above |= {pk: into for pk, into in found.items() if into is not None}
        waiting = set(above.values()) - seen
        seen |= waiting
    return {pk: _top(pk, above) for pk in asked}


def _top(pk: int, above: Mapping[int, int]) -> int:
    while pk in above:
        pk = above[pk]
    return pk


def _said_to(questions: set[int]) -> dict[int, tuple[str, str, dict[int, tuple[str, str]]]]:
    """State and outcome of each, and by agency what it says and the state of its answer."""
    found: dict[int, tuple[str, str, dict[int, tuple[str, str]]]] = {
        pk: (state, outcome, {})
        for pk, state, outcome in Question.objects.filter(pk__in=questions).values_list(
            "pk", "state", "outcome"
        )
    }
    answers = AgencyAnswer.objects.filter(question__in=questions).annotate(
        says=agency_says("question", agency="agency")
    )
    for question, agency, says, state in answers.values_list("question", "agency", "says", "state"):
        found[question][2][agency] = (says, state)
    return found
