"""The portable floor: the least that Python can do, asyncio.Protocol on uvloop.

    python -m tests.load.floor PORT

No framework, no database, no questions asked: each frame is built once and written to every
connection. What Openfloor costs is measured against this.

`application` is the least that can be done behind an ASGI server: it only lets people enter.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, cast

import uvloop

from tests.load import examples, wire

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope

BACKLOG: Final = 4096
SNAPSHOT: Final = examples.encode(examples.entered(examples.questions(), {}))


class Server:
    """All connections, and what is written to them."""

    def __init__(self) -> None:
        self.transports: set[asyncio.Transport] = set()
        self.number = 0
        self.votes: Counter[int] = Counter()
        self.snapshot = wire.server_frame(SNAPSHOT)

    def broadcast(self, message: dict[str, Any]) -> None:
        frame = wire.server_frame(examples.encode(message))
        for transport in self.transports:
            transport.write(frame)

    def obey(self, transport: asyncio.Transport, text: bytes) -> None:
        command = json.loads(text)
        if command["do"] == "enter":
            transport.write(self.snapshot)
        elif command["do"] == "event":
            self.number += 1
            self.broadcast(examples.event(self.number))
        else:
            self.votes[command["number"]] += 1
            reply = examples.encode({"re": command["id"], "ok": {}})
            transport.write(wire.server_frame(reply))
            self.broadcast(examples.count(command["number"], self.votes[command["number"]]))


class Connection(asyncio.Protocol):
    def __init__(self, server: Server) -> None:
        self.server = server
        self.rest = b""
        self.is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.server.transports.discard(self.transport)

    def data_received(self, data: bytes) -> None:
        data = self.rest + data
        if not self.is_open:
            request, end, data = data.partition(b"\r\n\r\n")
            if not end:
                self.rest = request
                return
            self.is_open = True
            self.transport.write(wire.acceptance(request))
            if b"/desk/" not in request:
                self.server.transports.add(self.transport)
        position = 0
        while (frame := wire.next_frame(data, position)) is not None:
            opcode, start, position = frame
            if opcode == wire.TEXT:
                self.server.obey(self.transport, wire.unmasked(data, start, position))
        self.rest = data[position:]


async def serve(port: int) -> None:
    server = Server()
    listener = await asyncio.get_running_loop().create_server(
        lambda: Connection(server), "127.0.0.1", port, backlog=BACKLOG
    )
    async with listener:
        await listener.serve_forever()


async def application(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    await receive()
    await send({"type": "websocket.accept", "subprotocol": None, "headers": []})
    while (await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "bytes": None, "text": SNAPSHOT.decode()})


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
