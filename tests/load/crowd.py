"""Thousands of WebSockets in one process, at a few microseconds a message.

Everybody is sent the same bytes, so that each distinct frame is parsed once and then recognized
by its bytes; a delivery costs one look-up and one time stamp.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
from array import array
from collections import Counter
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, cast

from tests.load import wire

if TYPE_CHECKING:
    from collections.abc import Callable

REPLY: Final = re.compile(rb'\{"re": ?(\d+|null), ?"(ok|error)"')
NUMBER: Final = re.compile(rb'"number": ?(\d+)')
# Own things are each person's own bytes: not worth keeping.
OWN: Final = b'"own-'
STALLED_BUFFER: Final = 4096
STALLED_SEGMENT: Final = 536


@dataclass(slots=True)
class Message:
    """What was sent to many, and when it arrived at each."""

    body: dict[str, Any]
    arrivals: array[float] = field(default_factory=lambda: array("d"))
    finals: int = 0
    """Bits of the questions whose last count this message tells."""


@dataclass(slots=True)
class Reply:
    socket: Socket
    number: int
    is_ok: bool
    payload: bytes
    moment: float


def ignore(reply: Reply) -> None:
    """Replies that nobody waits for."""


class Crowd:
    def __init__(self) -> None:
        self.known: dict[bytes, Message] = {}
        self.on_reply: Callable[[Reply], None] = ignore
        self.closed: Counter[int] = Counter()
        self.refused: Counter[str] = Counter()
        self.number = 0
        """The last number of the log that anybody was told."""
        self.final_of: Callable[[dict[str, Any]], int] | None = None
        self.final_mask = 0
        self.when_final: list[float] = []

    def learn(self, frame: bytes, payload: bytes) -> Message:
        body = json.loads(payload)
        message = Message(body)
        if body.get("type") == "counts" and self.final_of is not None:
            message.finals = self.final_of(body)
        if body.get("type") == "events":
            self.number = max(self.number, body["number"])
        self.known[frame] = message
        return message

    def messages(self, kind: str) -> list[Message]:
        return [one for one in self.known.values() if one.body.get("type") == kind]

    def forget(self) -> None:
        self.known.clear()


class Socket(asyncio.Protocol):
    """One connection: shakes hands, sends its first frame, then takes what comes."""

    def __init__(self, crowd: Crowd, plan: dict[str, Any]) -> None:
        self.crowd = crowd
        self.plan = plan
        self.rest = b""
        self.is_open = False
        self.finals = 0
        self.entered: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    @property
    def has_entered(self) -> bool:
        return self.entered.done() and self.entered.exception() is None

    async def open(self, *, is_stalled: bool = False) -> float:
        """Connect and enter; gives the moment at which the snapshot was there."""
        loop = asyncio.get_running_loop()
        port = self.plan["port"]
        if is_stalled:
            await loop.create_connection(lambda: self, sock=await _narrow_socket(port))
        else:
            await loop.create_connection(lambda: self, "127.0.0.1", port)
        return await self.entered

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        plan = self.plan
        self.transport.write(wire.handshake(plan["port"], plan["path"], plan["cookie"]))

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(b"closed before the snapshot")

    def send(self, text: bytes) -> None:
        self.transport.write(wire.client_frame(text))

    def data_received(self, data: bytes) -> None:
        now = perf_counter()
        message = self.crowd.known.get(data)
        if message is None or self.rest:
            self._parse(data, now)
            return
        message.arrivals.append(now)
        if message.finals:
            self._count(message, now)

    def _parse(self, data: bytes, now: float) -> None:
        data = self.rest + data
        if not self.is_open:
            head, end, after = data.partition(b"\r\n\r\n")
            if not end:
                self.rest = head
                return
            self._shaken(head)
            data = after
        position = 0
        while (frame := wire.next_frame(data, position)) is not None:
            opcode, start, end_ = frame
            if opcode == wire.TEXT:
                self._take(data[position:end_], data[start:end_], now)
            else:
                self._control(opcode, data[start:end_])
            position = end_
        self.rest = data[position:]

    def _shaken(self, head: bytes) -> None:
        if b" 101 " not in head.split(b"\r\n", 1)[0]:
            self._fail(head[:80])
            return
        self.is_open = True
        if self.plan["enter"]:
            self.send(self.plan["enter"].encode())

    def _take(self, frame: bytes, payload: bytes, now: float) -> None:
        message = self.crowd.known.get(frame)
        if message is None:
            reply = REPLY.match(payload)
            if reply is not None:
                self._reply(reply, payload, now)
                return
            if OWN in payload[:20]:
                return
            message = self.crowd.learn(frame, payload)
        message.arrivals.append(now)
        if message.finals:
            self._count(message, now)

    def _reply(self, found: re.Match[bytes], payload: bytes, now: float) -> None:
        is_ok = found[2] == b"ok"
        if not is_ok:
            self.crowd.refused[payload[:160].decode(errors="replace")] += 1
        number = 0 if found[1] == b"null" else int(found[1])
        if self.entered.done():
            self.crowd.on_reply(Reply(self, number, is_ok, payload, now))
        elif is_ok:
            self.crowd.number = max(self.crowd.number, _number_in(payload))
            self.entered.set_result(now)
        else:
            self._fail(payload[:160])

    def _fail(self, why: bytes) -> None:
        if not self.entered.done():
            self.entered.set_exception(ConnectionError(why.decode(errors="replace")))

    def _count(self, message: Message, now: float) -> None:
        """Has this screen every last count now?"""
        crowd = self.crowd
        if self.finals != crowd.final_mask:
            self.finals |= message.finals
            if self.finals == crowd.final_mask:
                crowd.when_final.append(now)

    def _control(self, opcode: int, payload: bytes) -> None:
        if opcode == wire.PING:
            self.transport.write(wire.client_frame(payload, wire.PONG))
        elif opcode == wire.CLOSE:
            self.crowd.closed[int.from_bytes(payload[:2], "big")] += 1
            self.transport.close()


def _number_in(payload: bytes) -> int:
    """The number of a snapshot stands before its questions."""
    found = NUMBER.search(payload[:300])
    return int(found[1]) if found else 0


async def _narrow_socket(port: int) -> socket.socket:
    """Small buffers and segments, else loopback takes megabytes before anybody has to wait."""
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, STALLED_BUFFER)
    narrow.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, STALLED_SEGMENT)
    narrow.setblocking(False)
    await asyncio.get_running_loop().sock_connect(narrow, ("127.0.0.1", port))
    return narrow
