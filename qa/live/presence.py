"""Who comes and goes: admitted once more by the database, and kept as attendance, in batches.

A ticket is enough to enter, so that a thousand who come at once wait for no database. Within a
second it is asked about all of them together: whose right has ended meanwhile is shown out.
"""

from __future__ import annotations

import asyncio
import math
import random
from typing import TYPE_CHECKING, Final

import structlog

from engagements.actions import attending
from qa import events
from qa.access import ended_tickets, shut_out
from qa.live import frames
from qa.live.database import run
from qa.live.supervised import Supervised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.live.client import Client
    from qa.live.hub import Hub

logger = structlog.get_logger(__name__)

BATCH_SECONDS: Final = 0.25
AT_ONCE: Final = 500
SIGN_OF_LIFE_SECONDS: Final = 15.0
CHECK_SECONDS: Final = (2.0, 4.0)


class Presence(Supervised):
    def __init__(self, hub: Hub) -> None:
        super().__init__()
        self._hub = hub
        self._came: list[Client] = []
        self._went: list[Client] = []
        self._due = asyncio.Event()
        self.shut_out: set[int] = set()
        """Registrations that were shut out when we last heard or looked."""

    def start(self) -> None:
        self.supervise(self._keep_book, self._stay, self._check_everybody)

    async def stop(self) -> None:
        await super().stop()
        try:
            while self._came or self._went:
                await self._enter_into_the_book()
        except Exception as error:  # noqa: BLE001 - what stays open is closed for its silence
            logger.warning("presence_not_closed", error=type(error).__name__)

    def came(self, client: Client) -> None:
        self._came.append(client)
        self._due.set()

    def went(self, client: Client) -> None:
        self._went.append(client)
        self._due.set()

    def started(self) -> None:
        """The engagement is live now: who waits in the room has come."""
        self._came += [c for c in self._hub.everybody() if c.interval is None]
        self._due.set()

    async def show_out(self, clients: Sequence[Client]) -> None:
        """Close the sockets of those whose right to be here has ended."""
        if not clients:
            return
        ended = await run(ended_tickets, [client.ticket for client in clients])
        for client in clients:
            if client.registration is not None:
                (self.shut_out.add if client.ticket in ended else self.shut_out.discard)(
                    client.registration
                )
            if client.ticket in ended:
                client.close(frames.closing(is_session=ended[client.ticket]))

    async def _keep_book(self) -> None:
        while True:
            await self._due.wait()
            self._due.clear()
            while self._came or self._went:
                await self._enter_into_the_book()
            await asyncio.sleep(BATCH_SECONDS)

    async def _enter_into_the_book(self) -> None:
        """Some at a time: the rest of the process has its turn between."""
        came, self._came = self._came[:AT_ONCE], self._came[AT_ONCE:]
        went, self._went = self._went, []
        try:
            await self.show_out(came)
            await self._arrive(came)
            # Who left again before being booked has only now something to close.
            went += [client for client in came if client not in self._hub.members]
            await run(attending.leave, [c.interval for c in went if c.interval is not None])
        except BaseException:
            self._came, self._went = came + self._came, went + self._went
            self._due.set()
            raise
        await run(events.people_changed, self._hub.floor_id)

    async def _arrive(self, clients: Sequence[Client]) -> None:
        new = [
            client
            for client in dict.fromkeys(clients)
            if client.registration and client.interval is None and not client.has_ended
        ]
        if not new:
            return
        intervals = await run(attending.arrive_all, [c.registration or 0 for c in new])
        for client, interval in zip(new, intervals, strict=True):
            client.interval = interval

    async def _stay(self) -> None:
        """A sign of life of everybody here. Who was given up for dead meanwhile comes anew."""
        while True:
            here = [client for client in self._hub.everybody() if client.interval is not None]
            parts = max(1, math.ceil(len(here) / AT_ONCE))
            for part in range(parts):
                await asyncio.sleep(SIGN_OF_LIFE_SECONDS / parts)
                await self._stay_here(here[part::parts])

    async def _stay_here(self, here: Sequence[Client]) -> None:
        staying = [client for client in here if client.interval is not None]
        still = await run(attending.stay, [client.interval or 0 for client in staying])
        for client in staying:
            if client.interval not in still and client in self._hub.members:
                client.interval = None
                self.came(client)

    async def _check_everybody(self) -> None:
        """Rights that ended without our hearing of it: an announcement may be lost."""
        while True:
            await asyncio.sleep(random.uniform(*CHECK_SECONDS))  # noqa: S311 - jitter, no secret
            self.shut_out = gone = await run(shut_out, self._hub.floor_id)
            await self.show_out(
                [
                    client
                    for client in self._hub.everybody()
                    if client.registration is None or client.registration in gone
                ]
            )
