"""What agencies still owe the public, for the office: by agency and by list, with ages."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.queries import engagements_of
from qa import due_dates, states
from qa.models import AgencyAnswer, ForwardedQuestion, Question
from qa.queries.agency.promises import (
    AnswerCount,
    answer_state,
    farther,
    first_sent,
    groups,
    lists_in_force,
    roots_of,
)
from qa.queries.agency.said import agency_says

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    from engagements.models import Agency, Engagement, User
    from qa.models import Forwarding


@dataclass
class Line:
    """The lists of one agency, or one list."""

    agency: Agency | None
    forwarding: Forwarding | None = None
    lists: int = 0
    count: AnswerCount = field(default_factory=AnswerCount)
    ages: Counter[int] = field(default_factory=Counter)
    """Days since the agency got it -> open questions."""
    days_left: int | None = None
    """Of one list: until its due date, negative when that went by."""
    overdue_lists: int = 0
    overdue_days: int = 0
    """Of the list that is overdue the longest."""

    @property
    def oldest(self) -> int | None:
        """Days that the oldest open question has waited."""
        return max(self.ages, default=None)

    @property
    def median(self) -> int | None:
        """Days in the middle; of two in the middle the shorter time."""
        half = (self.ages.total() + 1) // 2
        for age in sorted(self.ages):
            half -= self.ages[age]
            if half <= 0:
                return age
        return None

    @property
    def with_office(self) -> int:
        """Open ones that wait for the office to accept or to publish the answer."""
        return self.count.submitted + self.count.accepted

    @property
    def is_overdue(self) -> bool:
        return self.overdue_lists > 0


class Chosen(NamedTuple):
    """Which promises are shown, in which order; "" for all."""

    agency: str = ""
    series: str = ""
    overdue: bool = False
    sort: str = ""


class Promised(NamedTuple):
    lists: list[Line]
    agencies: list[Line]
    total: Line


class OpenQuestion(NamedTuple):
    """A question that an agency owes an answer."""

    question: Question
    since: datetime
    age: int
    answer: str
    """State of the agency's answer, in words; "" where nothing is written."""


SORTED: Final[Mapping[str, tuple[StrOrPromise, Callable[[Line], tuple[float, ...]]]]] = {
    "overdue": (_("overdue the longest"), lambda line: (-line.overdue_days, -line.count.open)),
    "open": (_("most open questions"), lambda line: (-line.count.open,)),
    "oldest": (_("oldest open question"), lambda line: (-(line.oldest or -1),)),
    "share": (_("least answered"), lambda line: (_share(line.count),)),
    "due": (
        _("due next"),
        lambda line: (float("inf") if line.days_left is None else line.days_left,),
    ),
    "agency": (_("agency"), lambda _line: ()),
}


def promised(user: User, chosen: Chosen) -> Promised:
    """Over lists in force of engagements that this person works on."""
    rows = [row for row in _lists_of(user) if _is_chosen(row, chosen)]
    lines = {row.pk: _line(row) for row in rows}
    now = clock.now()
    for group in groups(lines) if lines else []:
        line = lines[group.forwarding]
        line.count.add(group)
        if group.line == states.OPEN and group.since is not None:
            line.ages[(now - group.since).days] += group.questions
    for line in lines.values():
        _mark_overdue(line)
    lists = [line for line in lines.values() if line.is_overdue or not chosen.overdue]
    agencies: dict[int, Line] = {}
    total = Line(None)
    for line in lists:
        if line.agency is not None:
            _add(agencies.setdefault(line.agency.pk, Line(line.agency)), line)
        _add(total, line)
    return Promised(_sorted(lists, chosen.sort), _sorted(agencies.values(), chosen.sort), total)


def choices_of(user: User) -> dict[str, list[tuple[str, str]]]:
    """Agencies and series that there are lists of, to choose from."""
    rows = list(_lists_of(user))
    agencies = {str(row.agency_id): row.agency.name for row in rows}
    series = {
        str(row.engagement.series.pk): row.engagement.series.name
        for row in rows
        if row.engagement.series is not None
    }
    return {
        "agency": sorted(agencies.items(), key=lambda pair: pair[1]),
        "series": sorted(series.items(), key=lambda pair: pair[1]),
    }


def list_in_force(user: User, pk: int) -> Forwarding | None:
    """One that this person may look into; None for any other, as for what never was."""
    return _lists_of(user).filter(pk=pk).first()


def open_questions(forwarding: Forwarding) -> list[OpenQuestion]:
    """Of a list: those without a public answer that nobody settled, the oldest first."""
    rows = ForwardedQuestion.objects.filter(forwarding=forwarding).annotate(
        says=agency_says("question", agency="forwarding__agency"),
        answer=answer_state("question", "forwarding__agency"),
        since=first_sent(),
    )
    listed = list(rows.values_list("question", "says", "answer", "since").order_by("number"))
    roots = roots_of(pk for pk, *_rest in listed)
    questions = Question.objects.in_bulk({*roots, *roots.values()})
    said = _root_says(forwarding, {into for pk, into in roots.items() if into != pk})
    words = dict(AgencyAnswer.State.choices)
    now = clock.now()
    found = []
    for pk, says, answer, since in listed:
        root_says, root_answer = said.get(roots[pk], ("", ""))
        own, kept = questions[pk], questions[roots[pk]]
        state = own.state if own.state == states.WITHDRAWN else kept.state
        if states.promise(state, kept.outcome, agency_says=says or root_says) == states.OPEN:
            word = words.get(farther(answer, root_answer), "")
            found.append(OpenQuestion(own, since, (now - since).days, str(word)))
    return sorted(found, key=lambda one: (one.since, one.question.number))


def overdue_of(user: User, *, most: int) -> tuple[list[Line], int]:
    """For the first page of the office: the lists overdue the longest, and how many there are."""
    found = promised(user, Chosen(overdue=True, sort="overdue")).lists
    return found[:most], len(found)


def waiting_for_acceptance(engagements: QuerySet[Engagement]) -> list[tuple[Engagement, int]]:
    """Engagements whose agency has submitted answers that nobody has decided about, the most
    first."""
    submitted = AgencyAnswer.objects.filter(
        state=states.ANSWER_SUBMITTED, question__floor__engagement__in=engagements.order_by()
    )
    counts = Counter(submitted.values_list("question__floor__engagement", flat=True))
    known = engagements.in_bulk(list(counts))
    return [(known[pk], number) for pk, number in counts.most_common() if pk in known]


def _lists_of(user: User) -> QuerySet[Forwarding]:
    own = engagements_of(user).filter(is_rehearsal=False).order_by().values("pk")
    return (
        lists_in_force()
        .filter(engagement__in=own)
        .select_related("engagement__series", "agency")
        .order_by("agency__short_name", "due_on", "pk")
    )


def _is_chosen(row: Forwarding, chosen: Chosen) -> bool:
    return chosen.agency in {"", str(row.agency_id)} and chosen.series in {
        "",
        str(row.engagement.series_id),
    }


def _line(row: Forwarding) -> Line:
    left = None
    if row.due_on is not None:
        left = due_dates.days_left(row.due_on, row.engagement.local(clock.now()))
    return Line(row.agency, row, lists=1, days_left=left)


def _mark_overdue(line: Line) -> None:
    """Only what the agency has not returned: what the office did not accept is not its fault."""
    if line.days_left is not None and line.days_left < 0 and line.count.outstanding:
        line.overdue_lists, line.overdue_days = 1, -line.days_left


def _add(to: Line, line: Line) -> None:
    to.lists += line.lists
    to.ages += line.ages
    to.overdue_lists += line.overdue_lists
    to.overdue_days = max(to.overdue_days, line.overdue_days)
    if line.days_left is not None and line.count.outstanding:
        to.days_left = line.days_left if to.days_left is None else min(to.days_left, line.days_left)
    to.count += line.count


def _sorted(lines: Iterable[Line], sort: str) -> list[Line]:
    _words, key = SORTED.get(sort, SORTED["overdue"])
    return sorted(lines, key=key)


def _share(count: AnswerCount) -> float:
    return count.answered / count.asked if count.asked else 1.0


def _root_says(forwarding: Forwarding, questions: set[int]) -> dict[int, tuple[str, str]]:
    answers = AgencyAnswer.objects.filter(
        question__in=questions, agency=forwarding.agency_id
    ).annotate(says=agency_says("question", agency="agency"))
    return {
        question: (says, state)
        for question, says, state in answers.values_list("question", "says", "state")
    }
