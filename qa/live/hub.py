"""One per process and floor: hears of each change once and hands it to every client here.

Announcements are hints; the log is the truth. A number that is missing is read from the log, and a
beacon looks for the log's end every few seconds, so that a lost announcement is found when nothing
else is said. A client that does not keep up is brought up to date from the log later.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import defaultdict
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import structlog
from channels.layers import get_channel_layer

from qa import events, projection
from qa.access import ended_tickets
from qa.live import frames, presence
from qa.live.database import run
from qa.models import Floor
from qa.queries import events_since

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Iterator

    from qa.access import Ticket

logger = structlog.get_logger(__name__)

BEACON_SECONDS = (2.0, 4.0)
PRESENCE_SECONDS = 15.0
MOST_UNSENT = 256
MOST_SOCKETS = 5
"""Sockets of one registration in one process; the oldest makes room."""


class Client:
    """One socket: whose it is, how far it has come, and what waits to be sent to it."""

    def __init__(self, ticket: Ticket) -> None:
        self.ticket = ticket
        self.audience = ticket.audience
        self.registration = ticket.registration
        self.close_code: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.interval: int | None = None
        self.unsent: asyncio.Queue[tuple[int | None, str]] = asyncio.Queue(MOST_UNSENT)
        self.is_behind = False

    def close(self, code: int) -> None:
        if not self.close_code.done():
            self.close_code.set_result(code)

    def push(self, number: int | None, frame: str) -> None:
        """`number` is the event's for this audience; None for what concerns this person alone."""
        try:
            self.unsent.put_nowait((number, frame))
        except asyncio.QueueFull:
            self.is_behind = True


class Hub:
    def __init__(self, floor_id: int) -> None:
        self.floor_id = floor_id
        self.head = 0
        self.members: set[Client] = set()
        self._clients: dict[str, list[Client]] = defaultdict(list)
        self._ready = asyncio.Event()
        self._reading = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        for work in (self._listen, self._beacon, self._count_presence):
            self._tasks.append(asyncio.create_task(work()))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def join(self, client: Client) -> None:
        """From here on the client is told of every change after the hub's head."""
        await self._ready.wait()
        self._make_room(client)
        self._clients[client.audience].append(client)

    def leave(self, client: Client) -> None:
        self.members.discard(client)
        with contextlib.suppress(ValueError):
            self._clients[client.audience].remove(client)

    @property
    def clients(self) -> list[Client]:
        return [client for group in self._clients.values() for client in group]

    def take(self, event: dict[str, Any]) -> None:
        """Hand on the next event: projected and encoded once for each audience."""
        self.head = event["number"]
        kind, payload = event["kind"], event["payload"]
        for audience, clients in self._clients.items():
            message = projection.for_audience(kind, payload, audience)
            if message is not None and clients:
                column = "number" if audience == projection.DESK else "public_number"
                self._send(clients, event[column], message)
        self._tell_asker(kind, payload)

    async def catch_up(self) -> None:
        """Read from the log what was not announced."""
        async with self._reading:
            for event in await run(events_since, self.floor_id, self.head):
                if event["number"] == self.head + 1:
                    self.take(event)

    def _send(self, clients: list[Client], number: int, message: dict[str, Any]) -> None:
        frame = frames.write(
            {"type": "events", "after": number - 1, "number": number, "events": [message]}
        )
        for client in clients:
            client.push(number, frame)

    def _tell_asker(self, kind: str, payload: dict[str, Any]) -> None:
        own = projection.for_asker(kind, payload)
        if own is None:
            return
        frame = frames.write(own[1])
        for client in self._clients[projection.ROOM]:
            if client.registration == own[0]:
                client.push(None, frame)

    def _make_room(self, client: Client) -> None:
        if client.registration is None:
            return
        same = [c for c in self.clients if c.registration == client.registration]
        for oldest in same[: max(0, len(same) + 1 - MOST_SOCKETS)]:
            oldest.close(frames.CLOSE_REPLACED)

    async def _listen(self) -> None:
        """Supervised: whatever breaks the subscription, it is made again."""
        while True:
            try:
                await self._subscribe()
            except Exception as error:  # noqa: BLE001 - the beacon carries on meanwhile
                logger.warning("subscription_lost", floor=self.floor_id, error=type(error).__name__)
                with _reported("head_unknown"):
                    await self._find_head()
                await asyncio.sleep(random.uniform(0.5, 1.5))  # noqa: S311 - jitter, no secret

    async def _subscribe(self) -> None:
        layer = get_channel_layer()
        if layer is None:
            raise RuntimeError("no channel layer is configured")
        channel = await layer.new_channel()
        await layer.group_add(events.group(self.floor_id), channel)
        await self._find_head()
        while True:
            event = (await layer.receive(channel))["event"]
            if event["number"] == self.head + 1:
                self.take(event)
            elif event["number"] > self.head:
                await self.catch_up()

    async def _find_head(self) -> None:
        if self._ready.is_set():
            await self.catch_up()
            return
        self.head = await run(_head, self.floor_id)
        self._ready.set()

    async def _beacon(self) -> None:
        while True:
            await asyncio.sleep(random.uniform(*BEACON_SECONDS))  # noqa: S311 - jitter, no secret
            with _reported("beacon_failed"):
                if self._ready.is_set() and await run(_head, self.floor_id) > self.head:
                    await self.catch_up()
                await self._part_with_the_ended()

    async def _part_with_the_ended(self) -> None:
        """Close the sockets of people whose right has ended since they entered."""
        ended = await run(ended_tickets, [client.ticket for client in self.clients])
        for client in self.clients:
            if client.ticket in ended:
                client.close(frames.CLOSE_NOT_ALLOWED)

    async def _count_presence(self) -> None:
        while True:
            await asyncio.sleep(PRESENCE_SECONDS)
            with _reported("presence_failed"):
                await presence.keep(self.clients)


_hubs: WeakKeyDictionary[AbstractEventLoop, dict[int, Hub]] = WeakKeyDictionary()


def hub_for(client: Client, floor_id: int) -> Hub:
    """The hub of a floor in this process, started for the first client that asks for it.

    The client counts as a member at once, before it waits in `join`: otherwise the last one to
    leave meanwhile would put the hub out under it.
    """
    hubs = _hubs.setdefault(asyncio.get_running_loop(), {})
    if floor_id not in hubs:
        hubs[floor_id] = Hub(floor_id)
        hubs[floor_id].start()
    hubs[floor_id].members.add(client)
    return hubs[floor_id]


async def leave(hub: Hub, client: Client) -> None:
    """The last one to leave puts the hub out."""
    hub.leave(client)
    hubs = _hubs.setdefault(asyncio.get_running_loop(), {})
    if not hub.members and hubs.get(hub.floor_id) is hub:
        del hubs[hub.floor_id]
        await hub.stop()


@contextlib.contextmanager
def _reported(message: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # noqa: BLE001 - tried again at the next turn
        logger.warning(message, error=type(error).__name__)


def _head(floor_id: int) -> int:
    return Floor.objects.values_list("head", flat=True).get(pk=floor_id)
