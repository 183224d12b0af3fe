from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from engagements import clock
from engagements.models import AuditEntry, Registration
from engagements.refusals import NotAllowed, Refused
from qa import states
from qa.actions import (
    asking,
    changing,
    editing,
    floor_settings,
    merging,
    moderating,
    undoing,
)
from qa.models import FlaggedWord, FloorEvent, Question
from tests import factories
from tests.factories import START

if TYPE_CHECKING:
    from engagements.models import User
    from qa.models import Floor

pytestmark = pytest.mark.django_db


def ask(
    floor: Floor, by: Registration, text: str = "Why?", key: uuid.UUID | None = None
) -> Question:
    return asking.ask(floor, by=by, text=text, client_id=key or uuid.uuid4())


def test_a_question_is_stored_waiting_with_its_event_and_audit(
    floor: Floor, ana: Registration
) -> None:
    question = ask(floor, ana, "Why so long?")

    stored = Question.objects.get()
    assert stored == question
    assert (stored.number, stored.text, stored.original_text) == (1, "Why so long?", "Why so long?")
    assert (stored.state, stored.outcome) == (states.WAITING, states.NO_OUTCOME)
    assert stored.category == ana.category
    event = FloorEvent.objects.get()
    assert (event.number, event.public_number, event.kind) == (1, None, "question")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_label) == ("question.asked", f"registration:{ana.pk}")
    assert "Why" not in str(entry.detail)


def test_the_same_client_id_again_changes_nothing(floor: Floor, ana: Registration) -> None:
    key = uuid.uuid4()
    first = ask(floor, ana, "Once?", key)

    again = ask(floor, ana, "Once, in other words?", key)

    assert again == first
    assert list(Question.objects.values_list("text", flat=True)) == ["Once?"]
    assert FloorEvent.objects.count() == 1


def test_another_person_may_use_the_same_client_id(floor: Floor, ana: Registration) -> None:
    key = uuid.uuid4()
    ask(floor, ana, "Mine?", key)
    ben = factories.make_registration(floor.engagement, "Ben")

    ask(floor, ben, "Mine too?", key)

    assert list(Question.objects.values_list("number", "text")) == [(1, "Mine?"), (2, "Mine too?")]


@pytest.mark.parametrize("state", [states.FLOOR_CLOSED, states.FLOOR_VOTING_ONLY])
def test_a_closed_floor_takes_no_question_but_acknowledges_an_old_one(
    floor: Floor, ana: Registration, state: str
) -> None:
    key = uuid.uuid4()
    stored = ask(floor, ana, "In time?", key)
    floor.refresh_from_db()
    floor.state = state
    floor.save()

    with pytest.raises(Refused) as refusal:
        ask(floor, ana, "Too late?")
    assert refusal.value.code == "floor_closed"
    assert ask(floor, ana, "In time?", key) == stored
    assert Question.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("removed_at", factories.START),
        ("state", "cancelled"),
        ("state", "waitlisted"),
        ("state", "unconfirmed"),
    ],
)
def test_who_is_no_longer_admitted_asks_nothing(
    floor: Floor, ana: Registration, field: str, value: object
) -> None:
    ask(floor, ana)
    setattr(ana, field, value)
    ana.save()

    with pytest.raises(NotAllowed):
        ask(floor, ana)
    assert Question.objects.count() == 1


def test_a_registration_of_another_engagement_asks_nothing(floor: Floor) -> None:
    stranger = factories.make_registration(factories.make_engagement("elsewhere"))

    with pytest.raises(NotAllowed):
        ask(floor, stranger)
    assert not Question.objects.exists()


def test_six_questions_a_minute_and_no_more(floor: Floor, ana: Registration) -> None:
    with clock.set_to(START):
        for _ in range(6):
            ask(floor, ana)
        with pytest.raises(Refused) as refusal:
            ask(floor, ana)
    with clock.set_to(START + timedelta(seconds=61)):
        ask(floor, ana)

    assert (refusal.value.code, refusal.value.retry_after) == ("too_fast", 60)
    assert Question.objects.count() == 7


def test_the_asker_withdraws_a_waiting_question(floor: Floor, ana: Registration) -> None:
    question = ask(floor, ana)

    asking.withdraw(floor, by=ana, number=question.number)

    question.refresh_from_db()
    assert (question.state, question.number) == (states.WITHDRAWN, 1)
    assert [e.payload["question"]["state"] for e in FloorEvent.objects.all()] == [
        states.WAITING,
        states.WITHDRAWN,
    ]


def test_withdrawn_words_leave_the_log_whatever_they_were_before(
    floor: Floor, ana: Registration, omar: User
) -> None:
    FlaggedWord.objects.create(word="zqflagged", added_by=omar)
    floor_settings.change(floor, by=omar, attribution=states.NAMED)
    ask(floor, ana, "zqfirst zqflagged?")
    changing.change(floor, by=ana, number=1, text="zqsecond?")
    moderating.show(floor, by=omar, number=1, seen=2)
    undoing.undo(floor, by=omar, questions=[(1, 3)])
    editing.edit(floor, by=omar, number=1, seen=4, text="zqthird?")
    ask(floor, ana, "zqother?")
    merging.merge(floor, by=omar, number=2, seen=1, into=1)
    told = str(list(FloorEvent.objects.values_list("payload", flat=True)))
    words = ("zqfirst", "zqflagged", "zqsecond", "zqthird")
    assert [word in told for word in words] == [True] * 4

    asking.withdraw(floor, by=ana, number=1)

    history = FloorEvent.objects.order_by("number").values_list("question_number", "payload")
    told = str([payload for _number, payload in history])
    assert [word in told for word in words] == [False] * 4
    of_it = [payload for number, payload in history if number == 1]
    assert {one["question"]["asker_name"] for one in of_it} == {""}
    assert [one["act"].removeprefix("question.") for one in of_it] == [
        "asked", "changed", "shown", "undone", "edited", "joined", "withdrawn", "parted",
    ]  # fmt: skip
    others = [payload["question"] for number, payload in history if number == 2]
    assert {(one["text"], one["asker_name"]) for one in others} == {("zqother?", ana.name)}


def test_nobody_withdraws_another_ones_or_a_shown_question(floor: Floor, ana: Registration) -> None:
    question = ask(floor, ana)
    ben = factories.make_registration(floor.engagement, "Ben")

    with pytest.raises(NotAllowed):
        asking.withdraw(floor, by=ben, number=question.number)
    Question.objects.update(state=states.SHOWN)
    with pytest.raises(Refused) as refusal:
        asking.withdraw(floor, by=ana, number=question.number)

    assert refusal.value.code == "not_waiting"
    question.refresh_from_db()
    assert question.state == states.SHOWN
