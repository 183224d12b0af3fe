"""A browser's side of a live socket, against the real ASGI application."""

from __future__ import annotations

import json
import uuid
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from channels.testing import WebsocketCommunicator

from config.asgi import application
from qa import projection
from qa.access import ticket

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from engagements.models import Registration, User
    from qa.models import Floor

ORIGIN = b"http://127.0.0.1:8000"


class Socket:
    """A browser's side of one socket."""

    def __init__(self, floor: Floor, audience: str, origin: bytes | None = ORIGIN) -> None:
        headers = [] if origin is None else [(b"origin", origin)]
        self.path = f"/live/v1/{audience}/{floor.engagement.slug}/"
        self.wire = WebsocketCommunicator(application, self.path, headers=headers)
        self._id = 0
        self._news: list[dict[str, Any]] = []

    async def connect(self) -> bool:
        connected, _ = await self.wire.connect(timeout=5)
        return connected

    async def send(self, do: str, **fields: Any) -> int:
        self._id += 1
        await self.wire.send_to(text_data=json.dumps({"id": self._id, "do": do, **fields}))
        return self._id

    async def next(self) -> dict[str, Any]:
        """The next message that is no reply awaited by `call`."""
        return self._news.pop(0) if self._news else await self._receive()

    async def call(self, do: str, **fields: Any) -> dict[str, Any]:
        """Send a command and wait for its reply; news that come first are kept for `next`."""
        number = await self.send(do, **fields)
        while True:
            message = await self._receive()
            if message.get("re") == number:
                return message
            self._news.append(message)

    async def _receive(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(await self.wire.receive_from(timeout=5))
        return message

    async def closed(self) -> int:
        while True:
            output = await self.wire.receive_output(timeout=5)
            if output["type"] == "websocket.close":
                return int(output["code"])


@asynccontextmanager
async def entered(
    floor: Floor,
    *,
    registration: Registration | None = None,
    account: User | None = None,
    audience: str = "",
    **position: Any,
) -> AsyncIterator[tuple[Socket, dict[str, Any]]]:
    audience = audience or (projection.ROOM if registration else projection.DESK)
    socket = Socket(floor, audience)
    assert await socket.connect()
    pass_ = ticket(floor, audience, registration=registration, account=account)
    reply = await socket.call("enter", ticket=pass_, **position)
    yield socket, reply["ok"]
    await socket.wire.disconnect()


def ask(socket: Socket, text: str = "Why?", key: str = "") -> Any:
    return socket.call("ask", text=text, client_id=key or str(uuid.uuid4()))
