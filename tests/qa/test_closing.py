"""Codes with which a socket is closed, each for its reason."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from qa import projection
from qa.live import consumers
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


async def test_a_desk_may_send_six_hundred_commands_a_minute_and_no_more(
    floor: Floor, omar: User
) -> None:
    async with entered(floor, account=omar) as (desk, _):
        for _ in range(600):
            await desk.call("floor", state="open")
        refused = (await desk.call("floor", state="open"))["error"]

    assert refused["code"] == "too_fast"
    assert 0 < refused["retry_after"] <= 60
