"""The live socket through the real ASGI application."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async

from engagements.actions import running
from engagements.models import AttendanceInterval, AuditEntry, Registration, User
from qa import projection, states
from qa.access import ticket
from qa.actions import asking, moderating
from qa.messages import RoomQuestion
from qa.models import Floor, Question
from tests.factories import make_engagement, make_registration
from tests.qa.sockets import ORIGIN, Socket, ask, entered
from tests.qa.wires import ApplicationWire

if TYPE_CHECKING:
    from engagements.models import Engagement


pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("over")]


async def test_a_question_goes_from_the_room_to_the_desk_and_back_to_everybody(
    floor: Floor, ana: Registration, omar: User
) -> None:
    async with (
        entered(floor, registration=ana) as (room, state),
        entered(floor, account=omar) as (desk, _),
    ):
        assert state["news"]["questions"] == []
        saved = (await ask(room, "Why so long?"))["ok"]["question"]
        assert (saved["number"], saved["state"]) == (1, states.WAITING)
        assert await Question.objects.acount() == 1

        news = await desk.next()
        assert (news["after"], news["number"]) == (0, 1)
        assert news["events"][0]["question"]["text"] == "Why so long?"
        assert news["events"][0]["question"]["category"] == "Attorney or legal representative"
        await desk.call("show", number=1, seen=1)
        own = await room.next("own-question")
        assert own["question"]["state"] == states.SHOWN
        shown = await room.next("events")
        assert (shown["after"], shown["number"]) == (0, 1)
        question = shown["events"][0]["question"]
        assert {k: question[k] for k in ("number", "text", "outcome")} == {
            "number": 1,
            "text": "Why so long?",
            "outcome": "none",
        }
        assert set(question) == set(RoomQuestion.__annotations__)


async def test_waiting_text_reaches_nobody_else_in_the_room(
    floor: Floor, ana: Registration
) -> None:
    ben = await sync_to_async(_another)(floor)
    async with (
        entered(floor, registration=ana) as (hers, _),
        entered(floor, registration=ben) as (his, _),
    ):
        await ask(hers, "A secret so far?")
        await ask(his, "Another?")

        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await his.next()


async def test_the_same_client_id_is_acknowledged_again_and_stored_once(
    floor: Floor, ana: Registration
) -> None:
    key = str(uuid.uuid4())
    async with entered(floor, registration=ana) as (room, _):
        first = await ask(room, "Once?", key)
    async with entered(floor, registration=ana) as (room, state):
        again = await ask(room, "Once?", key)

    assert again["ok"] == first["ok"]
    assert [question["text"] for question in state["own"]["questions"]] == ["Once?"]
    assert await Question.objects.acount() == 1


async def test_who_comes_back_gets_exactly_what_was_missed(
    floor: Floor, ana: Registration, omar: User
) -> None:
    async with entered(floor, registration=ana) as (room, before):
        await ask(room, "First?")
        await ask(room, "Second?")
    await sync_to_async(moderating.show)(floor, by=omar, number=1, seen=1)
    await sync_to_async(moderating.show)(floor, by=omar, number=2, seen=1)
    await sync_to_async(moderating.hold)(floor, by=omar, number=1, seen=2)

    position = {"epoch": before["news"]["epoch"], "after": 1, "mark": 0}
    async with entered(floor, registration=ana, **position) as (_, state):
        assert state["news"]["type"] == "events"
        assert (state["news"]["after"], state["news"]["number"]) == (1, 3)
        assert [event["type"] for event in state["news"]["events"]] == ["question", "question-gone"]


async def test_words_that_are_no_longer_shown_are_not_told_to_who_comes_back(
    floor: Floor, ana: Registration, omar: User
) -> None:
    await sync_to_async(asking.ask)(floor, by=ana, text="Shown by error?", client_id=uuid.uuid4())
    await sync_to_async(moderating.show)(floor, by=omar, number=1, seen=1)
    await sync_to_async(moderating.dismiss)(floor, by=omar, number=1, seen=2, reason="off_topic")
    ben = await sync_to_async(_another)(floor)

    position: dict[str, Any] = {"epoch": floor.epoch, "after": 0, "mark": 0}
    async with entered(floor, registration=ben, **position) as (_, state):
        assert state["news"]["events"] == [{"type": "question-gone", "number": 1}] * 2


async def test_a_right_that_ends_ends_the_socket(
    floor: Floor, ana: Registration, omar: User
) -> None:
    async with (
        entered(floor, registration=ana) as (room, _),
        entered(floor, account=omar) as (desk, _),
    ):
        await Registration.objects.filter(pk=ana.pk).aupdate(removed_at=ana.registered_at)
        await User.objects.filter(pk=omar.pk).aupdate(is_active=False)

        assert await room.closed() == 4403
        assert await desk.closed() == 4403


async def test_who_waits_in_the_room_is_told_of_start_and_end(
    engagement: Engagement, cora: User
) -> None:
    waiting = await sync_to_async(make_registration)(engagement, "Wanda")
    async with entered(engagement.floor, registration=waiting) as (room, state):
        assert state["news"]["engagement"] == "scheduled"
        await sync_to_async(running.start)(engagement, by=cora)
        assert (await room.next())["events"] == [{"type": "engagement", "state": "live"}]
        await sync_to_async(running.end)(engagement, by=cora)
        assert (await room.next())["events"] == [{"type": "engagement", "state": "ended"}]


async def test_a_flood_of_commands_ends_the_socket(floor: Floor, ana: Registration) -> None:
    async with entered(floor, registration=ana) as (room, _):
        for _attempt in range(60):
            await room.send("ask", text="Hm?", client_id=str(uuid.uuid4()))

        assert await room.closed() == 4429


async def test_an_address_that_is_none_is_closed() -> None:
    assert not await ApplicationWire("/join/some.token/", ORIGIN).connect()


@pytest.mark.parametrize(
    "position", [{"epoch": "another", "after": 0, "mark": 0}, {"after": 10**9, "mark": 0}, {}]
)
async def test_who_cannot_resume_gets_everything(
    floor: Floor, ana: Registration, omar: User, position: dict[str, Any]
) -> None:
    await sync_to_async(asking.ask)(floor, by=ana, text="Hm?", client_id=uuid.uuid4())
    await sync_to_async(moderating.show)(floor, by=omar, number=1, seen=1)
    position = {"epoch": floor.epoch} | position

    async with entered(floor, registration=ana, **position) as (_, state):
        assert state["news"]["type"] == "snapshot"
        assert [q["text"] for q in state["news"]["questions"]] == ["Hm?"]
        assert state["news"]["number"] == 1


async def test_a_lost_announcement_is_found_by_the_beacon(
    floor: Floor, ana: Registration, omar: User
) -> None:
    await sync_to_async(asking.ask)(floor, by=ana, text="Hm?", client_id=uuid.uuid4())
    async with entered(floor, registration=ana) as (room, _):
        await asyncio.to_thread(_show_unannounced, floor, omar)

        news = await room.next("events")
        assert news["events"][0]["question"]["text"] == "Hm?"


async def test_refusals_have_a_code_and_a_sentence(floor: Floor, ana: Registration) -> None:
    async with entered(floor, registration=ana) as (room, _):
        empty = await ask(room, " \u200b\n ")
        long = await ask(room, "a" * 2001)
        await Floor.objects.filter(pk=floor.pk).aupdate(state=states.FLOOR_CLOSED)
        closed = await ask(room, "Too late?")

    assert empty["error"] == {"code": "invalid", "message": "Please write your question."}
    assert long["error"] == {
        "code": "invalid",
        "message": "Your question has 2001 characters; 2000 are possible.",
    }
    assert closed["error"] == {
        "code": "floor_closed",
        "message": "The floor is closed. Your question was not saved.",
    }
    assert await Question.objects.acount() == 0


async def test_a_moderators_command_from_the_room_is_denied_and_audited(
    floor: Floor, ana: Registration
) -> None:
    async with entered(floor, registration=ana) as (room, _):
        await ask(room)
        denied = await room.call("show", number=1, seen=1)

    assert denied["error"]["code"] == "not_allowed"
    assert (await Question.objects.aget()).state == states.WAITING
    entry = await AuditEntry.objects.aget(action="command.denied")
    assert entry.detail == {"command": "show"}


async def test_presence_is_an_interval_and_one_attendance_for_two_devices(
    floor: Floor, ana: Registration, omar: User
) -> None:
    async with entered(floor, account=omar) as (desk, state):
        assert state["people"] == 0
        async with entered(floor, registration=ana), entered(floor, registration=ana):
            assert (await desk.next("presence"))["people"] == 1
        assert (await desk.next("presence"))["people"] == 0

    intervals = [i async for i in AttendanceInterval.objects.all()]
    assert len({interval.attendance_id for interval in intervals}) == 1
    assert [interval.closed_at is None for interval in intervals] == [False, False]


@pytest.mark.parametrize(
    "origin",
    [
        None,
        b"null",
        b"http://evil.example",
        b"https://127.0.0.1:8000",
        b"http://127.0.0.1:8001",
        b"https://[::1",
        b"http://127.0.0.1:8000.evil.example",
    ],
)
async def test_a_foreign_origin_opens_no_socket(floor: Floor, origin: bytes | None) -> None:
    own = Socket(floor, projection.ROOM)
    assert await own.connect()
    assert not await Socket(floor, projection.ROOM, origin).connect()
    await own.wire.leave()


@pytest.mark.parametrize("kind", ["none", "forged", "other floor", "other audience"])
async def test_a_wrong_ticket_ends_the_socket(floor: Floor, ana: Registration, kind: str) -> None:
    good = ticket(floor, projection.ROOM, registration=ana)
    wrong = {
        "none": "",
        "forged": good[:-1] + ("A" if good[-1] != "A" else "B"),
        "other floor": await sync_to_async(_ticket_elsewhere)(),
        "other audience": ticket(floor, projection.DESK, registration=ana),
    }
    socket = Socket(floor, projection.ROOM)
    assert await socket.connect()
    await socket.send("enter", ticket=wrong[kind])

    assert await socket.closed() == 4403
    assert not await AttendanceInterval.objects.aexists()


@pytest.mark.parametrize(
    "text",
    [
        " ",
        "null",
        "[]",
        "7",
        '{"do":"ask"}',
        '{"id":1}',
        '{"id":true,"do":"ask"}',
        '{"id":1,"id":2,"do":"ask"}',
        '{"id":1,"do":"ask","text":NaN}',
        "[" * 15_000,
        '{"id":' + "9" * 10_000 + ',"do":"ask"}',
        '{"id":1,"do":"ask","text":"' + "x" * 16_384 + '"}',
    ],
)
async def test_a_broken_frame_is_answered_and_five_end_the_socket(
    floor: Floor, ana: Registration, text: str
) -> None:
    async with entered(floor, registration=ana) as (room, _):
        for _attempt in range(5):
            await room.wire.send(text)
            reply = await room.next()
            assert reply["re"] is None
            assert reply["error"]["code"] in {"bad_frame", "too_large"}
        assert await room.closed() == 4400

    assert await Question.objects.acount() == 0


@pytest.mark.parametrize(
    ("do", "fields", "code"),
    [
        ("explode", {}, "unknown_command"),
        ("ask", {"text": "Hm?", "client_id": str(uuid.uuid4()), "state": "shown"}, "unknown_field"),
        ("ask", {"text": ["Hm?"], "client_id": str(uuid.uuid4())}, "unknown_field"),
        ("ask", {"text": "Hm?", "client_id": "7"}, "invalid"),
        ("withdraw", {"number": -1}, "invalid"),
    ],
)
async def test_unknown_commands_and_fields_change_nothing(
    floor: Floor, ana: Registration, do: str, fields: dict[str, Any], code: str
) -> None:
    async with entered(floor, registration=ana) as (room, _):
        assert (await room.call(do, **fields))["error"]["code"] == code
        assert (await ask(room))["ok"]["question"]["state"] == states.WAITING

    assert await Question.objects.acount() == 1


async def test_a_command_before_entering_is_refused(floor: Floor) -> None:
    socket = Socket(floor, projection.ROOM)
    assert await socket.connect()

    assert (await ask(socket))["error"]["code"] == "enter_first"
    assert await Question.objects.acount() == 0
    await socket.wire.leave()


async def test_two_moderators_at_once_leave_one_decision(
    floor: Floor, ana: Registration, omar: User, cora: User
) -> None:
    await sync_to_async(asking.ask)(floor, by=ana, text="Hm?", client_id=uuid.uuid4())
    async with (
        entered(floor, account=omar) as (his, _),
        entered(floor, account=cora) as (hers, _),
    ):
        replies = await asyncio.gather(
            his.call("show", number=1, seen=1),
            hers.call("dismiss", number=1, seen=1, reason="unclear"),
        )

    assert sorted("ok" in reply for reply in replies) == [False, True]
    assert [r["error"]["code"] for r in replies if "error" in r] == ["decided"]
    assert (await Question.objects.aget()).revision == 2


async def test_a_registration_removed_meanwhile_asks_no_more(
    floor: Floor, ana: Registration
) -> None:
    async with entered(floor, registration=ana) as (room, _):
        await ask(room)
        await Registration.objects.filter(pk=ana.pk).aupdate(removed_at=ana.registered_at)

        assert (await ask(room))["error"]["code"] == "not_admitted"
    assert await Question.objects.acount() == 1


def _another(floor: Floor) -> Registration:

    return make_registration(floor.engagement, "Ben")


def _ticket_elsewhere() -> str:

    elsewhere = make_engagement("elsewhere")
    return ticket(elsewhere.floor, projection.ROOM, registration=make_registration(elsewhere))


def _show_unannounced(floor: Floor, by: User) -> None:
    """As another process does whose announcement is lost: its own loop, so nobody here hears."""
    moderating.show(floor, by=by, number=1, seen=1)
