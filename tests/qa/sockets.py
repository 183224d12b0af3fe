"""A browser's side of a live socket, against the real ASGI application.

Every message that arrives is held to its type, so that no field goes out that is not named there.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from typeguard import CollectionCheckStrategy, check_type

from qa import messages, projection
from qa.access import ticket
from qa.live.presence import CHECK_SECONDS
from tests.qa.wires import SECONDS, ApplicationWire, NetworkWire, Wire

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from engagements.models import Registration, User
    from qa.models import Floor, ViewLink

ASIDE = frozenset({"presence", "beacon"})
ORIGIN = b"http://127.0.0.1:8000"
HEARD_WITHIN = CHECK_SECONDS[0] - 0.1
"""Sooner than anybody looks by himself: it was heard of. A second is the promise, and a test
machine under load is no measure of seconds."""


def check(message: dict[str, Any]) -> None:
    kind: Any = messages.Reply if "re" in message else messages.News
    check_type(message, kind, collection_check_strategy=CollectionCheckStrategy.ALL_ITEMS)
    if "news" in message.get("ok", {}):
        check_type(message["ok"], messages.Entered)


class Socket:
    """A browser's side of one socket. `server` is where it leads, if not into the application."""

    server = ""

    def __init__(self, floor: Floor, audience: str, origin: bytes | None = ORIGIN) -> None:
        path = f"/live/v1/{audience}/{floor.engagement.slug}/"
        self.wire: Wire = (
            NetworkWire(Socket.server, path, origin)
            if Socket.server
            else ApplicationWire(path, origin)
        )
        self._id = 0
        self._news: list[dict[str, Any]] = []

    async def connect(self) -> bool:
        return await self.wire.connect()

    async def send(self, do: str, **fields: Any) -> int:
        self._id += 1
        await self.wire.send(json.dumps({"id": self._id, "do": do, **fields}))
        return self._id

    async def next(self, *types: str) -> dict[str, Any]:
        """The next message that is no reply awaited by `call`, of these types if any are named.

        How many people are present, and where the log ends, is told now and then; who waits for
        news does not wait for that.
        """
        while True:
            message = self._news.pop(0) if self._news else await self._receive()
            if message.get("type") in types or not (types or message.get("type") in ASIDE):
                return message

    async def call(self, do: str, **fields: Any) -> dict[str, Any]:
        """Send a command and wait for its reply; news that come first are kept for `next`."""
        number = await self.send(do, **fields)
        while True:
            message = await self._receive()
            if message.get("re") == number:
                return message
            self._news.append(message)

    async def _receive(self) -> dict[str, Any]:
        async with asyncio.timeout(SECONDS):
            text = await self.wire.receive()
        assert isinstance(text, str), f"closed with {text}"
        message: dict[str, Any] = json.loads(text)
        check(message)
        return message

    async def closed(self) -> int:
        """The code that closes it; what is told before does not count."""
        async with asyncio.timeout(SECONDS):
            while isinstance(received := await self.wire.receive(), str):
                check(json.loads(received))
        return received


@asynccontextmanager
async def entered(
    floor: Floor,
    *,
    registration: Registration | None = None,
    account: User | None = None,
    device: ViewLink | None = None,
    audience: str = "",
    **position: Any,
) -> AsyncIterator[tuple[Socket, dict[str, Any]]]:
    audience = audience or (projection.ROOM if registration else projection.DESK)
    socket = Socket(floor, audience)
    assert await socket.connect()
    pass_ = ticket(floor, audience, registration=registration, account=account, device=device)
    reply = await socket.call("enter", ticket=pass_, **position)
    yield socket, reply["ok"]
    await socket.wire.leave()


def ask(socket: Socket, text: str = "Why?", key: str = "") -> Any:
    return socket.call("ask", text=text, client_id=key or str(uuid.uuid4()))
