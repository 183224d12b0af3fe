"""How many of the questions that went to agencies they have answered, as the public may know it.

Of an engagement that is over and of which the public reads a readout or answers: before that, how
much was asked is the office's alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engagements.queries import announced
from qa.queries.agency.promises import AnswerCount, answer_counts
from readouts.models import FollowUpEdition
from readouts.queries.published import with_readout

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engagements.models import Agency, Engagement
    from qa.queries.agency.promises import ListCount


@dataclass(frozen=True)
class Answered:
    """What the public reads of one engagement: a count for each agency that has a list of it."""

    counts: list[ListCount]
    has_answers: bool
    """There is a page with the agency's answers."""


@dataclass
class ByAgency:
    """An agency, with its engagements that are told, the latest first."""

    agency: Agency
    count: AnswerCount = field(default_factory=AnswerCount)
    rows: list[tuple[Engagement, ListCount, bool]] = field(default_factory=list)
    """With whether there is a page with the answers."""


def answered_at(engagements: Iterable[int]) -> dict[int, Answered]:
    """Of these engagements, which the public knows of, those that have something to tell.

    A number of queries that does not depend on how many they are.
    """
    wanted = set(engagements)
    if not wanted:
        return {}
    editions = set(
        FollowUpEdition.objects.filter(engagement__in=wanted)
        .order_by()
        .values_list("engagement", flat=True)
    )
    told = with_readout(wanted) | editions
    counts = answer_counts(told) if told else {}
    found = {
        pk: Answered([one for one in lists if one.count.asked], pk in editions)
        for pk, lists in counts.items()
    }
    return {pk: one for pk, one in found.items() if one.counts}


def answered_by_agency() -> list[ByAgency]:
    """All agencies with something to tell, by their names."""
    rows = announced().select_related("series").order_by("-starts_at", "-pk")
    engagements = {one.pk: one for one in rows if one.is_over}
    found: dict[int, ByAgency] = {}
    told = answered_at(engagements)
    for pk, engagement in engagements.items():
        if pk not in told:
            continue
        for one in told[pk].counts:
            agency = one.forwarding.agency
            line = found.setdefault(agency.pk, ByAgency(agency))
            line.count += one.count
            line.rows.append((engagement, one, told[pk].has_answers))
    return sorted(found.values(), key=lambda line: line.agency.name)
