"""A client of the hub as tests have it: its socket may be slow, cut and opened again."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from qa.live.client import Client
from qa.live.outlet import Outlet
from tests.qa.reference import Knowledge
from tests.qa.sockets import check

if TYPE_CHECKING:
    from qa.access import Ticket
    from qa.live.hub import Hub


class Viewer:
    """A browser's side: what it knows, its socket, and whether it takes anything at the moment."""

    def __init__(self, ticket: Ticket) -> None:
        self.ticket = ticket
        self.knows = Knowledge(ticket.audience)
        self.client: Client | None = None
        self.takes = asyncio.Event()
        self.takes.set()
        self.texts: list[str] = []
        self.faults: list[Exception] = []

    async def open(self, hub: Hub) -> None:
        self.client = Client(self.ticket, Outlet(self._receive, lambda: None), lambda _code: None)
        hub.members.add(self.client)
        await hub.enter(self.client, 1, self.knows.position())

    def cut(self, hub: Hub) -> None:
        if self.client is not None:
            self.client.outlet.stop()
            hub.leave(self.client)
            self.client = None

    async def _receive(self, message: Any) -> None:
        if not self.takes.is_set():
            await self.takes.wait()
        self.texts.append(message["text"])
        try:
            self._learn(json.loads(message["text"]))
        except Exception as fault:
            # The outlet takes whatever a server raises for a lost connection.
            self.faults.append(fault)
            raise

    def _learn(self, told: dict[str, Any]) -> None:
        check(told)
        if "ok" in told:
            self.knows.entered(told["ok"])
            return
        assert not self.knows.has_gap(told), told
        self.knows.take(told)
