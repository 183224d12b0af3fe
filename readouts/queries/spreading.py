"""How the choice of sample questions spreads, in words and figures for a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagements.models import RoleCategory
from qa import states as question_states
from qa.models import Label, Question
from qa.queries import agency_says, is_forwarded
from readouts import rules, spread
from readouts.queries.samples import disposition_words, questions_of, with_forwarded
from readouts.spread import Asked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django_stubs_ext import StrOrPromise

    from engagements.models import Engagement
    from readouts.models import Readout
    from readouts.spread import Dimension, Gap, Group

    Names = Mapping[Dimension, Mapping[str, str]]

_TITLES: Final[Mapping[Dimension, StrOrPromise]] = {
    "label": gettext_lazy("By label"),
    "category": gettext_lazy("By role"),
    "votes": gettext_lazy("By votes"),
    "disposition": gettext_lazy("By what became of them"),
}


@dataclass(frozen=True)
class Bar:
    """A group with its words, and how long its bars are, in hundredths of the longest."""

    words: str
    group: Group
    asked_length: int
    chosen_length: int


@dataclass(frozen=True)
class Table:
    """One dimension. `told` says in a sentence what the bars show."""

    key: Dimension
    title: StrOrPromise
    bars: tuple[Bar, ...]
    told: str


@dataclass(frozen=True)
class Suggested:
    """A question that would mend gaps, and which ones in words."""

    question: Question
    mends: tuple[str, ...]


@dataclass(frozen=True)
class Spread:
    """`missing` are words of the groups that the choice leaves out; none before a first choice."""

    asked: int
    chosen: int
    tables: tuple[Table, ...]
    missing: tuple[str, ...]
    suggested: tuple[Suggested, ...]


def spread_of(readout: Readout) -> Spread:
    """Over all written questions; so many queries as for one."""
    engagement = readout.engagement
    asked = asked_of(readout)
    names = _names(engagement)
    chosen = sum(one.is_chosen for one in asked)
    gaps = spread.missing(asked) if chosen else []
    tables = (_table(asked, dimension, names) for dimension in spread.DIMENSIONS)
    return Spread(
        asked=len(asked),
        chosen=chosen,
        tables=tuple(table for table in tables if len(table.bars) > 1),
        missing=tuple(_with_share(asked, gap, names) for gap in gaps),
        suggested=_suggested(asked, names),
    )


def reason_to_mend(readout: Readout, question: int) -> str:
    """Why a suggested question is chosen: what it brings in; "" when nothing is missing now."""
    asked = asked_of(readout)
    one = next((one for one in asked if one.pk == question), None)
    gaps = spread.mended(one, spread.missing(asked)) if one else ()
    if not gaps:
        return ""
    names = _names(readout.engagement)
    told = "; ".join(_with_share(asked, gap, names) for gap in gaps)
    return _("Brings in what was missing: %(groups)s.") % {"groups": told}


def asked_of(readout: Readout) -> list[Asked]:
    """All written questions, as the readout counts them, with what of them is chosen."""
    chosen = set(readout.samples.values_list("question", flat=True))
    rows = (
        questions_of(readout.engagement)
        .exclude(state=question_states.WITHDRAWN)
        .annotate(is_forwarded=is_forwarded(), agency_says=agency_says())
        .order_by("number")
        .values_list("pk", "label", "category", "votes", "people", "state", "outcome",
                     "open_findings", "is_forwarded", "agency_says")
    )  # fmt: skip
    return [
        Asked(
            pk=pk,
            groups={
                "label": str(label or ""),
                "category": str(category or ""),
                "votes": spread.band_of(votes),
                "disposition": _kind_of(state, outcome, reached, says),
            },
            people=people,
            votes=votes,
            is_quotable=state in rules.QUOTABLE and not findings,
            is_chosen=pk in chosen,
            is_public=state == question_states.SHOWN,
        )
        for pk, label, category, votes, people, state, outcome, findings, reached, says in rows
    ]


def _kind_of(state: str, outcome: str, reached: bool, says: str) -> str:
    key = question_states.disposition(
        state, outcome, dismissal="", is_forwarded=reached, agency_says=says
    )
    return key.partition(".")[0]


def _suggested(asked: Sequence[Asked], names: Names) -> tuple[Suggested, ...]:
    found = spread.suggestions(asked)
    questions = with_forwarded(Question.objects.all()).select_related("category", "label")
    known = questions.in_bulk([one.pk for one in found])
    return tuple(
        Suggested(known[one.pk], tuple(_words(gap, names) for gap in one.mends))
        for one in found
        if one.pk in known
    )


def _table(asked: Sequence[Asked], dimension: Dimension, names: Names) -> Table:
    groups = spread.spread(asked, dimension, order=names[dimension])
    percents = (percent for one in groups for percent in (one.asked_percent, one.chosen_percent))
    longest = max(percents, default=0) or 1
    bars = tuple(
        Bar(
            words=names[dimension].get(group.key, group.key),
            group=group,
            asked_length=round(100 * group.asked_percent / longest),
            chosen_length=round(100 * group.chosen_percent / longest),
        )
        for group in groups
    )
    return Table(dimension, _TITLES[dimension], bars, _told(bars))


def _told(bars: Iterable[Bar]) -> str:
    """The largest group, and where the choice is furthest from it all."""
    bars = list(bars)
    if not bars:
        return ""
    largest = max(bars, key=lambda bar: bar.group.asked)
    sentences = [
        _("Most were “%(group)s”: %(asked)d%% of all, %(chosen)d%% of the chosen.")
        % _figures(largest)
    ]
    furthest = max(bars, key=lambda bar: abs(bar.group.gap))
    if furthest is not largest and any(bar.group.chosen for bar in bars):
        sentences.append(
            _("Furthest apart is “%(group)s”: %(asked)d%% of all, %(chosen)d%% of the chosen.")
            % _figures(furthest)
        )
    return " ".join(sentences)


def _figures(bar: Bar) -> dict[str, object]:
    group = bar.group
    return {"group": bar.words, "asked": group.asked_percent, "chosen": group.chosen_percent}


def _names(engagement: Engagement) -> Names:
    """Words of the groups of each dimension, in the order in which they are shown."""
    labels = Label.objects.filter(engagement=engagement).values_list("pk", "name")
    roles = RoleCategory.objects.values_list("pk", "label")
    kinds = (*question_states.DISPOSITIONS, question_states.DISMISSED)
    return {
        "label": {str(pk): name for pk, name in labels} | {"": _("without a label")},
        "category": {str(pk): name for pk, name in roles} | {"": _("without a role")},
        "votes": dict(zip(spread.BANDS, _bands(), strict=True)),
        "disposition": {kind: disposition_words(kind) for kind in kinds},
    }


def _bands() -> list[str]:
    ends = [int(band) - 1 for band in spread.BANDS[1:]]
    between = zip(map(int, spread.BANDS[1:-1]), ends[1:], strict=True)
    return [
        _("no votes"),
        *(_("%(least)d to %(most)d votes") % {"least": a, "most": b} for a, b in between),
        _("%(least)d votes and more") % {"least": int(spread.BANDS[-1])},
    ]


def _words(gap: Gap, names: Names) -> str:
    dimension, key = gap
    return names[dimension].get(key, key)


def _with_share(asked: Sequence[Asked], gap: Gap, names: Names) -> str:
    dimension, key = gap
    number = sum(one.groups[dimension] == key for one in asked)
    told = ngettext("%(count)s question", "%(count)s questions", number) % {
        "count": number_format(number, force_grouping=True)
    }
    return f"{_words(gap, names)} ({told})"
