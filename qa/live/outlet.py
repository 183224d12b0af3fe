"""What goes out on one socket: at once where it can, one send in flight, and never without bound.

A broadcast drives each socket's send one step. A socket whose send would wait is left alone and
brought up to date later, so that nobody waits for a slow reader.
"""

from __future__ import annotations

import asyncio
from types import coroutine
from typing import TYPE_CHECKING, Any, Final

from qa.live.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator

    from asgiref.typing import ASGISendCallable

MOST_UNSENT: Final = 1024 * 1024
"""Bytes that may wait for one reader, beside a snapshot that is on its way."""

MUCH_UNSENT: Final = 64 * 1024
"""Bytes in the server's own buffer from which on a reader counts as slow."""

MOST_SECONDS: Final = 10.0
"""For so long a reader may take nothing of what waits."""


class Outlet:
    """`broken` is called once, when the socket takes nothing any more."""

    __slots__ = (
        "_broken", "_bytes", "_granted", "_is_stopped", "_last_unsent", "_loop", "_send",
        "_slow_since", "_task", "_waiting", "_wire",
    )  # fmt: skip

    def __init__(self, send: ASGISendCallable, broken: Callable[[], None]) -> None:
        self._send = send
        self._wire = Wire(send)
        self._broken = broken
        self._loop = asyncio.get_running_loop()
        self._waiting: list[str] = []
        self._bytes = 0
        self._task: asyncio.Task[None] | None = None
        self._slow_since: float | None = None
        self._last_unsent = 0
        self._is_stopped = False
        self._granted = 0

    @property
    def is_free(self) -> bool:
        """Whether what is sent now would leave at once."""
        return self._task is None and (self._wire.waits or self._wire.unsent() < MUCH_UNSENT)

    def offer(self, text: str) -> bool:
        """Send it if it leaves at once; else nothing happens, and the answer is no."""
        if self._is_stopped or not self.is_free:
            return False
        self._start(text)
        return True

    def say(self, text: str) -> None:
        """Send it, after all that waits already."""
        if self._is_stopped:
            return
        if self._task is None:
            self._start(text)
            return
        self._waiting.append(text)
        self._bytes += len(text.encode())

    def say_whole(self, text: str) -> None:
        """As `say`, for everything anew: as long as it is on its way, so much more may wait.

        Otherwise a long one would close a slow reader, who would come back for the same again.
        """
        self._granted = max(self._granted, len(text.encode()))
        self.say(text)

    def is_stuck(self) -> bool:
        """Whether too much waits, or nothing was taken for too long. To be asked several times a
        second."""
        if self.is_free:
            self._granted = 0
        most = MOST_UNSENT + self._granted
        unsent = self._wire.unsent()
        takes_some = unsent < self._last_unsent
        self._last_unsent = unsent
        if (self._task is None and unsent < MUCH_UNSENT) or takes_some:
            self._slow_since = None
            return self._bytes + unsent > most
        if self._slow_since is None:
            self._slow_since = self._loop.time()
        waits = self._loop.time() - self._slow_since
        return self._bytes + unsent > most or waits > MOST_SECONDS

    def abort(self) -> None:
        """Who takes nothing would not take a goodbye either."""
        self.stop()
        self._wire.abort()

    def stop(self) -> None:
        """Nothing goes out any more."""
        self._is_stopped = True
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()

    def _start(self, text: str) -> None:
        sending = self._sending(text)
        try:
            step = sending.send(None)
        except StopIteration:
            return
        except Exception:  # noqa: BLE001 - the servers raise what they like for a lost connection
            self._broken()
            return
        self._task = self._loop.create_task(self._finish(sending, step))
        self._task.add_done_callback(self._is_done)

    def _is_done(self, _task: asyncio.Task[None]) -> None:
        self._task = None
        self._slow_since = None
        # What was said between the end of the task and this.
        while self._waiting and self._task is None:
            self._start(self._next())

    def _next(self) -> str:
        text = self._waiting.pop(0)
        self._bytes -= len(text.encode())
        return text

    async def _finish(self, sending: Coroutine[Any, Any, None], step: Any) -> None:
        try:
            await _going_on(sending, step)
            while self._waiting:
                self._slow_since = None
                await self._sending(self._next())
        except Exception:  # noqa: BLE001 - the servers raise what they like for a lost connection
            self._broken()

    def _sending(self, text: str) -> Coroutine[Any, Any, None]:
        message: Any = {"type": "websocket.send", "text": text}
        sending: Any = self._send(message)
        return sending  # type: ignore[no-any-return]  # an Awaitable to ASGI's types


@coroutine
def _going_on(sending: Coroutine[Any, Any, None], step: Any) -> Generator[Any, Any, None]:
    """The rest of a coroutine that was driven one step by hand and waits for `step`."""
    while True:
        try:
            answer = yield step
        except BaseException as error:  # noqa: BLE001 - cancelled, as a rule: it is for the coroutine
            try:
                step = sending.throw(error)
            except StopIteration:
                return
        else:
            try:
                step = sending.send(answer)
            except StopIteration:
                return
