"""Somebody whose browser takes nothing: closed in time, and nobody waits for it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async

from qa import projection, states
from qa.live import outlet
from qa.live.outlet import Outlet
from qa.models import Floor
from tests.factories import make_question
from tests.qa.raw import RawSocket
from tests.qa.sockets import Socket, entered

if TYPE_CHECKING:
    from engagements.models import Registration, User

LONG = "\N{PARTY POPPER}" * 2_000
EVENTS = 300
"""With so long a question 2.4 MB, which no buffer on the way holds."""


class Slow:
    """A server's send that waits while the other side takes nothing."""

    def __init__(self) -> None:
        self.takes = asyncio.Event()
        self.takes.set()
        self.taken: list[str] = []
        self.news = asyncio.Event()

    async def __call__(self, message: Any) -> None:
        await self.takes.wait()
        self.taken.append(message["text"])
        self.news.set()

    async def has_taken(self, number: int) -> None:
        while len(self.taken) < number:
            self.news.clear()
            await self.news.wait()
        await asyncio.sleep(0)


async def test_a_broadcast_passes_a_slow_reader_by_and_private_words_wait_in_order() -> None:
    send = Slow()
    out = Outlet(send, lambda: None)
    assert out.offer("1")

    send.takes.clear()
    assert out.offer("2")
    assert not out.offer("3")
    out.say("4")
    out.say("5")
    assert send.taken == ["1"]
    assert not out.is_stuck()

    send.takes.set()
    await send.has_taken(4)
    assert send.taken == ["1", "2", "4", "5"]
    assert out.offer("6")


async def test_more_than_a_mebibyte_unsent_is_too_much() -> None:
    send = Slow()
    out = Outlet(send, lambda: None)
    send.takes.clear()
    out.say("first")
    for _ in range(16):
        out.say("x" * (outlet.MOST_UNSENT // 16))
    assert not out.is_stuck()
    out.say("x")

    assert out.is_stuck()
    out.stop()


async def test_everything_anew_may_be_longer_and_is_no_licence_for_what_comes_after() -> None:
    send = Slow()
    out = Outlet(send, lambda: None)
    send.takes.clear()
    out.say("first")
    out.say_whole("x" * 3 * outlet.MOST_UNSENT)
    out.say("y" * (outlet.MOST_UNSENT // 2))
    assert not out.is_stuck()
    out.say("y" * outlet.MOST_UNSENT)
    assert out.is_stuck()

    send.takes.set()
    await send.has_taken(4)
    assert not out.is_stuck()
    send.takes.clear()
    out.say("first")
    out.say("y" * (outlet.MOST_UNSENT + 1))
    assert out.is_stuck()
    out.stop()


async def test_who_takes_nothing_of_a_long_snapshot_is_closed_as_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outlet, "MOST_SECONDS", 0.02)
    send = Slow()
    out = Outlet(send, lambda: None)
    send.takes.clear()
    out.say_whole("x" * 3 * outlet.MOST_UNSENT)
    assert not out.is_stuck()
    await asyncio.sleep(0.03)
    assert out.is_stuck()
    out.stop()


async def test_who_is_slow_and_takes_something_is_not_stuck(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outlet, "MOST_SECONDS", 0.02)
    send = Slow()
    out = Outlet(send, lambda: None)
    for turn in range(1, 5):
        send.takes.clear()
        out.say("x")
        assert not out.is_stuck()
        send.takes.set()
        await send.has_taken(turn)
        await asyncio.sleep(0.01)

    send.takes.clear()
    out.say("x")
    assert not out.is_stuck()
    await asyncio.sleep(0.03)
    assert out.is_stuck()
    out.stop()


async def test_after_its_end_nothing_goes_out() -> None:
    send = Slow()
    out = Outlet(send, lambda: None)
    out.stop()

    out.say("1")
    assert not out.offer("2")
    assert send.taken == []


async def test_a_lost_connection_is_told_once() -> None:
    lost: list[str] = []

    async def send(_message: Any) -> None:
        raise OSError

    out = Outlet(send, lambda: lost.append("lost"))
    out.say("1")

    assert lost == ["lost"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["uvicorn", "daphne"])
async def test_a_reader_who_takes_nothing_is_closed_and_others_are_told_meanwhile(
    kind: str,
    floor: Floor,
    ana: Registration,
    omar: User,
    servers: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Socket, "server", servers[kind])
    await sync_to_async(_lay)(floor.pk)
    # The smallest window there is, and nothing is read from it.
    stalled = await asyncio.to_thread(RawSocket, servers[kind], floor, ana, window=2_048)
    async with (
        entered(floor, account=omar) as (desk, _),
        entered(floor, account=omar, audience=projection.ROOM) as (room, state),
    ):
        people, number, seen = state["people"], state["news"]["number"], 1
        while people != 1:
            people = (await room.next("presence"))["people"]
        for turn in range(EVENTS):
            outcome = "answered_live" if turn % 2 == 0 else "none"
            reply = await desk.call("mark", number=1, seen=seen, outcome=outcome)
            seen = reply["ok"]["question"]["revision"]
        while number < EVENTS:
            number = (await room.next("events"))["number"]

        # Gone after ten seconds, and a moment.
        async with asyncio.timeout(13):
            while people != 0:
                people = await _presence(room)
    stalled.close()


async def _presence(room: Socket) -> int:
    """The next count, however long nothing is said."""
    while True:
        with suppress(TimeoutError):
            return int((await room.next("presence"))["people"])


def _lay(floor_id: int) -> None:
    make_question(Floor.objects.get(pk=floor_id), LONG, state=states.SHOWN)
