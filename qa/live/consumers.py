"""One live socket: enter with a ticket, send commands, be told news. See docs/live-protocol.md.

A plain loop over the ASGI messages: no channel of its own, no thread hop per frame. What it says of
errors carries a code and a sentence, never what was sent.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

import structlog
from django.utils.translation import gettext as _

from engagements.refusals import Refused
from qa.access import Ticket, ended_tickets, read_ticket
from qa.live import frames, hubs
from qa.live.client import Client
from qa.live.commands import execute
from qa.live.database import run
from qa.live.frames import BadFrame
from qa.live.outlet import Outlet

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope

    from qa import messages
    from qa.live.hub import Hub

logger = structlog.get_logger(__name__)

ENTER_SECONDS: Final = 10.0
GOODBYE_SECONDS: Final = 1.0
WATCH_SECONDS: Final = 0.25
MOST_BAD_FRAMES: Final = 5
MOST_WAITING: Final = 32
"""Commands of one socket that wait to be done."""

POSITION: Final = ("epoch", "after", "mark")


class Closed(Exception):
    """The socket is to end. `code` is None when the other side has ended it."""

    def __init__(self, code: int | None = None) -> None:
        super().__init__(code)
        self.code = code


class LiveSocket:
    """All audiences use it; `audience` is fixed by the address."""

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
    __slots__ = (
        "_bad_frames", "_client", "_code", "_hub", "_is_leaving", "_loop_task", "_obeying",
        "_outlet", "_receive", "_send", "_waiting", "_watching", "audience", "slug",
    )  # fmt: skip

    def __init__(
        self, audience: str, slug: str, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        self.audience = audience
        self.slug = slug
        self._receive = receive
        self._send = send
        self._outlet = Outlet(send, self._lost)
        self._loop_task = asyncio.current_task()
        self._code: int | None = None
        self._waiting: list[dict[str, Any]] = []
        self._obeying: asyncio.Task[None] | None = None
        self._bad_frames = 0
        self._is_leaving = False
        self._watching: asyncio.TimerHandle | None = None
        self._client: Client | None = None
        self._hub: Hub | None = None

    async def run(self) -> None:
        await self._receive()
        await self._send({"type": "websocket.accept", "subprotocol": None, "headers": []})
        code = None
        try:
            await self._live()
        except Closed as closed:
            code = closed.code
        except asyncio.CancelledError:
            if self._code is None or self._loop_task is None:
                raise
            self._loop_task.uncancel()
            code = self._code
        except Exception as error:  # noqa: BLE001 - a broken socket is told, its content never logged
            logger.error("socket_failed", error=type(error).__name__)  # noqa: TRY400
            code = frames.CLOSE_FAILED
        finally:
            self._is_leaving = True
            await self._own_cancellation()
            await asyncio.shield(self._leave())
        if code is not None:
            await self._say_goodbye(code)

    def end(self, code: int) -> None:
        """Close from outside the loop."""
        if self._code is None and self._loop_task is not None and not self._is_leaving:
            self._code = code
            self._loop_task.cancel()

    async def _own_cancellation(self) -> None:
        """Let a cancellation by `end` land that has not yet, or it would land while we leave."""
        if self._loop_task is None or self._code is None or not self._loop_task.cancelling():
            return
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            self._loop_task.uncancel()

    async def _live(self) -> None:
        self._watch_again()
        try:
            async with asyncio.timeout(ENTER_SECONDS):
                ticket = await self._enter()
        except TimeoutError as error:
            raise Closed(frames.CLOSE_TOO_SLOW) from error
        finally:
            self._stop_watching()
        while True:
            frame = await self._next_frame()
            if len(self._waiting) >= MOST_WAITING:
                raise Closed(frames.CLOSE_TOO_FAST)
            self._waiting.append(frame)
            if self._obeying is None:
                self._obeying = asyncio.create_task(self._obey(ticket))

    def _watch(self) -> None:
        """Until it has entered no hub looks after a socket that takes nothing."""
        if self._outlet.is_stuck():
            self.end(frames.CLOSE_TOO_SLOW)
            self._outlet.abort()
        else:
            self._watch_again()

    def _watch_again(self) -> None:
        loop = asyncio.get_running_loop()
        self._watching = loop.call_later(WATCH_SECONDS, self._watch)

    def _stop_watching(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            self._watching = None

    async def _enter(self) -> Ticket:
        """The first frame must be `enter` with a ticket for this floor and audience.

        The signature is enough for a stakeholder, who is looked at together with all that come
        within a moment. An account may see more, and a device's link may have been revoked, so
        their right is asked for before.
        """
        frame = await self._next_frame()
        while frame["do"] != "enter":
            self._refuse(frame["id"], "enter_first", _("Enter first."))
            self._count_bad()
            frame = await self._next_frame()
        ticket = read_ticket(str(frame.get("ticket")))
        if ticket is None or (ticket.slug, ticket.audience) != (self.slug, self.audience):
            raise Closed(frames.CLOSE_NOT_ALLOWED)
        if ticket.registration is None:
            ended = await run(ended_tickets, [ticket])
            if ticket in ended:
                raise Closed(frames.closing(is_session=ended[ticket]))
        self._client = Client(ticket, self._outlet, self.end)
        self._hub = hubs.join(self._client)
        known = {name: frame.get(name) for name in POSITION}
        await self._hub.enter(self._client, frame["id"], known)
        return ticket

    async def _leave(self) -> None:
        if self._obeying is not None:
            self._obeying.cancel()
        self._outlet.stop()
        if self._hub is not None and self._client is not None:
            await hubs.leave(self._hub, self._client)

    async def _obey(self, ticket: Ticket) -> None:
        """Commands one after the other. Who sends much faster than they are done is closed."""
        try:
            while self._waiting:
                frame = self._waiting.pop(0)
                if self._client is not None and frame["do"] == "ask":
                    self._client.asked = str(frame.get("client_id"))
                self._say({"re": frame["id"], **await self._outcome(ticket, frame)})
                if self._bad_frames >= MOST_BAD_FRAMES:
                    self.end(frames.CLOSE_BAD_FRAMES)
        finally:
            self._obeying = None

    async def _outcome(self, ticket: Ticket, frame: dict[str, Any]) -> dict[str, Any]:
        try:
            return {"ok": await execute(ticket, frame)}
        except Refused as refused:
            return _error(refused.code, str(refused.message), refused.retry_after)
        except BadFrame as bad:
            self._bad_frames += 1
            return _error(bad.code, _("This page does not fit the server. Please reload it."))
        except Exception as error:  # noqa: BLE001 - said plainly to the sender, content never logged
            logger.error("command_failed", command=frame["do"], error=type(error).__name__)  # noqa: TRY400
            return _error("failed", _("Not saved. Please try again."))

    async def _next_frame(self) -> dict[str, Any]:
        """The next well-formed frame; bad ones are answered, and too many end the socket."""
        while True:
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                raise Closed
            try:
                return frames.read(message.get("text"))  # type: ignore[arg-type]  # ASGI: text or None
            except BadFrame as bad:
                self._refuse(None, bad.code, _("This is not a message of the live protocol."))
                self._count_bad()

    def _count_bad(self) -> None:
        self._bad_frames += 1
        if self._bad_frames >= MOST_BAD_FRAMES:
            raise Closed(frames.CLOSE_BAD_FRAMES)

    def _refuse(self, number: int | None, code: str, message: str) -> None:
        self._say({"re": number, **_error(code, message)})

    def _say(self, message: dict[str, Any]) -> None:
        self._outlet.say(frames.write(message))

    def _lost(self) -> None:
        """The other side is gone, and the server has not told us yet."""
        self.end(frames.CLOSE_TOO_SLOW)

    async def _say_goodbye(self, code: int) -> None:
        try:
            async with asyncio.timeout(GOODBYE_SECONDS):
                await self._send({"type": "websocket.close", "code": code, "reason": None})
        except TimeoutError:
            self._outlet.abort()
        except OSError:
            return


def _error(code: str, message: str, retry_after: int = 0) -> dict[str, messages.Error]:
    error: messages.Error = {"code": code, "message": message}
    if retry_after:
        error["retry_after"] = retry_after
    return {"error": error}
