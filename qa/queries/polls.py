"""Reads of polls and of the survey: what was asked, and what was answered, counted."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from django.db.models import Count
from django.utils.translation import gettext as _

from engagements.models import RoleCategory
from qa import events, figures, projection, states
from qa.figures import Counted, Group
from qa.models import Floor, Poll, PollAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from engagements.figures import CategoryKind
    from qa import messages

DURING, AFTER = Poll.Moment.DURING, Poll.Moment.AFTER

Tallies = dict[int, dict[int | None, list[tuple[list[int], int]]]]
"""Poll -> role category -> what was chosen, and by how many."""


class PollChanges(NamedTuple):
    """What is to be told of answers: for each audience, number -> figures of the polls that are
    open; and whose answers changed since a mark: registration, number of the poll, what is chosen.
    """

    mark: int
    results: dict[str, dict[str, messages.PollFigures]]
    own: list[tuple[int, int, list[int]]]


def polls(floor: Floor, *moments: str) -> QuerySet[Poll]:
    """Of these moments, with their answers to choose from, in order."""
    found = floor.polls.filter(moment__in=moments or Poll.Moment.values).order_by("number")
    return found.prefetch_related("options")


def polls_seen(floor: Floor, audience: str) -> list[messages.Poll]:
    """The polls in the room that an audience sees now."""
    return [
        projection.poll_view(events.describe_poll(poll))
        for poll in polls(floor, DURING)
        if projection.sees_poll(audience, poll.state)
    ]


def survey_state(floor: Floor) -> str:
    """That of its questions, which open and close together; empty where there are none."""
    present = set(floor.polls.filter(moment=AFTER).values_list("state", flat=True))
    for state in (states.POLL_OPEN, states.POLL_CLOSED, states.POLL_DRAFT):
        if state in present:
            return state
    return ""


def is_survey_open(floor_id: int) -> bool:
    return Poll.objects.filter(floor=floor_id, moment=AFTER, state=states.POLL_OPEN).exists()


def poll_changes(floor_id: int, mark: int) -> PollChanges:
    """The floor's mark is read first, so that what changes in between is told again."""
    floor = Floor.objects.get(pk=floor_id)
    open_polls = list(polls(floor, DURING).filter(state=states.POLL_OPEN))
    counted = {poll: figures_of(poll, one) for poll, one in results_now(open_polls).items()}
    results: dict[str, dict[str, messages.PollFigures]] = {a: {} for a in projection.AUDIENCES}
    for audience, told in results.items():
        for poll, one in counted.items():
            seen = projection.results_view(audience, one, shows_live=poll.shows_live)
            if seen is not None:
                told[str(poll.number)] = seen
    changed = PollAnswer.objects.filter(
        poll__floor=floor_id, mark__gt=mark, registration__isnull=False
    ).order_by("mark")
    own = list(changed.values_list("registration", "poll__number", "chosen"))
    return PollChanges(floor.poll_mark, results, own)


def results_seen(floor: Floor, audience: str) -> dict[int, messages.PollFigures]:
    """The same for a page: number -> figures, of open polls and of closed ones."""
    told = poll_changes(floor.pk, floor.poll_mark).results[audience]
    return {int(number): one for number, one in told.items()}


def poll_answers(registration_id: int, moment: str = DURING) -> dict[str, list[int]]:
    """What a stakeholder has chosen: number of the poll -> places."""
    found = PollAnswer.objects.filter(registration=registration_id, poll__moment=moment)
    found = found.exclude(poll__state=states.POLL_DRAFT).order_by("poll__number")
    return {str(number): chosen for number, chosen in found.values_list("poll__number", "chosen")}


def places(poll: Poll) -> int:
    """How many answers there are to choose from."""
    return figures.STEPS if poll.kind == states.SCALE else len(poll.options.all())


def results_now(asked: Iterable[Poll]) -> dict[Poll, Counted]:
    """What was answered so far, of all categories together."""
    given = list(asked)
    tallies = _tallies(given)
    return {
        poll: figures.count(
            (one for group in tallies.get(poll.pk, {}).values() for one in group),
            places=places(poll),
        )
        for poll in given
    }


def figures_of(poll: Poll, counted: Counted) -> messages.PollFigures:
    return {
        "answers": counted.answers,
        "counts": list(counted.counts),
        "percents": figures.percents(counted, kind=poll.kind),
    }


def results_to_keep(poll: Poll) -> dict[str, Any]:
    """What closing freezes: the figures, and those by role category as far as they may be told."""
    groups = _groups(poll, _tallies([poll]).get(poll.pk, {}))
    total = Counted(0, (0,) * places(poll))
    for group in groups:
        total = total + group.counted
    told = figures.told_by_group(groups, other=_("Other"))
    return {
        **figures_of(poll, total),
        "categories": None
        if told is None
        else [{"label": label, **figures_of(poll, counted)} for label, counted in told],
    }


def _groups(poll: Poll, tally: dict[int | None, list[tuple[list[int], int]]]) -> list[Group]:
    """Every role category in the office's order; who has none any more is *not stated*."""
    categories = {one.pk: one for one in RoleCategory.objects.all()}
    groups = [
        Group(one.label, _kind(one), figures.count(tally.get(pk, []), places=places(poll)))
        for pk, one in categories.items()
    ]
    unknown = [one for pk, chosen in tally.items() if pk not in categories for one in chosen]
    if unknown:
        counted = figures.count(unknown, places=places(poll))
        groups.append(Group(_("Not stated"), "not_stated", counted))
    return groups


def _kind(category: RoleCategory) -> CategoryKind:
    return cast("CategoryKind", category.kind)


def _tallies(asked: Sequence[Poll]) -> Tallies:
    """One query for all, grouped in the database: a burst of thousands comes as a few rows."""
    found: Tallies = defaultdict(lambda: defaultdict(list))
    rows = (
        PollAnswer.objects.filter(poll__in=asked)
        .order_by()
        .values_list("poll", "category", "chosen")
        .annotate(people=Count("pk"))
    )
    for poll, category, chosen, people in rows:
        found[poll][category].append((chosen, people))
    return found
