"""One page's side of a live socket: it comes back, and it sends again what was not answered.

See docs/live-protocol.md. What a page shows is left out; what it must never lose is not.
"""

from __future__ import annotations

import asyncio
import json
import random
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Origin

from qa.access import ticket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from config.rehearsal.tally import Tally
    from qa.models import Floor

    Question = dict[str, Any]
    Message = dict[str, Any]

ENTER_SECONDS: Final = 15.0
REPLY_SECONDS: Final = 15.0
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 15.0
LARGEST_FRAME: Final = 16 * 1024 * 1024
GONE_FOR_GOOD: Final = frozenset({4400, 4403, 4409})
"""Codes of closing after which a page does not come back."""

SEND_AGAIN: Final = frozenset({"failed", "too_fast"})


@dataclass(frozen=True, slots=True)
class Script:
    """`server` and `origin` are addresses of pages; `seconds` is how long people ask."""

    questions: int
    seconds: float
    server: str
    origin: str


class NotDone(Exception):
    """The server refused a command, for good."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Lost(Exception):
    """No reply came on this socket."""


# Everybody in the room is sent the same text.
_parsed = lru_cache(maxsize=64)(json.loads)


class Visitor:
    """`mint` makes a ticket; `hear` is called with each question that is told, as it is then."""

    def __init__(
        self,
        address: str,
        *,
        origin: str,
        mint: Callable[[], str],
        hear: Callable[[Question], None],
        tally: Tally,
    ) -> None:
        self.epoch = ""
        self.has_entered = asyncio.Event()
        self.closed_with: int | None = None
        self._address = address
        self._origin = Origin(origin)
        self._mint = mint
        self._hear = hear
        self._tally = tally
        self._number = 0
        self._mark = 0
        self._ids = count(1)
        self._socket: ClientConnection | None = None
        self._replies: dict[int, asyncio.Future[Message | None]] = {}

    async def stay(self) -> None:
        """Be connected until cancelled; return only when the server has shown us out for good."""
        pause = FIRST_PAUSE
        while self.closed_with not in GONE_FOR_GOOD:
            with suppress(OSError, WebSocketException, TimeoutError, _Lost):
                await self.visit()
            if self.has_entered.is_set():
                pause = FIRST_PAUSE
            self._leave()
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - jitter, no secret
            pause = min(pause * 2, LONGEST_PAUSE)

    async def visit(self) -> None:
        """One socket from its opening to its end."""
        async with connect(
            self._address,
            origin=self._origin,
            compression=None,
            max_size=LARGEST_FRAME,
            open_timeout=ENTER_SECONDS,
            close_timeout=1,
            proxy=None,
        ) as self._socket:
            try:
                await self._enter(self._socket)
                async for text in self._socket:
                    self._take(_parsed(text))
            except ConnectionClosed as closed:
                self.closed_with = closed.rcvd.code if closed.rcvd else None
                raise

    async def call(self, do: str, **fields: Any) -> Message:
        """Send a command until it is answered, over as many sockets as that takes.

        Gives what `ok` holds. Waits where waiting helps; else raises NotDone.
        """
        while True:
            await self.has_entered.wait()
            try:
                reply = await self._exchange(do, fields)
            except (_Lost, ConnectionClosed):
                await asyncio.sleep(FIRST_PAUSE)
                continue
            if "ok" in reply:
                answer: Message = reply["ok"]
                return answer
            error = reply["error"]
            self._tally.refused[error["code"]] += 1
            if error["code"] not in SEND_AGAIN:
                raise NotDone(error["code"])
            await asyncio.sleep(error.get("retry_after") or FIRST_PAUSE)

    async def _enter(self, socket: ClientConnection) -> None:
        known = {"epoch": self.epoch, "after": self._number, "mark": self._mark}
        frame = {"id": next(self._ids), "do": "enter", "ticket": self._mint()}
        await socket.send(json.dumps(frame | (known if self.epoch else {})))
        async with asyncio.timeout(ENTER_SECONDS):
            reply = json.loads(await socket.recv())
        if "ok" not in reply:
            raise _Lost
        self._tally.reconnects += bool(self.epoch)
        self._take_news(reply["ok"]["news"])
        self.has_entered.set()

    def _leave(self) -> None:
        self.has_entered.clear()
        for reply in self._replies.values():
            if not reply.done():
                reply.set_result(None)
        self._replies.clear()

    async def _exchange(self, do: str, fields: dict[str, Any]) -> Message:
        if (socket := self._socket) is None:
            raise _Lost
        number = next(self._ids)
        reply: asyncio.Future[Message | None] = asyncio.get_running_loop().create_future()
        self._replies[number] = reply
        try:
            await socket.send(json.dumps({"id": number, "do": do, **fields}))
            async with asyncio.timeout(REPLY_SECONDS):
                message = await reply
        except TimeoutError:
            await socket.close()
            message = None
        finally:
            self._replies.pop(number, None)
        if message is None:
            raise _Lost
        return message

    def _take(self, message: Message) -> None:
        if "re" not in message:
            self._take_news(message)
        elif (reply := self._replies.get(message["re"])) is not None and not reply.done():
            reply.set_result(message)

    def _take_news(self, news: Message) -> None:
        match news["type"]:
            case "snapshot":
                self.epoch, self._number = news["epoch"], news["number"]
                self._mark = news["mark"]
                self._tell(news["questions"])
            case "events":
                self._expect(news["after"], self._number)
                if news["number"] > self._number:
                    self._number = news["number"]
                    self._tell(e["question"] for e in news["events"] if e["type"] == "question")
            case "counts":
                self._expect(news["after"], self._mark)
                self._mark = max(self._mark, news["mark"])
            case "beacon":
                self._expect(news["number"], self._number)

    def _expect(self, number: int, known: int) -> None:
        """Who has lost something comes back, and is told what is missing."""
        if number > known:
            raise _Lost

    def _tell(self, questions: Iterable[Question]) -> None:
        for question in questions:
            self._hear(question)


def visitor_to(
    floor: Floor, script: Script, tally: Tally, audience: str, hear: Any, **who: Any
) -> Visitor:
    """`who` is whom the ticket is for: `registration` or `account`."""
    return Visitor(
        f"{script.server.replace('http', 'ws', 1)}/live/v1/{audience}/{floor.engagement.slug}/",
        origin=script.origin,
        mint=partial(ticket, floor, audience, **who),
        hear=hear,
        tally=tally,
    )
