"""Reads of the floor: what an audience sees at a number, and what happened since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import BooleanField, ExpressionWrapper

from engagements import clock
from engagements.models import Registration
from engagements.rules import ADMITTED
from qa import events, projection, states
from qa.models import Announcement, Floor, FloorEvent, PollAnswer, Question, Silence, Vote
from qa.queries.polls import is_survey_open, poll_answers, polls_seen
from qa.queries.timetable import clock_due

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.db.models import QuerySet

    from engagements.models import Engagement
    from qa import messages


class Position(NamedTuple):
    """How far a floor has come, in one short read."""

    engagement_id: int
    epoch: str
    head: int
    public_head: int
    vote_mark: int
    voting: str
    backstage_mark: int
    poll_mark: int
    is_clock_due: bool

    def number(self, audience: str) -> int:
        """The last number of the log, as this audience counts."""
        return self.head if audience == projection.DESK else self.public_head


def floor_of(engagement: Engagement) -> Floor:
    return Floor.objects.select_related("engagement", "current_label").get(engagement=engagement)


def position(floor_id: int) -> Position:
    is_due = ExpressionWrapper(clock_due(clock.now()), BooleanField())
    floors = Floor.objects.annotate(is_clock_due=is_due)
    return Position(*floors.values_list(*Position._fields).get(pk=floor_id))


def admitted(floor: Floor, registrations: Collection[int]) -> dict[int, int]:
    """Those of them that open this floor's room now, as `rules.may_enter_room` says, with their
    role categories."""
    found = Registration.objects.filter(
        ADMITTED, pk__in=registrations, engagement=floor.engagement_id
    )
    return dict(found.values_list("pk", "category"))


def snapshot(floor_id: int, audience: str) -> messages.Snapshot:
    """Everything that an audience sees now, with the number and mark from which to go on.

    Both are read first: a change in between is told again by its event, which changes nothing.
    """
    floor = Floor.objects.select_related("engagement", "current_label").get(pk=floor_id)
    questions = _led_on(visible(floor, audience))
    told = projection.floor_view(events.describe_floor(floor))
    sees_counts = projection.sees_counts(audience, floor.voting)
    views: Any = [projection.view(audience, events.describe(question)) for question in questions]
    return {
        "type": "snapshot",
        "epoch": floor.epoch,
        "number": floor.head if audience == projection.DESK else floor.public_head,
        "engagement": floor.engagement.state,
        "floor": told["state"],
        "voting": told["voting"],
        "attribution": told["attribution"],
        "seconds_between": told["seconds_between"],
        "label": told["label"],
        "questions": views,
        "announcements": [
            projection.announcement_view(events.describe_announcement(one))
            for one in standing_announcements(floor)
        ],
        "polls": polls_seen(floor, audience),
        "survey": is_survey_open(floor_id),
        "mark": floor.vote_mark if sees_counts else 0,
        "votes": {str(q.number): q.votes for q in questions if q.votes and sees_counts},
    }


def _led_on(questions: QuerySet[Question]) -> list[Question]:
    """Merged ones lead on to rows that are here: long ways to a root cost no further queries."""
    rows = {question.pk: question for question in questions}
    for question in rows.values():
        if question.merged_into_id in rows:
            question.merged_into = rows[question.merged_into_id]
    return list(rows.values())


def standing_announcements(floor: Floor) -> QuerySet[Announcement]:
    """Those that were not taken back, in the order in which they were made."""
    return floor.announcements.filter(withdrawn_at=None).order_by("pk")


def announcements(floor: Floor) -> QuerySet[Announcement]:
    """All that were ever made, the latest first."""
    return floor.announcements.select_related("announced_by", "withdrawn_by")


def visible(floor: Floor, audience: str) -> QuerySet[Question]:
    """The questions that an audience may read at all, in order of their numbers."""
    questions = floor.questions.described().order_by("number")
    return questions if audience == projection.DESK else questions.filter(state=states.SHOWN)


def events_since(floor_id: int, number: int, *, most: int) -> list[dict[str, Any]]:
    """What all processes should know after a number of the full log: the newest, oldest first."""
    found = FloorEvent.objects.filter(floor_id=floor_id, number__gt=number).order_by("-number")
    return [events.as_message(event) for event in reversed(found[:most])]


class VoteChanges(NamedTuple):
    """What changed of votes after marks: for each audience its counts, and whose vote how.

    No counts for an audience that may not see them. `own` has the voter's registration, the
    question's number, and whether it is voted for.
    """

    mark: int
    counts: dict[str, messages.Counts]
    own: list[tuple[int, int, bool]]


def votes_since(floor_id: int, mark: int, marks: dict[str, int]) -> VoteChanges:
    """`mark` is where own votes were read to, `marks` where each audience's counts were.

    The floor's mark is read first, so that what changes in between is told again.
    """
    floor = Floor.objects.get(pk=floor_id)
    changed = list(
        floor.questions.filter(vote_mark__gt=min(marks.values())).values_list(
            "number", "state", "votes", "vote_mark"
        )
    )
    cast = Vote.objects.filter(question__floor=floor_id, mark__gt=mark).order_by("mark")
    return VoteChanges(
        mark=floor.vote_mark,
        counts={
            audience: {
                "type": "counts",
                "after": after,
                "mark": floor.vote_mark,
                "votes": {
                    str(number): votes
                    for number, state, votes, at in changed
                    if at > after and projection.sees_question(audience, state)
                },
            }
            for audience, after in marks.items()
            if projection.sees_counts(audience, floor.voting)
        },
        own=list(cast.values_list("voter", "question__number", "is_cast")),
    )


def own(registration_id: int) -> messages.Own:
    """What a stakeholder has asked, newest first, with what became of each; what was voted for,
    and chosen in polls."""
    asked = Question.objects.filter(asker=registration_id).described()
    votes = Vote.objects.filter(voter=registration_id, is_cast=True)
    silences = Silence.objects.filter(registration=registration_id, ended_at=None)
    silence = silences.values_list("reason", flat=True).first()
    return {
        "type": "own",
        "questions": [
            projection.own_view(events.describe(question)) for question in asked.order_by("-pk")
        ],
        "votes": list(votes.order_by("pk").values_list("question__number", flat=True)),
        "poll_answers": poll_answers(registration_id),
        "silenced": silence is not None,
        "silence_reason": silence or "",
    }


def own_changes(floor_id: int, since: datetime) -> dict[int, float]:
    """Whose own things changed since a moment, and when last, as a Unix time."""
    told = FloorEvent.objects.filter(
        floor=floor_id, at__gt=since, kind=projection.QUESTION
    ).order_by("number")
    changes = {
        payload["question"]["asker"]: at for payload, at in told.values_list("payload", "at")
    }
    votes = Vote.objects.filter(question__floor=floor_id, at__gt=since).order_by("at")
    for voter, at in votes.values_list("voter", "at"):
        changes[voter] = max(at, changes.get(voter, at))
    answers = PollAnswer.objects.filter(poll__floor=floor_id, at__gt=since)
    for who, at in answers.values_list("registration", "at"):
        changes[who] = max(at, changes.get(who, at))
    return {who: at.timestamp() for who, at in changes.items() if who is not None}
