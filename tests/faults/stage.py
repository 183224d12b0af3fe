"""The floor of an experiment, and what its database holds in the end."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from django.core.management import call_command

from engagements import clock
from engagements.models import Engagement, Registration, Role, User
from qa import states
from qa.models import Floor, FloorEvent, Question, Vote
from tests import factories
from tests.faults.verdict import Logged, Stored

if TYPE_CHECKING:
    from tests.faults.verdict import Record

MODERATORS: Final = ("Omar", "Mona")


class Stage(NamedTuple):
    floor: Floor
    writers: list[Registration]
    reader: Registration
    moderators: list[User]


def lay(writers: int) -> Stage:
    """In an empty database: a live engagement with an open floor, and who takes part."""
    call_command("migrate", verbosity=0)
    engagement = factories.make_engagement(
        "faults", state=Engagement.State.LIVE, started_at=clock.now()
    )
    Floor.objects.filter(engagement=engagement).update(state=states.FLOOR_OPEN)
    return Stage(
        floor=Floor.objects.select_related("engagement").get(engagement=engagement),
        writers=[factories.make_registration(engagement) for _ in range(writers)],
        reader=factories.make_registration(engagement),
        moderators=[
            factories.make_member(factories.make_user(name), engagement, Role.MODERATOR)
            for name in MODERATORS
        ],
    )


def read(floor: Floor, record: Record) -> None:
    """Put what is stored beside what people know."""
    floor.refresh_from_db()
    record.head, record.public_head = floor.head, floor.public_head
    record.stored = _stored(floor)
    record.log = [_logged(event) for event in FloorEvent.objects.filter(floor=floor)]


def _stored(floor: Floor) -> list[Stored]:
    cast: defaultdict[int, set[int]] = defaultdict(set)
    votes = Vote.objects.filter(question__floor=floor, is_cast=True)
    for question, voter in votes.values_list("question", "voter"):
        cast[question].add(voter)
    return [
        Stored(
            number=row.number,
            asker=row.asker_id or 0,
            client_id=str(row.client_id),
            text=row.text,
            state=row.state,
            was_shown=row.shown_at is not None,
            revision=row.revision,
            votes=row.votes,
            cast=frozenset(cast[row.pk]),
        )
        for row in Question.objects.filter(floor=floor)
    ]


def _logged(event: FloorEvent) -> Logged:
    question = event.payload.get("question", {})
    return Logged(
        number=event.number,
        public_number=event.public_number,
        question=question.get("number"),
        state=question.get("state", ""),
        revision=question.get("revision", 0),
    )
