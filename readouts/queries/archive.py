"""What the archive shows: public engagements, narrowed down, with how many there are of each kind.

A number of queries that does not depend on how much there is: the whole shelf is one query of
small rows, and only what stands on a page is fetched.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import F, Q
from django.db.models.functions import Substr

from engagements import states
from engagements.models import Engagement
from engagements.queries import announced
from qa.models import Label
from readouts import searching
from readouts.models import ReadoutVersion, SearchEntry
from readouts.queries.answered import answered_at
from readouts.queries.search import excerpts, ranked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from readouts.queries.answered import Answered
    from readouts.searching import Piece

TEASER: Final = 300
"""Characters that stand for an engagement where nothing was searched for."""


@dataclass(frozen=True)
class Wanted:
    """What the address of the archive asks for; empty values ask for all."""

    q: str = ""
    agency: int | None = None
    series: int | None = None
    year: int | None = None
    label: str = ""
    is_ahead: bool = False
    by_date: bool = False

    @property
    def query(self) -> searching.Query:
        return searching.asked(self.q)


class Shelved(NamedTuple):
    """An engagement as far as it is narrowed down by. Labels are folded."""

    pk: int
    agency: int
    series: int | None
    year: int
    is_ahead: bool
    labels: frozenset[str]


class Choice(NamedTuple):
    """A value of a filter, and how many engagements it leaves of those that the others leave."""

    value: str
    name: str
    number: int
    is_chosen: bool


@dataclass(frozen=True)
class Found:
    """What is on the shelf as it was asked for, in order, and the values to choose from."""

    engagements: Sequence[int]
    agencies: Sequence[Choice]
    series: Sequence[Choice]
    years: Sequence[Choice]
    labels: Sequence[Choice]
    ahead: int
    """How many the same question finds among those that are still to come; else, those held."""


@dataclass(frozen=True)
class Hit:
    """An engagement on the page. `joined` and `questions` are those of the readout in force."""

    engagement: Engagement
    title: Sequence[Piece]
    body: Sequence[Piece]
    has_readout: bool
    joined: int | None
    questions: int | None
    answered: Answered | None
    """How many of its questions agencies have answered, where that is told."""


def search(wanted: Wanted) -> Found:
    names = _Names()
    shelf = _shelf(names)
    if wanted.q:
        rank = {pk: place for place, pk in enumerate(ranked(wanted.query))}
        shelf = [one for one in shelf if one.pk in rank]
        if not wanted.by_date:
            shelf.sort(key=lambda one: rank[one.pk])
    elsewhere = replace(wanted, is_ahead=not wanted.is_ahead)
    return Found(
        engagements=[one.pk for one in _meeting(shelf, wanted)],
        agencies=sorted(_choices(shelf, wanted, "agency", names.agencies), key=_by_name),
        series=sorted(_choices(shelf, wanted, "series", names.series), key=_by_name),
        years=sorted(_choices(shelf, wanted, "year", {}), key=lambda choice: -int(choice.value)),
        labels=sorted(_choices(shelf, wanted, "label", names.labels), key=_by_name),
        ahead=len(_meeting(shelf, elsewhere)),
    )


def _by_name(choice: Choice) -> str:
    return choice.name.casefold()


def hits(engagements: Sequence[int], wanted: Wanted) -> list[Hit]:
    """These engagements, in this order, as the page shows them."""
    rows = Engagement.objects.select_related("agency", "series").in_bulk(engagements)
    shown = excerpts(engagements, wanted.query)
    teasers = {} if len(shown) == len(engagements) else _teasers(engagements)
    figures = _figures(engagements)
    answered = answered_at(engagements)
    return [
        Hit(
            engagement=rows[pk],
            title=_title(rows[pk]) if pk not in shown else shown[pk].title,
            body=teasers.get(pk, []) if pk not in shown else shown[pk].body,
            has_readout=pk in figures,
            joined=figures[pk][0] if pk in figures else None,
            questions=figures[pk][1] if pk in figures else None,
            answered=answered.get(pk),
        )
        for pk in engagements
        if pk in rows
    ]


class _Names:
    """How values of filters are called, as they come up."""

    def __init__(self) -> None:
        self.agencies: dict[object, str] = {}
        self.series: dict[object, str] = {}
        self.labels: dict[object, str] = {}


def _shelf(names: _Names) -> list[Shelved]:
    """The latest first. What is cancelled is in the calendar, and not in the archive."""
    rows = (
        announced()
        .exclude(state=states.CANCELLED)
        .order_by("-starts_at", "-pk")
        .values_list(
            "pk", "agency", "agency__short_name", "series", "series__name", "state",
            "time_zone", "started_at", "starts_at",
        )
    )  # fmt: skip
    labels = _labels(names)
    shelf = []
    for pk, agency, agency_name, series, series_name, state, zone, started_at, starts_at in rows:
        names.agencies[agency] = agency_name
        names.series[series] = series_name or ""
        year = (started_at or starts_at).astimezone(ZoneInfo(zone)).year
        is_ahead = state not in states.OVER
        shelf.append(Shelved(pk, agency, series, year, is_ahead, frozenset(labels.get(pk, ()))))
    return shelf


def _labels(names: _Names) -> dict[int, set[str]]:
    """Of those with a readout in force: before that, the agenda is the office's alone."""
    found = Label.objects.filter(
        engagement__readout__versions__number__gt=F("engagement__readout__withdrawn_through")
    )
    labels: dict[int, set[str]] = {}
    for pk, name in found.order_by("pk").values_list("engagement", "name").distinct():
        labels.setdefault(pk, set()).add(name.casefold())
        names.labels.setdefault(name.casefold(), name)
    return labels


_VALUES: Final[dict[str, Callable[[Shelved], Iterable[object]]]] = {
    "agency": lambda one: [one.agency],
    "series": lambda one: [] if one.series is None else [one.series],
    "year": lambda one: [one.year],
    "label": lambda one: one.labels,
}


def _meeting(shelf: Iterable[Shelved], wanted: Wanted, *, but: str = "") -> list[Shelved]:
    """What meets all filters, or all `but` one."""
    asked = {name: _asked(wanted, name) for name in _VALUES if name != but}
    filters = {name: value for name, value in asked.items() if value is not None}
    return [
        one
        for one in shelf
        if one.is_ahead == wanted.is_ahead
        and all(value in _VALUES[name](one) for name, value in filters.items())
    ]


def _choices(
    shelf: Iterable[Shelved], wanted: Wanted, name: str, names: dict[object, str]
) -> list[Choice]:
    chosen = _asked(wanted, name)
    counts = Counter(
        value for one in _meeting(shelf, wanted, but=name) for value in _VALUES[name](one)
    )
    values = [*counts] if chosen is None or chosen in counts else [*counts, chosen]
    return [
        Choice(str(value), names.get(value, str(value)), counts[value], value == chosen)
        for value in values
    ]


def _asked(wanted: Wanted, name: str) -> object:
    value = getattr(wanted, name)
    if name == "label":
        return value.casefold() or None
    return value


def _title(engagement: Engagement) -> list[Piece]:
    return [searching.Piece(engagement.full_title)]


def _teasers(engagements: Sequence[int]) -> dict[int, list[Piece]]:
    """How the words of each begin, unless they may hold what was redacted since."""
    is_up_to_date = Q(public_head=None) | Q(public_head=F("engagement__floor__public_head"))
    entries = SearchEntry.objects.filter(is_up_to_date, engagement__in=engagements)
    found = entries.values_list("engagement", Substr("body", 1, TEASER * 2))
    return {pk: searching.excerpt(body, []) for pk, body in found}


def _figures(engagements: Sequence[int]) -> dict[int, tuple[int | None, int | None]]:
    """People who joined and written questions, as published, of those with a readout."""
    versions = ReadoutVersion.objects.filter(
        readout__engagement__in=engagements, number__gt=F("readout__withdrawn_through")
    ).order_by("number")
    rows = versions.values_list(
        "readout__engagement", "document__facts__joined", "document__facts__questions"
    )
    return {pk: (joined, questions) for pk, joined, questions in rows}
