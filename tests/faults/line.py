"""One person's line to the floor: over any worker, again and again, going on from where it was.

What a page does by docs/live-protocol.md, with a shorter patience: an experiment has a minute.
"""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from django.db import DatabaseError, connections
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Origin

from qa import queries
from qa.access import ticket
from tests.qa.reference import Knowledge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

    from engagements.models import Registration, User
    from qa import messages
    from qa.models import Floor

ENTER_SECONDS: Final = 10.0
REPLY_SECONDS: Final = 15.0
PAUSE_SECONDS: Final = (0.1, 0.5)
AGAIN_SECONDS: Final = 0.3
FOR_GOOD: Final = frozenset({4400, 4403, 4409})
"""Codes of closing after which a page does not come back."""

SEND_AGAIN: Final = frozenset({"failed", "too_fast"})

# Everybody in the room is sent the same text.
_parsed = lru_cache(maxsize=256)(json.loads)


class Lost(Exception):
    """The line is broken, or was cut; whether a command was done is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """Where people meet. `loss` is the share of replies that get lost on the way."""

    floor: Floor
    ports: tuple[int, ...]
    origin: str
    loss: float


@dataclass(slots=True)
class Figures:
    """What happened to one line, for the report."""

    reconnects: int = 0
    snapshots: int = 0
    gaps: int = 0
    lost_replies: int = 0
    sent_again: int = 0
    closings: list[int] = field(default_factory=list)


class Line:
    """`frames` is all that was ever told on it. `home` is the worker that is tried first."""

    def __init__(
        self,
        name: str,
        audience: str,
        hall: Hall,
        rng: Random,
        *,
        registration: Registration | None = None,
        account: User | None = None,
        home: int | None = None,
    ) -> None:
        self.name = name
        self.hall = hall
        self.rng = rng
        self.registration = registration
        self.account = account
        self.knows = Knowledge(audience)
        self.frames: list[str] = []
        self.figures = Figures()
        self.is_in = asyncio.Event()
        self._home = home
        self._ids = count(1)
        self._socket: ClientConnection | None = None
        self._replies: dict[int, asyncio.Future[Any]] = {}
        self._doomed = 0
        self.port = 0

    async def stay(self) -> None:
        """Be connected until cancelled."""
        for port in self._ports():
            with suppress(OSError, WebSocketException, TimeoutError, DatabaseError, Lost):
                await self._visit(port)
            self.cut()
            await asyncio.sleep(self.rng.uniform(*PAUSE_SECONDS))

    async def insist(
        self, do: str, *, sending: Callable[[float], None] = lambda _at: None, **fields: Any
    ) -> dict[str, Any]:
        """The reply, sent again until there is one that says what was done or refused for good.

        `sending` is told the time just before each send.
        """
        while True:
            try:
                reply = await self.exchange(do, sending, fields)
            except Lost:
                self.figures.sent_again += 1
                continue
            error = reply.get("error", {})
            if error.get("code") not in SEND_AGAIN:
                return reply
            self.figures.sent_again += 1
            await asyncio.sleep(error.get("retry_after") or AGAIN_SECONDS)

    async def exchange(
        self, do: str, sending: Callable[[float], None], fields: dict[str, Any]
    ) -> dict[str, Any]:
        """Send once, on a line that stands. The reply gets lost on the way now and then: the line
        is cut right after the send or, as often, when the reply has come. Raises Lost."""
        await self.is_in.wait()
        fate = self.rng.random()
        number = next(self._ids)
        reply = self._replies[number] = asyncio.get_running_loop().create_future()
        self._doomed = number if fate < self.hall.loss / 2 else 0
        try:
            sending(time.monotonic())
            await self._send({"id": number, "do": do, **fields})
            if not self.hall.loss / 2 <= fate < self.hall.loss:
                async with asyncio.timeout(REPLY_SECONDS):
                    answer: dict[str, Any] = await reply
                return answer
            self.figures.lost_replies += 1
        except (ConnectionClosed, TimeoutError):
            """Nobody answers."""
        finally:
            self._replies.pop(number, None)
        self.cut()
        raise Lost

    def cut(self) -> None:
        """The network takes the line away, without a goodbye."""
        self.is_in.clear()
        if self._socket is not None:
            self._socket.transport.abort()
            self._socket = None
        for reply in self._replies.values():
            if not reply.done():
                reply.set_exception(Lost())

    def _ports(self) -> Iterator[int]:
        if self._home is not None:
            yield self._home
        while True:
            yield self.rng.choice(self.hall.ports)

    async def _visit(self, port: int) -> None:
        """One socket from its opening to its end."""
        self.port = port
        pass_, own = await asyncio.to_thread(self._fetch_ticket)
        async with connect(
            f"ws://127.0.0.1:{port}/live/v1/{self.knows.audience}/{self.hall.floor.engagement.slug}/",
            origin=Origin(self.hall.origin),
            compression=None,
            max_size=None,
            max_queue=None,
            open_timeout=ENTER_SECONDS,
            close_timeout=0.2,
            ping_interval=None,
            proxy=None,
        ) as self._socket:
            try:
                await self._enter(pass_, own)
                async for text in self._socket:
                    self._take(str(text))
            except ConnectionClosed as closed:
                if closed.rcvd:
                    self.figures.closings.append(closed.rcvd.code)
                raise

    def _fetch_ticket(self) -> tuple[str, messages.Own | None]:
        """What a page is given, from the database that may be away."""
        try:
            given = ticket(
                self.hall.floor,
                self.knows.audience,
                registration=self.registration,
                account=self.account,
            )
            return given, queries.own(self.registration.pk) if self.registration else None
        finally:
            connections.close_all()

    async def _enter(self, pass_: str, own: messages.Own | None) -> None:
        number = next(self._ids)
        await self._send({"id": number, "do": "enter", "ticket": pass_, **self.knows.position()})
        async with asyncio.timeout(ENTER_SECONDS):
            text = await self._told()
        reply = json.loads(text)
        if "ok" not in reply:
            raise Lost
        self.figures.reconnects += self.knows.epoch is not None
        self.figures.snapshots += reply["ok"]["news"]["type"] == "snapshot"
        if own is not None:
            self.knows.take(dict(own))
        self.knows.entered(reply["ok"])
        self.is_in.set()

    async def _send(self, frame: dict[str, Any]) -> None:
        if self._socket is None:
            raise Lost
        await self._socket.send(json.dumps(frame))

    async def _told(self) -> str:
        if self._socket is None:
            raise Lost
        text = str(await self._socket.recv())
        self.frames.append(text)
        return text

    def _take(self, text: str) -> None:
        self.frames.append(text)
        message = _parsed(text)
        if "re" in message:
            self._take_reply(message)
            return
        if self.knows.has_gap(message):
            self.figures.gaps += 1
            raise Lost
        self.knows.take(message)

    def _take_reply(self, message: dict[str, Any]) -> None:
        if message["re"] == self._doomed:
            self.figures.lost_replies += 1
            raise Lost
        if self.registration is not None and "question" in message.get("ok", {}):
            # In its place among all that is told: a later frame may know of the question more.
            self.knows.take({"type": "own-question", "question": message["ok"]["question"]})
        reply = self._replies.get(message["re"])
        if reply is not None and not reply.done():
            reply.set_result(message)
