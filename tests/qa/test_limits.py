"""What keeps one person from asking now."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from engagements import clock
from engagements.refusals import Refused
from qa import states
from qa.actions import asking
from qa.models import Finding, Floor, Question, Silence
from tests import factories
from tests.factories import START

if TYPE_CHECKING:
    from datetime import datetime

    from engagements.models import Registration, User

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def ask(floor: Floor, by: Registration, at: datetime, text: str = "Why?") -> Question | Refused:
    with clock.set_to(at):
        [outcome] = asking.ask_all(floor.pk, [asking.Ask(by.pk, text, uuid.uuid4())])
    return outcome


def refused(outcome: Question | Refused) -> tuple[str, int]:
    assert isinstance(outcome, Refused)
    return outcome.code, outcome.retry_after


def test_who_is_silenced_is_told_why_and_others_ask(
    floor: Floor, ana: Registration, omar: User
) -> None:
    ben = factories.make_registration(floor.engagement, "Ben")
    silence = Silence.objects.create(floor=floor, registration=ana, begun_by=omar, reason="Insults")

    outcome = ask(floor, ana, START)
    assert refused(outcome) == ("silenced", 0)
    assert str(outcome) == (
        "The moderators take no further questions from you. Your question was not saved. "
        "Reason: Insults"
    )
    assert isinstance(ask(floor, ben, START), Question)
    silence.ended_at = START
    silence.save()
    assert isinstance(ask(floor, ana, START), Question)


def test_slow_mode_says_how_long_to_wait(floor: Floor, ana: Registration) -> None:
    Floor.objects.update(seconds_between=90)

    assert isinstance(ask(floor, ana, START), Question)
    outcome = ask(floor, ana, START + 30 * SECOND)
    assert refused(outcome) == ("too_fast", 60)
    assert str(outcome) == "Slow mode is on: you can ask again in 60 seconds."
    assert refused(ask(floor, ana, START + 89 * SECOND)) == ("too_fast", 1)
    assert isinstance(ask(floor, ana, START + 90 * SECOND), Question)


def test_two_at_once_are_one_too_many_in_slow_mode(floor: Floor, ana: Registration) -> None:
    Floor.objects.update(seconds_between=10)
    both = [asking.Ask(ana.pk, text, uuid.uuid4()) for text in ("Why?", "How?")]

    first, second = asking.ask_all(floor.pk, both)
    assert isinstance(first, Question)
    assert refused(second) == ("too_fast", 10)
    assert asking.ask_all(floor.pk, both[:1]) == [first]


def test_a_slow_mode_over_a_minute_leaves_the_pace_as_it_is(
    floor: Floor, ana: Registration
) -> None:
    for minute in range(1, 8):
        factories.make_question(floor, asker=ana, asked_at=START - timedelta(minutes=minute))
    Floor.objects.update(seconds_between=600)

    assert refused(ask(floor, ana, START)) == ("too_fast", 540)
    assert isinstance(ask(floor, ana, START + timedelta(minutes=9)), Question)


def test_each_asks_so_many_and_what_is_withdrawn_does_not_count(
    floor: Floor, ana: Registration
) -> None:
    Floor.objects.update(most_each=2)
    first, _second = ask(floor, ana, START), ask(floor, ana, START)
    assert isinstance(first, Question)

    outcome = ask(floor, ana, START)
    assert refused(outcome) == ("enough", 0)
    assert str(outcome) == "Each person may ask 2 questions here, and you have asked them."
    asking.withdraw(floor, by=ana, number=first.number)
    assert isinstance(ask(floor, ana, START), Question)


def test_identifiers_are_found_when_a_question_comes_in(floor: Floor, ana: Registration) -> None:
    outcome = ask(floor, ana, START, "Where is my case EAC2190012345?")

    assert isinstance(outcome, Question)
    outcome.refresh_from_db()
    assert outcome.open_findings == ["receipt_number"]
    assert Finding.objects.get(question=outcome).words == "EAC2190012345"


def test_the_topic_that_is_up_labels_new_questions(floor: Floor, ana: Registration) -> None:
    fees = floor.engagement.labels.create(name="Fees")
    Floor.objects.update(current_label=fees)

    outcome = ask(floor, ana, START)
    assert isinstance(outcome, Question)
    assert (outcome.label, outcome.state) == (fees, states.WAITING)
