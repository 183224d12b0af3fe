from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engagements import clock
from engagements.models import AuditEntry, User
from engagements.refusals import NotAllowed, Refused
from qa import states
from qa.actions import moderating
from qa.models import FloorEvent, Question
from tests.factories import START, make_question, make_user

if TYPE_CHECKING:
    from qa.models import Floor

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(floor: Floor) -> Question:
    return make_question(floor)


def test_showing_makes_it_public_with_event_and_audit(
    floor: Floor, question: Question, omar: User
) -> None:
    with clock.set_to(START):
        moderating.show(floor, by=omar, number=1, seen=1)

    question.refresh_from_db()
    assert (question.state, question.revision, question.decided_by) == (states.SHOWN, 2, omar)
    assert (question.shown_at, question.decided_at) == (START, START)
    event = FloorEvent.objects.get()
    assert (event.number, event.public_number) == (1, 1)
    assert AuditEntry.objects.get().action == "question.shown"


def test_a_dismissal_keeps_its_words(floor: Floor, question: Question, omar: User) -> None:
    moderating.dismiss(floor, by=omar, number=1, seen=1, reason="off_topic", text="Ask again.")

    question.refresh_from_db()
    assert (question.state, question.dismissal, question.dismissal_text) == (
        states.DISMISSED,
        "off_topic",
        "off topic: Ask again.",
    )
    assert FloorEvent.objects.get().public_number is None


def test_what_was_shown_and_is_held_leaves_the_room(
    floor: Floor, question: Question, omar: User
) -> None:
    moderating.show(floor, by=omar, number=1, seen=1)
    moderating.hold(floor, by=omar, number=1, seen=2)

    last = FloorEvent.objects.last()
    assert last is not None
    assert (last.public_number, last.payload["was_shown"]) == (2, True)


def test_the_second_of_two_moderators_is_told_who_decided_what_and_when(
    floor: Floor, question: Question, omar: User
) -> None:
    second = make_user("Olga")
    floor.engagement.memberships.create(user=second, role="moderator")
    with clock.set_to(START):
        moderating.show(floor, by=omar, number=1, seen=1)

    with pytest.raises(Refused) as refusal:
        moderating.dismiss(floor, by=second, number=1, seen=1, reason="unclear")

    assert refusal.value.code == "decided"
    assert str(refusal.value) == "Omar decided about question 1 at 2:00:00 p.m.: shown."
    question.refresh_from_db()
    assert (question.state, question.decided_by) == (states.SHOWN, omar)


@pytest.mark.parametrize("role", ["editor", None])
def test_only_moderators_decide(floor: Floor, question: Question, role: str | None) -> None:
    somebody = make_user("Somebody")
    if role:
        floor.engagement.memberships.create(user=somebody, role=role)

    with pytest.raises(NotAllowed):
        moderating.show(floor, by=somebody, number=1, seen=1)

    question.refresh_from_db()
    assert question.state == states.WAITING
    assert not FloorEvent.objects.exists()


def test_one_question_is_being_answered_at_a_time(floor: Floor, omar: User) -> None:
    first = make_question(floor, state=states.SHOWN)
    second = make_question(floor, state=states.SHOWN)
    moderating.mark(floor, by=omar, number=1, seen=1, outcome=states.ANSWERING)

    moderating.mark(floor, by=omar, number=2, seen=1, outcome=states.ANSWERING)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.outcome, second.outcome) == (states.NO_OUTCOME, states.ANSWERING)
    assert [(e.payload["question"]["number"], e.number) for e in FloorEvent.objects.all()] == [
        (1, 1),
        (1, 2),
        (2, 3),
    ]


def test_only_a_shown_question_is_answered(floor: Floor, question: Question, omar: User) -> None:
    with pytest.raises(Refused) as refusal:
        moderating.mark(floor, by=omar, number=1, seen=1, outcome=states.ANSWERED_LIVE)
    assert refusal.value.code == "not_shown"

    moderating.show(floor, by=omar, number=1, seen=1)
    moderating.mark(floor, by=omar, number=1, seen=2, outcome=states.ANSWERED_LIVE)
    question.refresh_from_db()
    assert question.outcome == states.ANSWERED_LIVE


def test_an_outcome_that_it_has_already_is_refused_with_words(floor: Floor, omar: User) -> None:
    make_question(floor, state=states.SHOWN, outcome=states.ANSWERED_LIVE)

    with pytest.raises(Refused) as refusal:
        moderating.mark(floor, by=omar, number=1, seen=1, outcome=states.ANSWERED_LIVE)

    assert str(refusal.value) == "Question 1 is already “answered live”."


def test_a_withdrawn_question_cannot_be_shown(floor: Floor, omar: User) -> None:
    make_question(floor, state=states.WITHDRAWN)

    with pytest.raises(Refused) as refusal:
        moderating.show(floor, by=omar, number=1, seen=1)

    assert refusal.value.code == "already"
    assert not FloorEvent.objects.exists()


def test_a_number_that_does_not_exist(floor: Floor, question: Question, omar: User) -> None:
    with pytest.raises(NotAllowed):
        moderating.show(floor, by=omar, number=2, seen=1)
