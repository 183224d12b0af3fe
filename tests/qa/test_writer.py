"""Group commit: nothing acknowledged before its commit, and each item for itself."""

from __future__ import annotations

import asyncio
import threading
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from django.db import transaction

from engagements.models import AuditEntry
from engagements.refusals import Refused
from qa import events, states
from qa.actions.asking import Ask
from qa.actions.voting import Ballot
from qa.live.writer import NotStored, writer
from qa.models import Floor, FloorEvent, Question, Vote
from tests.factories import make_question, make_registration

if TYPE_CHECKING:
    from engagements.models import Registration

pytestmark = pytest.mark.django_db(transaction=True)


def ask(by: int, text: str = "Why?", key: Any = None) -> Ask:
    return Ask(by, text, key or uuid.uuid4())


async def test_many_are_stored_in_their_order_with_events_and_audit(floor: Floor) -> None:
    people = [await sync_to_async(make_registration)(floor.engagement) for _ in range(20)]

    stored = await asyncio.gather(
        *(writer().store(floor.pk, ask(one.pk, f"Question of {one.pk}?")) for one in people)
    )

    assert [question.number for question in stored if isinstance(question, Question)] == list(
        range(1, 21)
    )
    rows = Question.objects.order_by("number").values_list("asker", "text", "original_text")
    expected = [(one.pk, f"Question of {one.pk}?") for one in people]
    assert [row async for row in rows] == [(pk, text, text) for pk, text in expected]
    told = FloorEvent.objects.order_by("number").values_list("number", "public_number")
    assert [row async for row in told] == [(number, None) for number in range(1, 21)]
    entries = AuditEntry.objects.filter(action="question.asked").order_by("pk")
    assert [one async for one in entries.values_list("actor_label", flat=True)] == [
        f"registration:{one.pk}" for one in people
    ]
    assert (await Floor.objects.aget(pk=floor.pk)).head == 20


async def test_who_is_refused_is_refused_alone(floor: Floor, ana: Registration) -> None:
    gone = await sync_to_async(make_registration)(
        floor.engagement, "Gone", removed_at=ana.registered_at
    )

    first, second, third = await asyncio.gather(
        *(writer().store(floor.pk, ask(by)) for by in (ana.pk, gone.pk, ana.pk))
    )

    assert isinstance(second, Refused)
    assert second.code == "not_admitted"
    assert [one.number for one in (first, third) if isinstance(one, Question)] == [1, 2]
    assert await Question.objects.acount() == 2


async def test_what_no_database_takes_fails_alone(floor: Floor, ana: Registration) -> None:
    items = [ask(ana.pk, "One?"), ask(ana.pk, "Poison?", "no uuid"), ask(ana.pk, "Two?")]

    outcomes = await asyncio.gather(
        *(writer().store(floor.pk, item) for item in items), return_exceptions=True
    )

    assert [type(outcome) for outcome in outcomes] == [Question, NotStored, Question]
    texts = Question.objects.order_by("number").values_list("text", flat=True)
    assert [text async for text in texts] == ["One?", "Two?"]


async def test_the_same_client_id_within_one_batch_is_one_question(
    floor: Floor, ana: Registration
) -> None:
    key = uuid.uuid4()

    stored = await asyncio.gather(
        *(writer().store(floor.pk, ask(ana.pk, "Once?", key)) for _ in range(10))
    )

    assert {question.number for question in stored if isinstance(question, Question)} == {1}
    assert await Question.objects.acount() == 1


async def test_votes_and_questions_do_not_wait_for_each_other(
    floor: Floor, ana: Registration
) -> None:
    await sync_to_async(_lay)(floor.pk)

    voted, question = await asyncio.gather(
        writer().store(floor.pk, Ballot(ana.pk, 1, is_cast=True)),
        writer().store(floor.pk, ask(ana.pk)),
    )

    assert voted is True
    assert isinstance(question, Question)
    assert await Vote.objects.acount() == 1


async def test_a_locked_floor_is_waited_for(floor: Floor, ana: Registration) -> None:
    is_locked, may_go = threading.Event(), threading.Event()

    @transaction.atomic
    def hold() -> None:
        events.lock(floor.pk)
        is_locked.set()
        may_go.wait(5)

    holding = asyncio.ensure_future(sync_to_async(hold)())
    await asyncio.to_thread(is_locked.wait, 5)
    storing = asyncio.ensure_future(writer().store(floor.pk, ask(ana.pk)))
    done, _ = await asyncio.wait([storing], timeout=0.3)
    assert done == set()
    may_go.set()
    await holding

    assert isinstance(await storing, Question)
    assert await Question.objects.acount() == 1


def _lay(floor_id: int) -> None:
    make_question(Floor.objects.get(pk=floor_id), "Shown?", state=states.SHOWN)
