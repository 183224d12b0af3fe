"""Write polls, open and close them. What is said of a poll here is said by the office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from engagements import audit, clock
from engagements import states as engagement_states
from engagements.models import Office
from engagements.refusals import NotAllowed, Refused
from qa import events, queries, rules, states
from qa.files.poll_results import poll_workbook
from qa.models import Poll, PollOption
from qa.queries import poll_pages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engagements.models import User
    from qa.models import Floor

MOST_POLLS: Final = 50
MOST_OPTIONS: Final = 12
"""More do not fit on a screen, and nobody reads them."""

DURING, AFTER = Poll.Moment.DURING, Poll.Moment.AFTER
ON: Final = frozenset({engagement_states.SCHEDULED, engagement_states.LIVE})
OVER: Final = frozenset({engagement_states.ARCHIVED, engagement_states.CANCELLED})


@transaction.atomic
def write(floor: Floor, *, by: User, moment: str, options: Sequence[str], **words: Any) -> Poll:
    """A draft, last in its order. `words` are the poll's own fields, `options` its answers."""
    locked = _lock(floor, by)
    _check_may_write(locked, moment)
    if locked.polls.count() >= MOST_POLLS:
        raise Refused("too_many", _("There are %(most)d polls already.") % {"most": MOST_POLLS})
    poll = Poll.objects.create(
        floor=locked, number=_next_number(locked), moment=moment, made_by=by, **words
    )
    _set_options(poll, options)
    poll = _of(locked, poll.number)
    _tell(locked, poll)
    _record("poll.written", poll, by)
    return poll


@transaction.atomic
def edit(
    floor: Floor, *, by: User, number: int, seen: int, options: Sequence[str], **words: Any
) -> Poll:
    """While it is a draft. `seen` is the revision that the editor had before him."""
    locked = _lock(floor, by)
    poll = _take(locked, number, states.POLL_DRAFT)
    if poll.revision != seen:
        raise Refused("decided", _("Somebody else has changed this poll meanwhile."))
    for field, value in words.items():
        setattr(poll, field, value)
    poll.revision += 1
    poll.save()
    _set_options(poll, options)
    poll = _of(locked, number)
    _tell(locked, poll)
    _record("poll.edited", poll, by)
    return poll


@transaction.atomic
def move(floor: Floor, *, by: User, number: int, is_up: bool) -> Poll:
    """A draft changes places, and so its number, with the draft before or after it."""
    locked = _lock(floor, by)
    poll = _take(locked, number, states.POLL_DRAFT)
    drafts = list(queries.polls(locked, poll.moment).filter(state=states.POLL_DRAFT))
    at = drafts.index(poll)
    beside = at - 1 if is_up else at + 1
    if not 0 <= beside < len(drafts):
        raise Refused("already", _("It is already at that end of the list."))
    other = drafts[beside]
    # Numbers are unique at every moment, so one of the two steps aside first.
    aside = _next_number(locked)
    for one, to in ((poll, aside), (other, number), (poll, other.number)):
        Poll.objects.filter(pk=one.pk).update(number=to)
    poll.number, other.number = other.number, number
    for one in (poll, other):
        _tell(locked, one)
    _record("poll.moved", poll, by)
    return poll


@transaction.atomic
def delete(floor: Floor, *, by: User, number: int) -> None:
    """A draft. What was opened once stays on record."""
    locked = _lock(floor, by)
    poll = _take(locked, number, states.POLL_DRAFT)
    if poll.moment == DURING:
        events.append_poll(locked, poll, is_gone=True)
    _record("poll.deleted", poll, by)
    poll.delete()


@transaction.atomic
def copy(floor: Floor, *, by: User, number: int) -> Poll:
    """A new draft with the same words. A poll that was closed is not opened again: its results
    were shown, and later answers would be given in the knowledge of them."""
    poll = _of(floor, number)
    return write(
        floor,
        by=by,
        moment=poll.moment,
        options=[option.text for option in poll.options.all()],
        kind=poll.kind,
        text=poll.text,
        low_label=poll.low_label,
        high_label=poll.high_label,
        shows_live=poll.shows_live,
    )


@transaction.atomic
def open_poll(floor: Floor, *, by: User, number: int) -> Poll:
    """The room answers it from now on. Others may be open beside it."""
    locked = _lock(floor, by)
    poll = _take(locked, number, states.POLL_DRAFT, moment=DURING)
    if locked.engagement.state not in ON:
        raise Refused("not_live", _("Polls open while an engagement is scheduled or live."))
    set_state(poll, states.POLL_OPEN, by=by)
    _tell(locked, poll)
    return poll


@transaction.atomic
def close(floor: Floor, *, by: User, number: int) -> Poll:
    """For good: its results are frozen, and everybody in the room reads them."""
    locked = _lock(floor, by)
    poll = _take(locked, number, states.POLL_OPEN, moment=DURING)
    _close(locked, poll, by)
    return poll


@transaction.atomic
def take_back(floor: Floor, *, by: User, number: int) -> Poll:
    """A poll that was opened by mistake is a draft again, as long as nobody has answered it."""
    locked = _lock(floor, by)
    poll = _take(locked, number, states.POLL_OPEN, moment=DURING)
    if poll.answers.exists():
        raise Refused("answered", _("Somebody has answered already. Close the poll instead."))
    set_state(poll, states.POLL_DRAFT, by=by)
    events.append_poll(locked, poll, was_public=True)
    return poll


@transaction.atomic
def set_live(floor: Floor, *, by: User, number: int, shows_live: bool) -> Poll:
    """Whether the room sees the results of an open poll."""
    locked = _lock(floor, by)
    poll = _take(locked, number, states.POLL_OPEN, moment=DURING)
    if poll.shows_live == shows_live:
        raise Refused("already", _("That is so already."))
    poll.shows_live = shows_live
    poll.revision += 1
    poll.save(update_fields=["shows_live", "revision"])
    _tell(locked, poll)
    _record("poll.results_shown" if shows_live else "poll.results_hidden", poll, by)
    return poll


@transaction.atomic
def close_all(floor: Floor, *, by: User) -> None:
    """The engagement is over: polls that are still open close with it."""
    locked = events.lock(floor.pk)
    for poll in queries.polls(locked, DURING).filter(state=states.POLL_OPEN):
        _close(locked, poll, by)


def set_state(poll: Poll, state: str, *, by: User) -> None:
    """Store it, with the moment and on record; closing freezes the results."""
    now = clock.now()
    poll.state = state
    poll.revision += 1
    poll.opened_at = None if state == states.POLL_DRAFT else poll.opened_at or now
    poll.closed_at = now if state == states.POLL_CLOSED else None
    poll.results = queries.results_to_keep(poll) if state == states.POLL_CLOSED else None
    poll.save()
    acts = {
        states.POLL_OPEN: "opened", states.POLL_CLOSED: "closed", states.POLL_DRAFT: "taken_back"
    }  # fmt: skip
    _record(f"poll.{acts[state]}", poll, by)


def check_may_poll(floor: Floor, by: User) -> None:
    if not rules.may_poll(by, floor.engagement):
        raise NotAllowed("not_allowed", _("You do not moderate this engagement."))


def _close(locked: Floor, poll: Poll, by: User) -> None:
    set_state(poll, states.POLL_CLOSED, by=by)
    _tell(locked, poll)


def _lock(floor: Floor, by: User) -> Floor:
    check_may_poll(floor, by)
    return events.lock(floor.pk)


def _of(floor: Floor, number: int) -> Poll:
    poll = queries.polls(floor).filter(number=number).first()
    if poll is None:
        raise NotAllowed("unknown_poll", _("There is no poll with this number."))
    return poll


def _take(locked: Floor, number: int, state: str, moment: str = "") -> Poll:
    """The poll, in this state; each survey question goes with its survey."""
    poll = _of(locked, number)
    if moment and poll.moment != moment:
        raise Refused("survey", _("Survey questions open and close together."))
    if poll.state != state:
        raise Refused(
            "already",
            _("Poll %(number)d is %(state)s.")
            % {"number": number, "state": poll.get_state_display()},
        )
    return poll


@transaction.atomic
def export(floor: Floor, *, by: User) -> bytes:
    """The results of what is closed, as a workbook. Who takes it is on record."""
    engagement = floor.engagement
    if not rules.may_see_polls(by, engagement):
        raise NotAllowed("not_allowed", _("You may not see the polls of this engagement."))
    closed = [
        one
        for moment in (DURING, AFTER)
        for one in poll_pages.office_polls(floor, moment)
        if one.poll.state == states.POLL_CLOSED
    ]
    audit.record("polls.exported", floor, by=by, engagement=engagement)
    return poll_workbook(engagement, closed, office=Office.current().name)


def _check_may_write(locked: Floor, moment: str) -> None:
    state = locked.engagement.state
    if state in OVER or (moment == DURING and state == engagement_states.ENDED):
        raise Refused("over", _("This engagement is over."))
    if moment == AFTER and queries.survey_state(locked) not in {"", states.POLL_DRAFT}:
        raise Refused("survey", _("The survey has been opened: its questions stay as they are."))


def _next_number(locked: Floor) -> int:
    return 1 + (locked.polls.aggregate(last=Max("number"))["last"] or 0)


def _set_options(poll: Poll, options: Sequence[str]) -> None:
    poll.options.all().delete()
    if poll.kind != states.SCALE:
        PollOption.objects.bulk_create(
            PollOption(poll=poll, position=position, text=text)
            for position, text in enumerate(options, 1)
        )


def _tell(locked: Floor, poll: Poll) -> None:
    """Survey questions are nobody's news: of them is told when the survey opens and closes."""
    if poll.moment == DURING:
        events.append_poll(locked, poll)


def _record(action: str, poll: Poll, by: User) -> None:
    audit.record(
        action, poll, by=by, engagement=poll.floor.engagement, text=audit.digest(poll.text)
    )
