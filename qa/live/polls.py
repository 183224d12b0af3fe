"""What is answered in open polls: told at most four times a second to who may see it.

As with votes, what is announced only says that it is worth a look, and the beacon finds a mark that
moved. A message holds the figures of all polls that are open: there are few, and who missed one
message has nothing to catch up with.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from engagements import clock
from qa import projection, queries
from qa.live import frames
from qa.live.database import run
from qa.live.supervised import Supervised
from qa.live.tally import FLUSH_SECONDS
from qa.live.turns import in_parts

if TYPE_CHECKING:
    from qa import messages
    from qa.live.client import Client
    from qa.live.hub import Hub


class PollCounts(Supervised):
    """`version` numbers what an audience is told; a client keeps the one that it has."""

    def __init__(self, hub: Hub) -> None:
        super().__init__()
        self.mark = 0
        self.due = asyncio.Event()
        self._hub = hub
        self._version = 0
        self._told: dict[str, tuple[int, str]] = dict.fromkeys(projection.AUDIENCES, (0, ""))
        self._history = 0

    def start(self) -> None:
        self.supervise(self._count)

    def begin(self, changes: queries.PollChanges) -> None:
        """Anew: at the start, and in a new epoch."""
        self.mark = changes.mark
        self.poll_changed()
        self._take(changes)

    def see(self, position: queries.Position) -> None:
        if position.poll_mark > self.mark:
            self.due.set()

    def poll_changed(self) -> None:
        """A poll opened, closed, or shows its results no longer: nothing that is known here may be
        told the public any more before it was read again."""
        self._history += 1
        for audience in projection.AUDIENCES:
            if audience != projection.DESK:
                self._told[audience] = (self._told[audience][0], "")
        self.due.set()

    async def send(self, audience: str) -> None:
        """Tell this audience what is new, after all events were sent to it."""
        feed = self._hub.feeds[audience]
        version, frame = self._told[audience]
        if feed.head > feed.sent or not frame:
            return
        for part in in_parts(self._hub.clients[audience]):
            if self._told[audience] != (version, frame):
                return
            for client in part:
                if client.polls == version:
                    continue
                if client.number >= feed.sent and client.outlet.offer(frame):
                    client.polls = version
                else:
                    self._hub.fell_behind(client)
            await asyncio.sleep(0)

    def bring_up(self, client: Client) -> None:
        """Tell one client, that has all events, what it was not told."""
        version, frame = self._told[client.audience]
        if frame and client.polls != version:
            client.outlet.say(frame)
            client.polls = version

    async def read(self) -> None:
        """Look what was answered since, and have it told: own answers to who gave them."""
        history = self._history
        changes = await run(queries.poll_changes, self._hub.floor_id, self.mark)
        if history != self._history:
            # Read again: what we have may be from before a poll was hidden.
            self.due.set()
            return
        if changes.mark < self.mark:
            return
        self.mark = changes.mark
        now = clock.now().timestamp()
        for registration, number, chosen in changes.own:
            self._hub.note_own_change(registration, now)
            self._hub.tell_person(registration, _own_answer(number, chosen))
        self._take(changes)
        self._hub.wake()

    def _take(self, changes: queries.PollChanges) -> None:
        for audience, results in changes.results.items():
            frame = frames.write({"type": "poll-results", "results": results}) if results else ""
            if frame != self._told[audience][1]:
                self._version += 1
                self._told[audience] = (self._version, frame)

    async def _count(self) -> None:
        while True:
            await self.due.wait()
            self.due.clear()
            await self.read()
            await asyncio.sleep(FLUSH_SECONDS)


def _own_answer(number: int, chosen: list[int]) -> messages.OwnPollAnswer:
    return {"type": "own-poll-answer", "number": number, "chosen": chosen}
