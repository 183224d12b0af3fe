"""Codes with which a socket is closed, each for its reason."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import pytest

from qa import projection
from qa.access import ticket
from qa.live import consumers
from qa.live.consumers import LiveSocket
from tests.qa.sockets import Socket, ask, entered

if TYPE_CHECKING:
    from engagements.models import Registration, User
    from qa.models import Floor

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_sixth_device_closes_the_first(floor: Floor, ana: Registration) -> None:
    async with AsyncExitStack() as stack:
        devices = [
            (await stack.enter_async_context(entered(floor, registration=ana)))[0] for _ in range(6)
        ]

        assert await devices[0].closed() == 4409
        assert "ok" in await ask(devices[1])
        assert "ok" in await ask(devices[5])


async def test_the_devices_of_a_moderator_are_not_counted(floor: Floor, omar: User) -> None:
    async with AsyncExitStack() as stack:
        desks = [
            (await stack.enter_async_context(entered(floor, account=omar)))[0] for _ in range(6)
        ]

        assert "ok" in await desks[0].call("floor", state="closed")


async def test_who_does_not_enter_in_time_is_closed(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "ENTER_SECONDS", 0.05)
    socket = Socket(floor, projection.ROOM)
    assert await socket.connect()

    assert await socket.closed() == 4408


async def test_five_commands_before_entering_end_the_socket(floor: Floor) -> None:
    socket = Socket(floor, projection.ROOM)
    assert await socket.connect()
    for _ in range(5):
        await socket.send("ask", text="Why?")

    assert await socket.closed() == 4400


async def test_a_ticket_that_is_no_text_is_a_wrong_ticket(floor: Floor) -> None:
    socket = Socket(floor, projection.ROOM)
    assert await socket.connect()
    await socket.wire.send('{"id":1,"do":"enter","ticket":"\\ud800:\\ud800:\\ud800"}')

    assert await socket.closed() == 4403


async def test_a_connection_lost_while_entering_leaves_nothing_running(
    floor: Floor, ana: Registration
) -> None:
    pass_ = ticket(floor, projection.ROOM, registration=ana)
    enter = json.dumps({"id": 1, "do": "enter", "ticket": pass_})
    received: list[Any] = [
        {"type": "websocket.connect"},
        {"type": "websocket.receive", "text": enter},
        {"type": "websocket.disconnect", "code": 1006},
    ]

    async def receive() -> Any:
        return received.pop(0)

    async def send(message: Any) -> None:
        if message["type"] == "websocket.send":
            raise OSError

    scope: Any = {"url_route": {"kwargs": {"slug": floor.engagement.slug}}}
    await LiveSocket(projection.ROOM)(scope, receive, send)

    assert [task for task in asyncio.all_tasks() if "qa/live/" in repr(task.get_coro())] == []


async def test_a_desk_may_send_six_hundred_commands_a_minute_and_no_more(
    floor: Floor, omar: User
) -> None:
    async with entered(floor, account=omar) as (desk, _):
        for _ in range(600):
            await desk.call("floor", state="open")
        refused = (await desk.call("floor", state="open"))["error"]

    assert refused["code"] == "too_fast"
    assert 0 < refused["retry_after"] <= 60
