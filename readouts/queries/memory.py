"""Figures over all engagements that are over: by year, agency, series, role category and label.

Counted from the rows of now, in a fixed number of queries, whatever the number of engagements.
Somebody of the office sees the engagements that he or she works on; an administrator all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements import figures, states
from engagements.models import DeclaredAttendance, Engagement, RoleCategory
from engagements.queries import engagements_of
from engagements.queries.totals import joined_of, registered_of
from qa.queries.totals import question_totals
from qa.states import DISMISSED, DISPOSITIONS
from readouts.models import ReadoutVersion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    from engagements.figures import CategoryKind
    from engagements.models import User
    from engagements.queries.totals import People
    from qa.queries.totals import QuestionsOf

LINES: Final = (*DISPOSITIONS, DISMISSED)
"""What can have become of a question; the reasons of dismissals are put together."""

WAYS: Final[dict[str, StrOrPromise]] = {
    "year": gettext_lazy("year"),
    "agency": gettext_lazy("agency"),
    "series": gettext_lazy("series"),
    "category": gettext_lazy("role category"),
    "label": gettext_lazy("label"),
    "engagement": gettext_lazy("engagement"),
}


@dataclass
class Line:
    """What was counted together. `joined` leaves out engagements whose attendance is not known."""

    label: str
    slug: str = ""
    short: str = ""
    """For a chart, where the label is long."""
    engagements: set[int] = field(default_factory=set)
    unknown: set[int] = field(default_factory=set)
    registered: int = 0
    joined: int = 0
    questions: int = 0
    became: Counter[str] = field(default_factory=Counter)

    def parts(self) -> list[int]:
        """In the order of LINES; they add up to the written questions."""
        return [self.became[key] for key in LINES]


@dataclass(frozen=True)
class CategoryLine:
    """The people of a role category. What leaves the office tells `told` in place of `joined`."""

    label: str
    kind: str
    joined: int
    percent: int
    registered: int
    questions: int
    told: int | None


@dataclass(frozen=True)
class Difference:
    """A published readout says another figure than is counted now."""

    engagement: Engagement
    what: str
    published: int
    counted: int


@dataclass(frozen=True)
class Chosen:
    """Which engagements count; "" for all."""

    year: str = ""
    agency: str = ""
    series: str = ""


@dataclass(frozen=True)
class Memory:
    """All that was counted, to be put together in one way or another."""

    engagements: dict[int, Engagement]
    joined: People
    registered: People
    questions: list[QuestionsOf]
    unknown: set[int]
    categories: list[RoleCategory]

    def total(self) -> Line:
        found = self._lines(lambda _one: "", lambda _one: _("Together"))
        return found[0] if found else Line(_("Together"))

    def lines(self, way: str) -> list[Line]:
        """By year or engagement the latest first, and else the most people first."""
        if way == "label":
            return self.by_label()
        if way == "year":
            return sorted(self._lines(_year, _year), key=lambda line: line.label, reverse=True)
        if way == "engagement":
            found = self._lines(lambda one: one.pk, lambda one: one.full_title)
            for line in found:
                one = self.engagements[next(iter(line.engagements))]
                line.slug, line.short = one.slug, one.title
            return found
        if way == "agency":
            found = self._lines(lambda one: one.agency_id, lambda one: one.agency.name)
        else:
            found = self._lines(lambda one: one.series_id, _series)
        return sorted(found, key=lambda line: (-line.joined, -line.questions, line.label))

    def by_label(self) -> list[Line]:
        """Written questions by the label that a moderator gave them. People have none."""
        found: dict[str, Line] = {}
        for row in self.questions:
            name = row.label or _("no label")
            line = found.setdefault(name.casefold(), Line(name))
            line.engagements.add(row.engagement)
            _count(line, row)
        return sorted(found.values(), key=lambda line: (-line.questions, line.label))

    def by_category(self) -> list[CategoryLine]:
        """In the order of the office's table, with whole percents of all who joined."""
        joined = _by_category(self.joined)
        registered = _by_category(self.registered)
        asked: Counter[int] = Counter()
        for row in self.questions:
            if row.category is not None:
                asked[row.category] += row.questions
        rows = [one for one in self.categories if joined[one.pk] or registered[one.pk]]
        people = [(cast("CategoryKind", one.kind), joined[one.pk]) for one in rows]
        told = figures.told(people, people=joined.total()) or [None] * len(rows)
        percents = figures.shares([count for _kind, count in people])
        return [
            CategoryLine(
                one.label, one.kind, count, percent, registered[one.pk], asked[one.pk], shown
            )
            for one, (_kind, count), percent, shown in zip(
                rows, people, percents, told, strict=True
            )
        ]

    def _lines(
        self, key: Callable[[Engagement], Any], label: Callable[[Engagement], str]
    ) -> list[Line]:
        found: dict[Any, Line] = {}
        of: dict[int, Line] = {}
        for pk, one in self.engagements.items():
            line = of[pk] = found.setdefault(key(one), Line(label(one)))
            line.engagements.add(pk)
            line.joined += self.joined[pk].total()
            line.registered += self.registered[pk].total()
        for pk in self.unknown:
            of[pk].unknown.add(pk)
        for row in self.questions:
            _count(of[row.engagement], row)
        return list(found.values())


def remembered(user: User, chosen: Chosen) -> Memory:
    found = {
        one.pk: one
        for one in _over(user).select_related("series", "agency")
        if _is_chosen(one, chosen)
    }
    rows = Engagement.objects.filter(pk__in=found)
    joined = joined_of(rows)
    imported = {pk for pk, one in found.items() if one.imported_from}
    declared = set(
        DeclaredAttendance.objects.filter(engagement__in=imported).values_list(
            "engagement", flat=True
        )
    )
    return Memory(
        engagements=found,
        joined=defaultdict(Counter, joined),
        registered=defaultdict(Counter, registered_of(rows)),
        questions=question_totals(rows),
        unknown=imported - declared,
        categories=list(RoleCategory.objects.all()),
    )


def choices_of(user: User) -> dict[str, list[tuple[str, str]]]:
    """Years, agencies and series that there are, to choose from."""
    rows = list(_over(user).select_related("series", "agency"))
    years = sorted({_year(one) for one in rows}, reverse=True)
    agencies = {str(one.agency_id): one.agency.name for one in rows}
    series = {str(one.series.pk): one.series.name for one in rows if one.series}
    return {
        "year": [(year, year) for year in years],
        "agency": sorted(agencies.items(), key=lambda pair: pair[1]),
        "series": sorted(series.items(), key=lambda pair: pair[1]),
    }


def differing(memory: Memory) -> list[Difference]:
    """Where a version in force says another figure than the rows say now."""
    versions = ReadoutVersion.objects.filter(
        readout__engagement__in=memory.engagements, number__gt=F("readout__withdrawn_through")
    ).order_by("number")
    published = {
        engagement: (joined, questions)
        for engagement, joined, questions in versions.values_list(
            "readout__engagement", "document__facts__joined", "document__facts__questions"
        )
    }
    asked: Counter[int] = Counter()
    for row in memory.questions:
        asked[row.engagement] += row.questions
    found = []
    for pk, (joined, questions) in published.items():
        pairs = (
            (_("joined"), joined, memory.joined[pk].total()),
            (_("written questions"), questions, asked[pk]),
        )
        found += [
            Difference(memory.engagements[pk], what, said, now)
            for what, said, now in pairs
            if said is not None and said != now
        ]
    return found


def _over(user: User) -> QuerySet[Engagement]:
    return engagements_of(user).filter(is_rehearsal=False, state__in=states.OVER)


def _is_chosen(one: Engagement, chosen: Chosen) -> bool:
    return (
        chosen.year in {"", _year(one)}
        and chosen.agency in {"", str(one.agency_id)}
        and chosen.series in {"", str(one.series_id)}
    )


def _year(one: Engagement) -> str:
    return str(one.held_on.year)


def _series(one: Engagement) -> str:
    return one.series.name if one.series else _("no series")


def _count(line: Line, row: QuestionsOf) -> None:
    line.questions += row.questions
    key = DISMISSED if row.disposition.startswith(f"{DISMISSED}.") else row.disposition
    line.became[key] += row.questions


def _by_category(people: People) -> Counter[int]:
    found: Counter[int] = Counter()
    for of_one in people.values():
        found += of_one
    return found


def labels() -> Iterable[StrOrPromise]:
    """What the parts of a line are called, in the order of LINES."""
    return (
        gettext_lazy("answered live"),
        gettext_lazy("answered in writing"),
        gettext_lazy("answered by the agency"),
        gettext_lazy("declined by the agency"),
        gettext_lazy("with the agency"),
        gettext_lazy("open"),
        gettext_lazy("merged"),
        gettext_lazy("dismissed"),
    )
