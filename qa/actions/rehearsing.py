"""Take away what a rehearsal left: questions, votes, answers to polls, the log, and the people."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from engagements import audit, clock
from engagements.actions import rehearsing
from qa import events, states
from qa.models import Floor, FloorEvent, PollAnswer, Question, Vote, new_epoch
from qa.queries import floor_of

if TYPE_CHECKING:
    from engagements.models import Engagement, User


@dataclass(frozen=True, slots=True)
class Removed:
    """How many rows of each went. `votes` counts those that were taken back too."""

    registrations: int
    attendances: int
    questions: int
    votes: int
    poll_answers: int
    question_imports: int
    events: int


@transaction.atomic
def remove(engagement: Engagement, *, by: User) -> Removed:
    """The rehearsal is as if it had never been played; it can start again.

    The floor is closed and gets a new history, so that open pages start afresh. The audit rows
    stay, with one more that says how many of each are gone. Refuses what is no rehearsal.
    """
    rehearsing.lock(engagement)
    floor = events.lock(floor_of(engagement).pk)
    votes, _rows = Vote.objects.filter(question__floor=floor).delete()
    answers, _rows = PollAnswer.objects.filter(poll__floor=floor).delete()
    _all, rows = Question.objects.filter(floor=floor).delete()
    imports, _rows = floor.question_imports.all().delete()
    told, _rows = FloorEvent.objects.filter(floor=floor).delete()
    people = rehearsing.clear(engagement, by=by)
    _begin_anew(floor)
    removed = Removed(
        registrations=people.registrations,
        attendances=people.attendances,
        questions=rows.get(Question._meta.label, 0),
        votes=votes,
        poll_answers=answers,
        question_imports=imports,
        events=told,
    )
    audit.record("rehearsal.removed", engagement, by=by, engagement=engagement, **asdict(removed))
    return removed


def _begin_anew(floor: Floor) -> None:
    """Processes find the new epoch by their beacon, if not before. Polls are set-up, as labels and
    materials are: they are drafts again, for the next rehearsal. The clock strikes again."""
    floor.engagement.refresh_from_db(fields=["state"])
    floor.polls.update(state=states.POLL_DRAFT, results=None, opened_at=None, closed_at=None)
    Floor.objects.filter(pk=floor.pk).update(
        state=states.FLOOR_CLOSED,
        clock_at=floor.wound(clock.now()),
        epoch=new_epoch(),
        head=0,
        public_head=0,
        last_question_number=0,
        vote_mark=0,
        poll_mark=0,
    )
