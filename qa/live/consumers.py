"""One live socket: enter with a ticket, send commands, be told news. See docs/live-protocol.md.

A plain loop over the ASGI messages: no channel of its own, no thread hop per frame. What it says of
errors carries a code and a sentence, never what was sent.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import structlog
from django.utils.translation import gettext as _

from engagements.refusals import Refused
from qa import queries
from qa.access import Ticket, read_ticket, still_opens
from qa.live import frames, hub, presence
from qa.live.commands import execute
from qa.live.database import run
from qa.live.frames import BadFrame

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope

logger = structlog.get_logger(__name__)

ENTER_SECONDS = 10.0
SEND_SECONDS = 10.0
MOST_BAD_FRAMES = 5
MOST_WAITING = 32
"""Commands of one socket that wait to be done."""


class Closed(Exception):
    """The socket is to end. `code` is None when the other side has ended it."""

    def __init__(self, code: int | None = None) -> None:
        super().__init__(code)
        self.code = code


class LiveSocket:
    """Both audiences use it; `audience` is fixed by the address."""

    def __init__(self, audience: str) -> None:
        self.audience = audience

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        slug = scope["url_route"]["kwargs"]["slug"]  # type: ignore[typeddict-item]  # URLRouter adds it
        await Session(self.audience, slug, receive, send).run()


async def refuse(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """An address that is none: closed without a word, and without a trace of it in the log."""
    await receive()
    await send({"type": "websocket.close", "code": frames.CLOSE_NOT_ALLOWED, "reason": None})


class Session:
    def __init__(
        self, audience: str, slug: str, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        self.audience = audience
        self.slug = slug
        self._receive = receive
        self._send = send
        self._sending = asyncio.Lock()
        self._commands: asyncio.Queue[dict[str, Any]] = asyncio.Queue(MOST_WAITING)
        self._bad_frames = 0
        self._number = 0

    async def run(self) -> None:
        await self._receive()
        await self._send({"type": "websocket.accept", "subprotocol": None, "headers": []})
        try:
            await self._live()
        except Closed as closed:
            if closed.code is not None:
                await self._close(closed.code)
        except Exception as error:  # noqa: BLE001 - a broken socket is told, its content never logged
            logger.error("socket_failed", error=type(error).__name__)  # noqa: TRY400
            await self._close(frames.CLOSE_FAILED)

    async def _close(self, code: int) -> None:
        await self._send({"type": "websocket.close", "code": code, "reason": None})

    async def _live(self) -> None:
        try:
            async with asyncio.timeout(ENTER_SECONDS):
                frame, ticket = await self._ticket()
        except TimeoutError as error:
            raise Closed(frames.CLOSE_TOO_SLOW) from error
        async with self._present(ticket) as client:
            await self._enter(frame, ticket)
            await _first_to_end(
                self._read(),
                self._obey(ticket),
                self._pump(ticket, client),
                _until_closed(client),
            )

    @contextlib.asynccontextmanager
    async def _present(self, ticket: Ticket) -> Any:
        """A client of the floor's hub, and attendance, for as long as the socket lives."""
        client = hub.Client(ticket)
        floor_hub = hub.hub_for(client, ticket.floor)
        try:
            async with asyncio.timeout(ENTER_SECONDS):
                await floor_hub.join(client)
                await presence.enter(client)
            yield client
        finally:
            await hub.leave(floor_hub, client)
            await presence.leave(client)

    async def _ticket(self) -> tuple[dict[str, Any], Ticket]:
        """The first frame must be `enter` with a ticket for this floor and audience."""
        while True:
            frame = await self._next_frame()
            if frame["do"] != "enter":
                await self._refuse(frame["id"], "enter_first", _("Enter first."))
                continue
            ticket = read_ticket(str(frame.get("ticket")))
            if ticket is None or (ticket.slug, ticket.audience) != (self.slug, self.audience):
                raise Closed(frames.CLOSE_NOT_ALLOWED)
            if not await run(still_opens, ticket):
                raise Closed(frames.CLOSE_NOT_ALLOWED)
            return frame, ticket

    async def _enter(self, frame: dict[str, Any], ticket: Ticket) -> None:
        state = await run(_state, ticket, frame.get("epoch"), frame.get("after"))
        self._number = state["news"]["number"]
        await self._say({"re": frame["id"], "ok": state})

    async def _read(self) -> None:
        """Take frames as they come, so that they do not pile up in the server."""
        while True:
            try:
                self._commands.put_nowait(await self._next_frame())
            except asyncio.QueueFull as error:
                raise Closed(frames.CLOSE_TOO_FAST) from error

    async def _obey(self, ticket: Ticket) -> None:
        """Commands one after the other. Who sends much faster than they are done is closed."""
        while True:
            frame = await self._commands.get()
            await self._say({"re": frame["id"], **await self._outcome(ticket, frame)})
            if self._bad_frames >= MOST_BAD_FRAMES:
                raise Closed(frames.CLOSE_BAD_FRAMES)

    async def _outcome(self, ticket: Ticket, frame: dict[str, Any]) -> dict[str, Any]:
        try:
            return {"ok": await run(execute, ticket, frame)}
        except Refused as refused:
            return _error(refused.code, str(refused.message))
        except BadFrame as bad:
            self._bad_frames += 1
            return _error(bad.code, _("This page does not fit the server. Please reload it."))
        except Exception as error:  # noqa: BLE001 - said plainly to the sender, content never logged
            logger.error("command_failed", command=frame["do"], error=type(error).__name__)  # noqa: TRY400
            return _error("failed", _("Not saved. Please try again."))

    async def _pump(self, ticket: Ticket, client: hub.Client) -> None:
        """Hand on the news. Who has fallen behind is brought up to date from the log."""
        while True:
            number, text = await client.unsent.get()
            if client.is_behind:
                await self._resume(ticket, client)
            elif number is None:
                await self._transmit(text)
            elif number > self._number:
                self._number = number
                await self._transmit(text)

    async def _resume(self, ticket: Ticket, client: hub.Client) -> None:
        client.is_behind = False
        while not client.unsent.empty():
            client.unsent.get_nowait()
        state = await run(_state, ticket, None, None)
        self._number = state["news"]["number"]
        await self._say({"type": "resumed", **state})

    async def _next_frame(self) -> dict[str, Any]:
        """The next well-formed frame; bad ones are answered, and too many end the socket."""
        while True:
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                raise Closed
            try:
                return frames.read(message.get("text"))  # type: ignore[arg-type]  # ASGI: text or None
            except BadFrame as bad:
                await self._count_bad(bad)

    async def _count_bad(self, bad: BadFrame) -> None:
        self._bad_frames += 1
        await self._refuse(None, bad.code, _("This is not a message of the live protocol."))
        if self._bad_frames >= MOST_BAD_FRAMES:
            raise Closed(frames.CLOSE_BAD_FRAMES)

    async def _refuse(self, number: int | None, code: str, message: str) -> None:
        await self._say({"re": number, **_error(code, message)})

    async def _say(self, message: dict[str, Any]) -> None:
        await self._transmit(frames.write(message))

    async def _transmit(self, text: str) -> None:
        message: Any = {"type": "websocket.send", "text": text}
        try:
            async with asyncio.timeout(SEND_SECONDS), self._sending:
                await self._send(message)
        except TimeoutError as error:
            raise Closed(frames.CLOSE_TOO_SLOW) from error


async def _first_to_end(*works: Any) -> None:
    """Run until one ends, by an exception as a rule; end the others and hand it on."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in filter(asyncio.Task.done, tasks):
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _until_closed(client: hub.Client) -> None:
    raise Closed(await client.close_code)


def _state(ticket: Ticket, epoch: object, after: object) -> dict[str, Any]:
    """What the client needs to be up to date: the events since its number, or everything."""
    news = None
    if isinstance(epoch, str) and isinstance(after, int):
        news = queries.missed(ticket.floor, ticket.audience, epoch=epoch, after=after)
    if news is None:
        news = queries.snapshot(ticket.floor, ticket.audience)
    if ticket.registration is None:
        return {"news": news}
    return {"news": news, "own": queries.own_questions(ticket.registration)}


def _error(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}
