"""Reads of the floor: what an audience sees at a number, what happened since, the lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Count

from engagements.models import AuditEntry, Registration
from engagements.rules import ADMITTED
from qa import events, projection, states
from qa.models import Announcement, Floor, FloorEvent, Forwarding, Question, Vote

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from engagements.models import Engagement, User
    from qa import messages


class Position(NamedTuple):
    """How far a floor has come, in one short read."""

    engagement_id: int
    epoch: str
    head: int
    public_head: int
    vote_mark: int
    voting: str

    def number(self, audience: str) -> int:
        """The last number of the log, as this audience counts."""
        return self.head if audience == projection.DESK else self.public_head


def floor_of(engagement: Engagement) -> Floor:
    return Floor.objects.select_related("engagement").get(engagement=engagement)


def position(floor_id: int) -> Position:
    return Position(*Floor.objects.values_list(*Position._fields).get(pk=floor_id))


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
    floor = Floor.objects.select_related("engagement").get(pk=floor_id)
    questions = list(visible(floor, audience))
    sees_counts = projection.sees_counts(audience, floor.voting)
    return {
        "type": "snapshot",
        "epoch": floor.epoch,
        "number": floor.head if audience == projection.DESK else floor.public_head,
        "engagement": floor.engagement.state,
        "floor": floor.state,
        "voting": floor.voting,
        "questions": [
            projection.view(audience, events.describe(question)) for question in questions
        ],
        "announcements": [
            projection.announcement_view(events.describe_announcement(one))
            for one in standing_announcements(floor)
        ],
        "mark": floor.vote_mark if sees_counts else 0,
        "votes": {str(q.number): q.votes for q in questions if q.votes and sees_counts},
    }


def standing_announcements(floor: Floor) -> QuerySet[Announcement]:
    """Those that were not taken back, in the order in which they were made."""
    return floor.announcements.filter(withdrawn_at=None).order_by("pk")


def announcements(floor: Floor) -> QuerySet[Announcement]:
    """All that were ever made, the latest first."""
    return floor.announcements.select_related("announced_by", "withdrawn_by")


def visible(floor: Floor, audience: str) -> QuerySet[Question]:
    """The questions that an audience may read at all, in order of their numbers."""
    questions = floor.questions.select_related("category", "decided_by").order_by("number")
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
    """What a stakeholder has asked, newest first, with what became of each, and voted for."""
    asked = Question.objects.filter(asker=registration_id).select_related("category", "decided_by")
    votes = Vote.objects.filter(voter=registration_id, is_cast=True)
    return {
        "type": "own",
        "questions": [
            projection.own_view(events.describe(question)) for question in asked.order_by("-pk")
        ],
        "votes": list(votes.order_by("pk").values_list("question__number", flat=True)),
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
    return {who: at.timestamp() for who, at in changes.items() if who is not None}


def written_questions(engagement: Engagement) -> int:
    """Every question received, shown or not, merged or not; withdrawn ones are not counted."""
    return _received(engagement).exclude(state=states.WITHDRAWN).count()


class ListedQuestion(NamedTuple):
    """A question as an agency may read it: there is no field for who asked."""

    pk: int
    number: int
    original_text: str
    category: int | None
    state: str
    outcome: str
    dismissal: str


def listed_questions(engagement: Engagement) -> list[ListedQuestion]:
    """All questions of an engagement for its agency, in order of their numbers."""
    rows = _received(engagement).order_by("number")
    return [ListedQuestion(*row) for row in rows.values_list(*ListedQuestion._fields)]


def dispositions(engagement: Engagement) -> list[tuple[str, str, int]]:
    """Written questions by state and outcome, as (state, outcome, questions); they add up."""
    rows = (
        _received(engagement)
        .exclude(state=states.WITHDRAWN)
        .order_by("state", "outcome")
        .values_list("state", "outcome")
        .annotate(questions=Count("pk"))
    )
    return list(rows)


def _received(engagement: Engagement) -> QuerySet[Question]:
    """What counts as asked. Nothing of a rehearsal does."""
    return Question.objects.filter(
        floor__engagement=engagement, floor__engagement__is_rehearsal=False
    )


def forwardings_of(engagement: Engagement) -> QuerySet[Forwarding]:
    """The lists of an engagement, without their bytes, newest first."""
    return engagement.forwardings.select_related("agency", "sent_by").defer("file")


def forwardings_for(liaison: User) -> QuerySet[Forwarding]:
    """What a liaison may open: lists to the own agency, not recalled."""
    return (
        Forwarding.objects.filter(
            agency=liaison.agency_id,
            agency__isnull=False,
            state__in=[states.FORWARDING_SENT, states.FORWARDING_SUPERSEDED],
        )
        .select_related("engagement__series", "agency")
        .defer("file")
    )


def downloads(forwardings: Iterable[Forwarding]) -> dict[int, list[AuditEntry]]:
    """Who downloaded each list and when, from the audit log."""
    subjects = {f"qa.forwarding:{forwarding.pk}": forwarding.pk for forwarding in forwardings}
    found: dict[int, list[AuditEntry]] = {pk: [] for pk in subjects.values()}
    entries = AuditEntry.objects.filter(action="forwarding.downloaded", subject__in=subjects)
    for entry in entries.select_related("actor__agency"):
        found[subjects[entry.subject]].append(entry)
    return found
