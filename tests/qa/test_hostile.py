"""Hostile frames at a live socket: codes, limits, and nobody else the worse for it."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async

from engagements.models import AuditEntry
from qa import states
from qa.live import frames
from qa.models import Floor, Question, Vote
from tests.factories import make_question, make_registration
from tests.qa.sockets import ask, entered

if TYPE_CHECKING:
    from engagements.models import Registration, User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("over")]

DEEP = {
    "nested": "[" * 8_000 + "]" * 8_000,
    "many keys": "{" + ",".join(f'"{n:x}":1' for n in range(90_000))[:16_000] + "}",
    "huge number": '{"id":' + "9" * 16_000 + "}",
    "not a number": '{"id":1,"do":"ask","text":NaN}',
    "a key twice": '{"id":1,"do":"ask","do":"show"}',
    "a surrogate": '{"id":1,"do":"\\ud800"}',
}


async def test_what_is_hard_to_read_is_refused_and_the_socket_goes_on(
    floor: Floor, ana: Registration
) -> None:
    for text in DEEP.values():
        async with entered(floor, registration=ana) as (room, _):
            await room.wire.send(text)
            assert (await room.next())["error"]["code"] in {"bad_frame", "unknown_command"}
            assert (await room.call("withdraw", number=1))["error"]["code"] == "unknown_question"


async def test_a_frame_of_16_kib_is_read_and_one_byte_more_is_not(
    floor: Floor, ana: Registration
) -> None:
    async with entered(floor, registration=ana) as (room, _):
        fields = {"id": 9, "do": "ask", "client_id": str(uuid.uuid4()), "text": ""}
        room_left = frames.MOST_BYTES - len(json.dumps(fields))
        await room.wire.send(json.dumps(fields | {"text": "x" * room_left}))
        assert (await room.next())["error"]["code"] == "invalid"
        await room.wire.send(json.dumps(fields | {"text": "x" * (room_left + 1)}))
        assert (await room.next())["error"]["code"] == "too_large"
        assert "ok" in await ask(room)


async def test_the_same_client_id_from_three_devices_at_once_is_one_question(
    floor: Floor, ana: Registration
) -> None:
    key = str(uuid.uuid4())
    async with (
        entered(floor, registration=ana) as (one, _),
        entered(floor, registration=ana) as (two, _),
        entered(floor, registration=ana) as (three, _),
    ):
        replies = [
            reply
            for _turn in range(3)
            for reply in await asyncio.gather(*(ask(s, "Once?", key) for s in (one, two, three)))
        ]

    assert await Question.objects.acount() == 1
    assert {json.dumps(reply["ok"]) for reply in replies} == {json.dumps(replies[0]["ok"])}


async def test_who_sends_too_much_is_told_when_to_try_again_and_others_are_not_stopped(
    floor: Floor, ana: Registration
) -> None:
    ben = await sync_to_async(make_registration)(floor.engagement, "Ben")
    async with (
        entered(floor, registration=ana) as (hers, _),
        entered(floor, registration=ben) as (his, _),
    ):
        codes = [(await hers.call("vote", number=1))["error"]["code"] for _ in range(30)]
        refused = (await ask(hers))["error"]
        assert codes == ["unknown_question"] * 30
        assert refused["code"] == "too_fast"
        assert 0 < refused["retry_after"] <= 60
        assert "ok" in await ask(his)

    assert await Question.objects.acount() == 1


async def test_votes_for_what_may_not_be_voted_for_change_nothing_and_tell_nothing(
    floor: Floor, ana: Registration, omar: User
) -> None:
    for state in (states.WAITING, states.HELD, states.DISMISSED):
        await lay(floor.pk, f"Secret {state}?", state)
    async with entered(floor, registration=ana) as (room, _):
        replies = [await room.call("vote", number=number) for number in (1, 2, 3, 4)]

    assert {json.dumps(reply["error"]) for reply in replies} == {
        json.dumps(
            {
                "code": "unknown_question",
                "message": "There is no question with this number.",
            }
        )
    }
    assert not await Vote.objects.aexists()


async def test_votes_from_two_devices_at_once_are_one(floor: Floor, ana: Registration) -> None:
    await lay(floor.pk, "In the open?", states.SHOWN)
    async with (
        entered(floor, registration=ana) as (one, _),
        entered(floor, registration=ana) as (two, _),
    ):
        for _turn in range(7):
            replies = await asyncio.gather(
                *(socket.call("vote", number=1) for socket in (one, two))
            )
            assert [reply["ok"] for reply in replies] == [{"number": 1, "voted": True}] * 2
        assert (await one.next("counts"))["votes"] == {"1": 1}

    assert (await Question.objects.aget()).votes == 1
    assert await AuditEntry.objects.filter(action="question.voted").acount() == 1


@pytest.mark.parametrize("position", [2**63, -1, "1", None, 1.5, True, [1], {"a": 1}])
async def test_an_absurd_position_gets_a_snapshot(
    floor: Floor, ana: Registration, position: Any
) -> None:
    known = {"epoch": floor.epoch, "after": position, "mark": position}
    async with entered(floor, registration=ana, **known) as (_, state):
        assert state["news"]["type"] == "snapshot"


def _lay(floor_id: int, text: str, state: str) -> None:
    make_question(Floor.objects.get(pk=floor_id), text, state=state)


lay = sync_to_async(_lay)
