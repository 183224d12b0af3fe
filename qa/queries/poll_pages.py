"""Polls as pages show them: answers to choose from, figures beside them, one's own marked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from engagements import clock
from qa import events, figures, projection, states
from qa.figures import Counted
from qa.models import Poll
from qa.queries.polls import figures_of, poll_answers, polls, polls_seen, results_now, results_seen

if TYPE_CHECKING:
    from engagements.models import Registration
    from qa import messages
    from qa.models import Floor


RESULTS_STAY: Final = timedelta(minutes=5)
"""On the screen, after a poll has closed, unless a question is being answered; see polls.js."""


@dataclass(frozen=True)
class Choice:
    """One of the answers; `count` and `percent` are None where the reader is told none."""

    place: int
    text: str
    count: int | None = None
    percent: int | None = None
    is_own: bool = False


@dataclass(frozen=True)
class ShownPoll:
    number: int
    text: str
    kind: str
    state: str
    choices: tuple[Choice, ...]
    answers: int | None = None
    shows_live: bool = False
    low_label: str = ""
    high_label: str = ""

    @property
    def is_open(self) -> bool:
        return self.state == states.POLL_OPEN

    @property
    def is_several(self) -> bool:
        return self.kind == states.SEVERAL_CHOICES

    @property
    def is_scale(self) -> bool:
        return self.kind == states.SCALE

    @property
    def is_answered(self) -> bool:
        return any(choice.is_own for choice in self.choices)

    @property
    def has_results(self) -> bool:
        return bool(self.choices) and self.choices[0].count is not None

    @property
    def mean(self) -> float | None:
        if not self.is_scale or not self.has_results:
            return None
        counts = tuple(choice.count or 0 for choice in self.choices)
        return figures.mean(Counted(self.answers or 0, counts))


@dataclass(frozen=True)
class OfficePoll:
    """`place` is the number that people read: questions of the survey are counted apart from polls.
    `categories` are rows of the table by role category: a label, how many answered, and the
    choices; None where it is not told, or the poll is not closed."""

    poll: Poll
    shown: ShownPoll
    place: int
    moves_up: bool
    moves_down: bool
    categories: list[tuple[str, int, list[Choice]]] | None = None


def room_polls(floor: Floor, registration: Registration | None) -> list[ShownPoll]:
    """Those that are open, the last opened first, then those that are closed."""
    own = poll_answers(registration.pk) if registration else {}
    return _seen(floor, projection.ROOM, own)


def screen_poll(floor: Floor) -> ShownPoll | None:
    """The one that the screen shows: what was opened last; else what has just closed."""
    found = polls(floor, Poll.Moment.DURING)
    latest = found.filter(state=states.POLL_OPEN).order_by("opened_at").last()
    if latest is None:
        since = clock.now() - RESULTS_STAY
        latest = found.filter(closed_at__gt=since).order_by("closed_at").last()
    seen = _seen(floor, projection.SCREEN, {})
    return next((poll for poll in seen if latest and poll.number == latest.number), None)


def desk_polls(floor: Floor) -> dict[str, Any]:
    """Open ones first, then drafts in their order, then those that are closed."""
    order = (states.POLL_OPEN, states.POLL_DRAFT, states.POLL_CLOSED)
    found = _seen(floor, projection.DESK, {})
    found.sort(key=lambda poll: (order.index(poll.state), poll.number))
    return {"polls": found, "open": sum(poll.is_open for poll in found)}


def office_polls(floor: Floor, moment: str) -> list[OfficePoll]:
    """All of them, in order, with what was answered."""
    found = list(polls(floor, moment).select_related("made_by"))
    now = results_now([poll for poll in found if poll.state == states.POLL_OPEN])
    drafts = [poll for poll in found if poll.state == states.POLL_DRAFT]
    return [
        OfficePoll(
            poll=poll,
            place=place if moment == Poll.Moment.AFTER else poll.number,
            moves_up=poll in drafts[1:],
            moves_down=poll in drafts[:-1],
            shown=shown(
                projection.poll_view(events.describe_poll(poll)),
                poll.results or (figures_of(poll, now[poll]) if poll in now else None),
            ),
            categories=_categories(poll),
        )
        for place, poll in enumerate(found, 1)
    ]


def survey_sheet(
    floor: Floor, registration: Registration | None, *, with_drafts: bool = False
) -> list[ShownPoll]:
    """The questions of the survey, without any figure; drafts for the office only."""
    own = poll_answers(registration.pk, Poll.Moment.AFTER) if registration else {}
    found = polls(floor, Poll.Moment.AFTER)
    if not with_drafts:
        found = found.exclude(state=states.POLL_DRAFT)
    views = [projection.poll_view(events.describe_poll(poll)) for poll in found]
    return [shown(view | {"results": None}, None, own.get(str(view["number"]))) for view in views]


def shown(
    poll: messages.Poll, told: messages.PollFigures | None, own: list[int] | None = None
) -> ShownPoll:
    texts = poll["options"]
    if poll["kind"] == states.SCALE:
        texts = [str(step) for step in range(1, figures.STEPS + 1)]
    return ShownPoll(
        number=poll["number"],
        text=poll["text"],
        kind=poll["kind"],
        state=poll["state"],
        choices=_choices(texts, told, own or []),
        answers=told["answers"] if told else None,
        shows_live=poll["shows_live"],
        low_label=poll["low_label"],
        high_label=poll["high_label"],
    )


def _seen(floor: Floor, audience: str, own: dict[str, list[int]]) -> list[ShownPoll]:
    now = results_seen(floor, audience)
    seen = polls_seen(floor, audience)
    seen.sort(key=lambda poll: (poll["state"] == states.POLL_OPEN, poll["opened_at"] or ""))
    return [
        shown(poll, poll["results"] or now.get(poll["number"]), own.get(str(poll["number"])))
        for poll in reversed(seen)
    ]


def _choices(texts: list[str], told: Any, own: list[int]) -> tuple[Choice, ...]:
    """`told` holds figures of each place, or none where only the number of answers is told."""
    counts = (told["counts"] if told else []) or [None] * len(texts)
    percents = (told["percents"] if told else []) or [None] * len(texts)
    rows = zip(texts, counts, percents, strict=True)
    return tuple(
        Choice(place, text, count, percent, place in own)
        for place, (text, count, percent) in enumerate(rows, 1)
    )


def _categories(poll: Poll) -> list[tuple[str, int, list[Choice]]] | None:
    told = (poll.results or {}).get("categories")
    if told is None:
        return None
    view = projection.poll_view(events.describe_poll(poll))
    return [(one["label"], one["answers"], list(shown(view, one).choices)) for one in told]
