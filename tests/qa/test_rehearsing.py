"""Nothing of a rehearsal reaches a figure, a list or a readout; all of it can be removed."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command

from engagements import states as engagement_states
from engagements.actions import attending, rehearsing
from engagements.models import (
    Attendance,
    AttendanceInterval,
    AuditEntry,
    Engagement,
    OutgoingMail,
    Registration,
)
from engagements.refusals import NotAllowed, Refused
from qa import queries, states
from qa.actions import asking, moderating, voting
from qa.actions import rehearsing as actions
from qa.models import Floor, FloorEvent, Forwarding, Question, Vote
from qa.queries.agency.outgoing import outgoing_questions
from readouts.actions import drafting
from readouts.models import Readout
from tests import factories

if TYPE_CHECKING:
    from pathlib import Path

    from engagements.models import User

pytestmark = pytest.mark.django_db

ROWS = (Registration, Attendance, AttendanceInterval, Question, Vote, FloorEvent)


@pytest.fixture
def played(live_engagement: Engagement, cora: User) -> Engagement:
    """A rehearsal in which two made-up people came: one asked twice, the other voted once."""
    Engagement.objects.filter(pk=live_engagement.pk).update(is_rehearsal=True)
    live_engagement.refresh_from_db()
    floor = queries.floor_of(live_engagement)
    asker, voter = rehearsing.enroll(live_engagement, by=cora, people=2)
    for person in (asker, voter):
        attending.arrive(person)
    for text in ("What is asked first?", "And then?"):
        asking.ask(floor, by=asker, text=text, client_id=uuid.uuid4())
    moderating.show(floor, by=cora, number=1, seen=1)
    voting.vote(floor, by=voter, number=1, is_cast=True)
    return live_engagement


def end(engagement: Engagement, *, is_rehearsal: bool) -> None:
    Engagement.objects.filter(pk=engagement.pk).update(
        state=engagement_states.ENDED, is_rehearsal=is_rehearsal
    )
    engagement.refresh_from_db()


def numbers(engagement: Engagement) -> tuple[int, list[tuple[str, str, int]], list[int]]:
    return (
        queries.written_questions(engagement),
        queries.dispositions(engagement),
        [question.number for question in outgoing_questions(engagement)],
    )


def test_its_questions_are_neither_counted_nor_listed(played: Engagement) -> None:
    end(played, is_rehearsal=True)
    assert numbers(played) == (0, [], [])
    end(played, is_rehearsal=False)
    assert numbers(played) == (2, [("shown", "none", 1), ("waiting", "none", 1)], [1, 2])


def test_no_agency_gets_its_questions(
    played: Engagement, edna: User, uma: User, tmp_path: Path
) -> None:
    target = tmp_path / "list.xlsx"
    sentence = "This is a rehearsal: its questions are for no agency to read."
    end(played, is_rehearsal=True)
    with pytest.raises(Refused) as refused:
        factories.forward_list(played, by=edna)
    with pytest.raises(CommandError) as not_exported:
        call_command("export_questions", played.slug, output=str(target))
    assert (str(refused.value), str(not_exported.value)) == (sentence, sentence)
    assert not AuditEntry.objects.filter(action__in=("forwarding.sent", "list.exported")).exists()
    assert (Forwarding.objects.count(), OutgoingMail.objects.count()) == (0, 0)
    assert not target.exists()

    end(played, is_rehearsal=False)
    call_command("export_questions", played.slug, output=str(target))
    assert factories.forward_list(played, by=edna).question_count == 2
    assert (target.exists(), OutgoingMail.objects.count()) == (True, 1)


def test_it_has_no_readout(played: Engagement, edna: User) -> None:
    end(played, is_rehearsal=True)
    with pytest.raises(Refused) as refused:
        drafting.draft(played, by=edna)
    assert str(refused.value) == "This is a rehearsal: it has no readout."
    assert not Readout.objects.exists()
    end(played, is_rehearsal=False)
    assert drafting.draft(played, by=edna).facts["questions"] == 2


@pytest.mark.parametrize("state", sorted(Engagement.State.values))
def test_it_is_removed_as_if_it_had_never_been_played(
    played: Engagement, cora: User, state: str
) -> None:
    Engagement.objects.filter(pk=played.pk).update(state=state)
    before = Floor.objects.get(engagement=played)
    audited = set(AuditEntry.objects.values_list("pk", flat=True))

    removed = actions.remove(played, by=cora)

    assert asdict(removed) == {
        "registrations": 2,
        "attendances": 2,
        "questions": 2,
        "votes": 1,
        "poll_answers": 0,
        "question_imports": 0,
        "events": 3,
    }
    assert [model._default_manager.count() for model in ROWS] == [0] * len(ROWS)
    after = Floor.objects.get(engagement=played)
    assert (after.state, after.head, after.public_head) == (states.FLOOR_CLOSED, 0, 0)
    assert (after.last_question_number, after.vote_mark, after.voting) == (0, 0, before.voting)
    assert after.epoch != before.epoch
    starts_again = state in {engagement_states.LIVE, engagement_states.ENDED}
    assert played.state == (engagement_states.SCHEDULED if starts_again else state)
    assert (played.started_at is None, played.ended_at) == (starts_again, None)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.actor, entry.detail) == ("rehearsal.removed", cora, asdict(removed))
    assert set(AuditEntry.objects.values_list("pk", flat=True)) == audited | {entry.pk}


def test_only_a_rehearsal_is_removed_and_only_by_who_sets_it_up(
    played: Engagement, cora: User, omar: User, edna: User, mia: User, ada: User
) -> None:
    def rows() -> list[int]:
        return [model._default_manager.count() for model in (*ROWS, AuditEntry)]

    before = rows()
    for stranger in (omar, edna, mia):
        with pytest.raises(NotAllowed):
            actions.remove(played, by=stranger)
    Engagement.objects.filter(pk=played.pk).update(is_rehearsal=False)
    with pytest.raises(Refused, match="“live-session” is no rehearsal"):
        actions.remove(played, by=cora)
    assert rows() == before
    assert played.floor.questions.count() == 2
    Engagement.objects.filter(pk=played.pk).update(is_rehearsal=True)
    assert actions.remove(played, by=ada).questions == 2


def test_what_belongs_to_others_stays(
    played: Engagement, engagement: Engagement, cora: User
) -> None:
    factories.make_question(
        engagement.floor, asker=factories.make_registration(engagement, "Ana"), client_id=None
    )
    actions.remove(played, by=cora)
    assert list(Question.objects.values_list("floor__engagement__slug", "asker__name")) == [
        ("contact-center", "Ana")
    ]
