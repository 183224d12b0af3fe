"""Messages backstage: told whole, because they are few, to the desk and to speakers' devices.

What is announced only says that it is worth a look. A mark that moved is found by the hub's beacon
too.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from qa import queries
from qa.live import frames
from qa.live.database import run
from qa.live.supervised import Supervised

if TYPE_CHECKING:
    from qa.live.client import Client
    from qa.live.hub import Hub


class Backstage(Supervised):
    """`mark` is the floor's, as of the list that was read last; None when there is none to go by,
    because nobody here wanted one. As long as nothing was written nobody is told so."""

    def __init__(self, hub: Hub) -> None:
        super().__init__()
        self.mark: int | None = None
        self.due = asyncio.Event()
        self._hub = hub
        self._text = ""

    def start(self) -> None:
        self.supervise(self._keep_reading)

    def came(self, client: Client) -> None:
        """Somebody has entered: told what is known, or as soon as it is read."""
        if not client.is_backstage:
            return
        if self.mark is None:
            self.due.set()
        elif self._text:
            client.outlet.say(self._text)

    def see(self, position: queries.Position) -> None:
        """The beacon: a mark that moved without an announcement."""
        if self.mark is not None and position.backstage_mark != self.mark:
            self.due.set()

    async def _keep_reading(self) -> None:
        while True:
            await self.due.wait()
            self.due.clear()
            try:
                await self.read()
            except BaseException:
                self.due.set()
                raise

    async def read(self) -> None:
        if not self._listeners():
            self.mark = None
            return
        told = await run(queries.backstage, self._hub.floor_id)
        if told["mark"] == self.mark:
            return
        self.mark = told["mark"]
        self._text = frames.write(told) if told["messages"] else ""
        for client in self._listeners() if self._text else ():
            client.outlet.say(self._text)

    def _listeners(self) -> list[Client]:
        return [client for client in self._hub.everybody() if client.is_backstage]
