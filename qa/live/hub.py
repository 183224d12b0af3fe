"""One per process and floor: hears of each change once and hands it to every client here.

Announcements are hints; the log is the truth. A number that is missing is read from the log, and a
beacon looks for the log's end every few seconds, so that a lost announcement is found when nothing
else is said. A client that does not keep up is brought up to date later.
"""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from engagements import clock, states
from qa import projection, queries
from qa.access import shut_out
from qa.actions import clocking
from qa.live import frames
from qa.live.backstage import Backstage
from qa.live.database import run
from qa.live.feed import KEPT, Feed
from qa.live.listener import listen
from qa.live.looking import Looking
from qa.live.polls import PollCounts
from qa.live.presence import Presence
from qa.live.snapshots import Snapshots
from qa.live.supervised import Supervised
from qa.live.tally import Tally
from qa.live.turns import in_parts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa.live.client import Client

WINDOW: Final = 0.1
"""Seconds: a frame leaves at once when the last one left longer ago, else at the window's end."""

BEACON_SECONDS: Final = (2.0, 4.0)
CLIENT_BEACON_SECONDS: Final = (15.0, 25.0)
STRAGGLERS_SECONDS: Final = 0.25
STUCK_SECONDS: Final = 0.25
REMEMBERED: Final = timedelta(minutes=3)
"""Longer than a ticket lives: whose own things changed since is known without the database."""

SLACK: Final = 30.0
"""Seconds that may pass between the moment written into a change and its commit."""

BEFORE_ALL: Final = -1
"""The number of a client that is to take a snapshot."""


class Hub(Supervised):
    def __init__(self, floor_id: int) -> None:
        super().__init__()
        self.floor_id = floor_id
        self.engagement_id = 0
        self.epoch = ""
        self.head = 0
        self.members: set[Client] = set()
        self.feeds = {audience: Feed(audience, 0) for audience in projection.AUDIENCES}
        self.clients: dict[str, dict[Client, None]] = {a: {} for a in projection.AUDIENCES}
        self.of_person: defaultdict[int, dict[Client, None]] = defaultdict(dict)
        self.snapshots = Snapshots(floor_id, self.feeds)
        self.tally = Tally(self)
        self.presence = Presence(self)
        self.polls = PollCounts(self)
        self.looking = Looking(self)
        self.backstage = Backstage(self)
        self._ready = asyncio.Event()
        self._reading = asyncio.Lock()
        self._news = asyncio.Event()
        self._behind: dict[Client, None] = {}
        self._own_changes: dict[int, float] = {}

    def start(self) -> None:
        self.supervise(self._listen, self._keep_delivering, self._keep_bringing_up)
        self.supervise(self._look_for_losses, self._tell_position, self._close_the_stuck)
        self.tally.start()
        self.presence.start()
        self.polls.start()
        self.looking.start()
        self.backstage.start()

    async def stop(self) -> None:
        await asyncio.gather(
            super().stop(),
            self.tally.stop(),
            self.presence.stop(),
            self.polls.stop(),
            self.looking.stop(),
            self.backstage.stop(),
        )

    # Entering and leaving

    async def enter(self, client: Client, re: int, known: dict[str, Any]) -> None:
        """Answer `enter` and tell the client every change from there on, with nothing between."""
        await self._ready.wait()
        if client.registration in self.presence.shut_out:
            # Perhaps readmitted since: the database knows.
            await self.presence.show_out([client])
        while True:
            as_of = self._as_of(client)
            own = await self._own_if_changed(client)
            news = await self._news_for(client, known)
            if as_of == self._as_of(client):
                break
        if client.has_ended:
            return
        self._admit(client)
        client.people = self.tally.people
        client.outlet.say_whole(frames.entered(re, news, client.people, own))
        self.presence.came(client)
        self.looking.tell(client)
        self.backstage.came(client)
        self._bring_up_one(client)

    def leave(self, client: Client) -> None:
        self.members.discard(client)
        self.clients[client.audience].pop(client, None)
        self._behind.pop(client, None)
        self.presence.went(client)
        self.looking.went(client)
        if client.registration is not None:
            devices = self.of_person[client.registration]
            devices.pop(client, None)
            if not devices:
                del self.of_person[client.registration]

    def everybody(self) -> list[Client]:
        return [client for group in self.clients.values() for client in group]

    def _admit(self, client: Client) -> None:
        self.clients[client.audience][client] = None
        if client.registration is not None:
            devices = self.of_person[client.registration]
            devices[client] = None
            for oldest in list(devices)[: max(0, len(devices) - settings.SOCKETS_EACH)]:
                oldest.close(frames.CLOSE_REPLACED)

    def _as_of(self, client: Client) -> tuple[str, float | None]:
        """Changes when private news, or another history, came while we read: then read again."""
        return self.epoch, self._own_changes.get(client.registration or 0)

    async def _news_for(self, client: Client, known: dict[str, Any]) -> str:
        """The events since the client's number or, where that cannot be, everything."""
        epoch, after, mark = known.get("epoch"), known.get("after"), known.get("mark")
        if epoch == self.epoch and type(after) is int and type(mark) is int:
            if after > self.feeds[client.audience].head:
                await self.catch_up()
            frame = self.feeds[client.audience].frame(after)
            if frame is not None:
                client.number = self.feeds[client.audience].head
                client.mark = self.tally.counted[client.audience].mark_of(after, mark)
                return frame
        return await self._snapshot_for(client)

    async def _snapshot_for(self, client: Client) -> str:
        taken = await self.snapshots.get(client.audience)
        client.number, client.mark = taken.number, taken.mark
        return taken.text

    async def _own_if_changed(self, client: Client) -> str | None:
        """The own things, where they may have changed since the page read them for its ticket."""
        if client.registration is None:
            return None
        changed = self._own_changes.get(client.registration)
        if changed is None or changed + SLACK < client.ticket.issued:
            return None
        return frames.write(await run(queries.own, client.registration))

    # News

    def hear(self, events: Iterable[dict[str, Any]]) -> bool:
        """Take announced events in their order; False when one is missing before them."""
        for event in events:
            if event["number"] > self.head + 1:
                return False
            if event["number"] == self.head + 1:
                self._take(event)
        return True

    async def catch_up(self) -> None:
        """Read from the log what was not announced."""
        async with self._reading:
            found = await run(queries.events_since, self.floor_id, self.head, most=KEPT)
        if found and found[0]["number"] > self.head + 1:
            # More is missing than is kept: everybody here begins anew.
            await self.reset()
            return
        for event in found:
            if event["number"] > self.head:
                self._take(event)

    async def reset(self) -> None:
        """Begin anew with what the database has: at the start, and in a new epoch.

        All is read first, so that a database that goes away meanwhile leaves no half of it.
        """
        position = await run(queries.position, self.floor_id)
        since = clock.now() - REMEMBERED
        own_changes = await run(queries.own_changes, self.floor_id, since)
        gone = await run(shut_out, self.floor_id)
        oldest = max(0, position.head - KEPT)
        events = await run(queries.events_since, self.floor_id, oldest, most=KEPT)
        votes = await run(
            queries.votes_since,
            self.floor_id,
            position.vote_mark,
            dict.fromkeys(projection.AUDIENCES, 0),
        )
        polls = await run(queries.poll_changes, self.floor_id, position.poll_mark)
        self.engagement_id, self.epoch = position.engagement_id, position.epoch
        self._own_changes = own_changes
        self.presence.shut_out = gone
        self.snapshots.forget()
        self._fill_feeds(position, events)
        self.tally.begin(votes)
        self.polls.begin(polls)
        for client in self.everybody():
            client.number = BEFORE_ALL
            self.fell_behind(client)
        self._ready.set()

    def _fill_feeds(self, position: queries.Position, events: list[dict[str, Any]]) -> None:
        self.head = events[0]["number"] - 1 if events else position.head
        for audience, feed in self.feeds.items():
            first = next(filter(None, (projection.number_for(audience, e) for e in events)), None)
            feed.start_anew(position.number(audience) if first is None else first - 1)
        for event in events:
            self._take(event)
        for feed in self.feeds.values():
            feed.sent = feed.head

    async def find_head(self) -> None:
        """At the start, after a break in the subscription, and as a beacon."""
        if not self._ready.is_set():
            await self.reset()
            return
        position = await run(clocking.position, self.floor_id)
        if position.epoch != self.epoch:
            await self.reset()
        elif position.head > self.head:
            await self.catch_up()
        self.tally.see(position)
        self.polls.see(position)
        self.backstage.see(position)

    def _take(self, event: dict[str, Any]) -> None:
        self.head = event["number"]
        for feed in self.feeds.values():
            feed.take(event)
        self._tell_asker(event)
        if event["kind"] == projection.FLOOR:
            self.tally.voting_changed(event["payload"]["voting"])
        elif event["kind"] == projection.POLL:
            self.polls.poll_changed()
        elif event["payload"].get("state") == states.LIVE:
            self.presence.started()
        self.wake()

    def _tell_asker(self, event: dict[str, Any]) -> None:
        own = projection.for_asker(event["kind"], event["payload"])
        if own is not None:
            is_new = event["payload"]["question"]["revision"] == 1
            self.note_own_change(own[0], event["at"])
            self.tell_person(
                own[0], own[1], but=own[1]["question"]["client_id"] if is_new else None
            )

    def note_own_change(self, registration: int, at: float) -> None:
        self._own_changes[registration] = at

    def tell_person(self, registration: int, message: Any, *, but: str | None = None) -> None:
        """A private message to one stakeholder, on all devices here but where `but` was asked."""
        devices = self.of_person.get(registration, ())
        told = [client for client in devices if but is None or client.asked != but]
        if told:
            text = frames.write(message)
            for client in told:
                client.outlet.say(text)

    def wake(self) -> None:
        """There is something to tell."""
        self._news.set()

    async def _listen(self) -> None:
        await listen(self)

    async def _keep_delivering(self) -> None:
        """In frames: at once after a quiet time, else at the window's end."""
        loop = asyncio.get_running_loop()
        while True:
            await self._news.wait()
            self._news.clear()
            began = loop.time()
            if await self.deliver():
                await asyncio.sleep(began + WINDOW - loop.time())

    async def deliver(self) -> bool:
        """Send everybody what is new: events first, then counts. Gives whether there were events:
        counts come seldom enough by themselves."""
        were_events = False
        for audience, feed in self.feeds.items():
            if feed.head > feed.sent:
                await self._broadcast(audience, feed)
                were_events = True
            await self.tally.send(audience)
            await self.polls.send(audience)
        return were_events

    async def _broadcast(self, audience: str, feed: Feed) -> None:
        after, number, frame = feed.sent, feed.head, feed.frame(feed.sent)
        feed.sent = number
        for part in in_parts(self.clients[audience]):
            for client in part:
                if client.number == after and frame is not None and client.outlet.offer(frame):
                    client.number = number
                elif client.number < number:
                    self.fell_behind(client)
            await asyncio.sleep(0)

    def fell_behind(self, client: Client) -> None:
        if client in self.clients[client.audience]:
            self._behind[client] = None

    async def _keep_bringing_up(self) -> None:
        while True:
            await asyncio.sleep(STRAGGLERS_SECONDS)
            await self.bring_up()

    async def bring_up(self) -> None:
        """Bring clients that were slow to where the others are, once they take something again."""
        for part in in_parts(self._behind):
            for client in part:
                feed = self.feeds[client.audience]
                if client.outlet.is_free and not feed.start <= client.number <= feed.head:
                    await self._begin_anew(client)
                if client.outlet.is_free:
                    self._bring_up_one(client)
            await asyncio.sleep(0)

    async def _begin_anew(self, client: Client) -> None:
        """Everything, the own things too: nothing that was told before may be relied on."""
        own = None
        while True:
            as_of = self._as_of(client)
            if client.registration is not None:
                own = frames.write(await run(queries.own, client.registration))
            snapshot = await self._snapshot_for(client)
            if as_of == self._as_of(client):
                break
        client.outlet.say_whole(snapshot)
        if own is not None:
            client.outlet.say(own)

    def _bring_up_one(self, client: Client) -> None:
        """Events first, then counts: an event may say that counts are to be forgotten."""
        feed = self.feeds[client.audience]
        if client.number < feed.sent:
            frame = feed.frame(client.number)
            if frame is None:
                self.fell_behind(client)
                return
            client.outlet.say(frame)
            client.number = feed.head
        if client.number == feed.head:
            self.tally.bring_up(client)
            self.polls.bring_up(client)
            self._behind.pop(client, None)

    async def _look_for_losses(self) -> None:
        while True:
            await asyncio.sleep(random.uniform(*BEACON_SECONDS))  # noqa: S311 - jitter, no secret
            if self._ready.is_set():
                await self.find_head()

    async def _close_the_stuck(self) -> None:
        while True:
            await asyncio.sleep(STUCK_SECONDS)
            for client in self.everybody():
                client.close_if_stuck()

    async def _tell_position(self) -> None:
        while True:
            await asyncio.sleep(random.uniform(*CLIENT_BEACON_SECONDS))  # noqa: S311 - jitter
            for audience, feed in self.feeds.items():
                text = frames.write({"type": "beacon", "number": feed.sent})
                for part in in_parts(self.clients[audience]):
                    for client in part:
                        if client.number >= feed.sent:
                            client.outlet.offer(text)
                    await asyncio.sleep(0)
