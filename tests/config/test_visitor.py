"""A made-up person's socket keeps the contract of docs/live-protocol.md: nothing sent is lost."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from websockets.asyncio.server import serve

from config.rehearsal.tally import Tally
from config.rehearsal.visitor import NotDone, Visitor

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from websockets.asyncio.server import ServerConnection

Frame = dict[str, Any]

SNAPSHOT: Frame = {
    "type": "snapshot",
    "epoch": "one",
    "number": 4,
    "mark": 2,
    "questions": [{"number": 1}],
}
ASKED: Frame = {"question": {"number": 2}}
STORED: Frame = {"re": ..., "ok": ASKED}
CLOSE = 1011


def news(of: Frame) -> Frame:
    return {"re": ..., "ok": {"news": of, "people": 1}}


def events(after: int, *numbers: int) -> Frame:
    told = [{"type": "question", "question": {"number": number}} for number in numbers]
    return {"type": "events", "after": after, "number": after + len(numbers), "events": told}


def refusal(code: str, **more: Any) -> Frame:
    return {"re": ..., "error": {"code": code, "message": ""} | more}


class Play:
    """For each socket in turn what is said after each frame that comes; a number closes it."""

    def __init__(self, *sockets: Sequence[Sequence[Frame | int]]) -> None:
        self.sockets = list(sockets)
        self.heard: list[Frame] = []
        self.told: list[int] = []
        self.tally = Tally(people=1)

    async def serve(self, socket: ServerConnection) -> None:
        for answers in self.sockets.pop(0):
            self.heard.append(json.loads(await socket.recv()))
            for answer in answers:
                if isinstance(answer, int):
                    await socket.close(answer)
                    return
                reply = {"re": self.heard[-1]["id"]} if "re" in answer else {}
                await socket.send(json.dumps(answer | reply))
        await socket.wait_closed()

    @asynccontextmanager
    async def visitor(self) -> AsyncIterator[Visitor]:
        async with serve(self.serve, "127.0.0.1", 0) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            visitor = Visitor(
                f"ws://127.0.0.1:{port}/",
                origin=f"http://127.0.0.1:{port}",
                mint=lambda: "ticket",
                hear=lambda question: self.told.append(question["number"]),
                tally=self.tally,
            )
            staying = asyncio.create_task(visitor.stay())
            yield visitor
            staying.cancel()
            await asyncio.gather(staying, return_exceptions=True)


ENTER = {"do": "enter", "ticket": "ticket"}
ASK = {"do": "ask", "client_id": "key", "text": "Why?"}


async def test_what_was_not_answered_is_sent_again_on_the_next_socket() -> None:
    play = Play(
        [[news(SNAPSHOT)], [events(4, 2), CLOSE]],
        [[news(events(5, 3))], [STORED]],
    )
    async with play.visitor() as visitor:
        answer = await visitor.call("ask", client_id="key", text="Why?")

    assert answer == ASKED
    assert play.heard == [
        {"id": 1} | ENTER,
        {"id": 2} | ASK,
        {"id": 3} | ENTER | {"epoch": "one", "after": 5, "mark": 2},
        {"id": 4} | ASK,
    ]
    assert (play.told, play.tally.reconnects, play.tally.refused.total()) == ([1, 2, 3], 1, 0)


@pytest.mark.parametrize(
    "gap",
    [
        events(5, 9),
        {"type": "beacon", "number": 5},
        {"type": "counts", "after": 3, "mark": 4, "votes": {}},
    ],
    ids=lambda gap: gap["type"],
)
async def test_who_has_lost_something_comes_back_for_it(gap: Frame) -> None:
    play = Play(
        [[news(SNAPSHOT), gap]],
        [[news(events(4, 2))], [STORED]],
    )
    async with play.visitor() as visitor:
        await asyncio.wait_for(visitor.call("ask", client_id="key", text="Why?"), 10)

    assert (play.told, play.tally.reconnects) == ([1, 2], 1)


async def test_a_refusal_is_counted_and_waiting_tried_where_it_helps() -> None:
    play = Play(
        [
            [news(SNAPSHOT)],
            [refusal("too_fast", retry_after=0.01)],
            [STORED],
            [refusal("floor_closed")],
        ]
    )
    async with play.visitor() as visitor:
        assert await visitor.call("ask", client_id="key", text="Why?") == ASKED
        with pytest.raises(NotDone, match="floor_closed"):
            await visitor.call("ask", client_id="other", text="Why?")

    assert play.tally.refused == {"too_fast": 1, "floor_closed": 1}
    assert [frame.get("client_id") for frame in play.heard] == [None, "key", "key", "other"]


async def test_who_is_shown_out_does_not_come_back() -> None:
    play = Play([[4403]])
    async with play.visitor() as visitor:
        await asyncio.wait_for(visitor.stay(), 10)

    assert (visitor.closed_with, visitor.has_entered.is_set()) == (4403, False)
