"""What is counted of a floor, votes and people present: told at most four times a second.

Truth is the database. What is announced only says that it is worth a look; a mark that moved is
found by the hub's beacon too. A storm of votes thus costs each client four small frames a second,
and the database one read for each of them.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import engagements.queries
from engagements import clock
from qa import projection, queries
from qa.live import frames
from qa.live.database import run
from qa.live.supervised import Supervised
from qa.live.turns import in_parts

if TYPE_CHECKING:
    from qa import messages
    from qa.live.client import Client
    from qa.live.hub import Hub

FLUSH_SECONDS: Final = 0.25
MOST_FRAMES: Final = 16
"""Frames that are kept for other clients at the same mark."""

RECOUNT_SECONDS: Final = 10.0
"""People whose server was killed are noticed by counting again."""


class Counted:
    """The counts that one audience may see, each with the mark of its last change."""

    def __init__(self) -> None:
        self.mark = 0
        self.told = 0
        self.hidden_at = 0
        """The audience's number at which counts were last hidden: who was told less forgot all."""
        self.histories = 0
        self._votes: dict[str, tuple[int, int]] = {}
        self._frames: dict[int, str] = {}

    def take(self, counts: messages.Counts) -> None:
        mark = counts["mark"]
        self._votes |= {number: (votes, mark) for number, votes in counts["votes"].items()}
        self.mark = mark
        self._frames.clear()

    def hide(self, number: int) -> None:
        self.mark = self.told = 0
        self.hidden_at = number
        self.histories += 1
        self._votes.clear()
        self._frames.clear()

    def mark_of(self, number: int, mark: int) -> int:
        """From which mark a client goes on, that was told events up to `number`."""
        return mark if 0 <= mark <= self.mark and number >= self.hidden_at else 0

    def frame(self, after: int) -> str:
        """All counts that changed after a mark."""
        found = self._frames.get(after)
        if found is None:
            if len(self._frames) >= MOST_FRAMES:
                self._frames.clear()
            votes = {number: votes for number, (votes, at) in self._votes.items() if at > after}
            message = {"type": "counts", "after": after, "mark": self.mark, "votes": votes}
            found = self._frames[after] = frames.write(message)
        return found


class Tally(Supervised):
    def __init__(self, hub: Hub) -> None:
        super().__init__()
        self.people = 0
        self.mark = 0
        """The floor's mark up to which votes were read."""
        self.counted = {audience: Counted() for audience in projection.AUDIENCES}
        self.votes_due = asyncio.Event()
        self.people_due = asyncio.Event()
        self._hub = hub

    def start(self) -> None:
        self.supervise(self._count_votes, self._count_people, self._recount)

    def begin(self, votes: queries.VoteChanges) -> None:
        """Anew with all counts: at the start, and in a new epoch."""
        self.mark = votes.mark
        for audience, counted in self.counted.items():
            counted.hide(self._hub.feeds[audience].head)
            if audience in votes.counts:
                counted.take(votes.counts[audience])
            counted.told = counted.mark
        self.people_due.set()

    def see(self, position: queries.Position) -> None:
        """The beacon: a mark that moved without an announcement."""
        if position.vote_mark > self.mark:
            self.votes_due.set()

    def voting_changed(self, voting: str) -> None:
        """An event says who sees counts from here on. Clients that may not forget what they had."""
        for audience, counted in self.counted.items():
            if not projection.sees_counts(audience, voting):
                counted.hide(self._hub.feeds[audience].head)
                self._hub.snapshots.forget()
                for client in self._hub.clients[audience]:
                    client.mark = 0
        self.votes_due.set()

    async def send(self, audience: str) -> None:
        """Tell this audience what is new, after all events were sent to it."""
        counted, feed = self.counted[audience], self._hub.feeds[audience]
        if feed.head > feed.sent:
            return
        after, mark, history = counted.told, counted.mark, counted.histories
        frame = counted.frame(after)
        counted.told = mark
        present, people = self.people, frames.write(_presence(self.people))
        for part in in_parts(self._hub.clients[audience]):
            if counted.histories != history:
                return
            for client in part:
                is_current = client.number >= feed.sent and client.mark == after
                if after < mark and is_current and client.outlet.offer(frame):
                    client.mark = mark
                if client.people != present and client.outlet.offer(people):
                    client.people = present
                if client.mark < mark or client.people != present:
                    self._hub.fell_behind(client)
            await asyncio.sleep(0)

    def bring_up(self, client: Client) -> None:
        """Tell one client, that has all events, what it was not told."""
        counted = self.counted[client.audience]
        if client.mark < counted.mark:
            client.outlet.say(counted.frame(client.mark))
            client.mark = counted.mark
        if client.people != self.people:
            client.outlet.say(frames.write(_presence(self.people)))
            client.people = self.people

    async def _count_votes(self) -> None:
        while True:
            await self.votes_due.wait()
            self.votes_due.clear()
            await self.read_votes()
            await asyncio.sleep(FLUSH_SECONDS)

    async def read_votes(self) -> None:
        """Look what changed since the marks, and have it told: own votes to their voters."""
        histories = {audience: counted.histories for audience, counted in self.counted.items()}
        marks = {audience: counted.mark for audience, counted in self.counted.items()}
        changes = await run(queries.votes_since, self._hub.floor_id, self.mark, marks)
        if changes.mark < self.mark:
            return
        self.mark = changes.mark
        now = clock.now().timestamp()
        for voter, number, voted in changes.own:
            self._hub.note_own_change(voter, now)
            self._hub.tell_person(voter, _own_vote(number, voted))
        for audience, counts in changes.counts.items():
            # It may have been hidden from this audience while we read.
            if self.counted[audience].histories == histories[audience]:
                self.counted[audience].take(counts)
        self._hub.wake()

    async def _count_people(self) -> None:
        while True:
            await self.people_due.wait()
            self.people_due.clear()
            people = await run(engagements.queries.present, self._hub.engagement_id)
            if people != self.people:
                self.people = people
                self._hub.wake()
            await asyncio.sleep(FLUSH_SECONDS)

    async def _recount(self) -> None:
        while True:
            await asyncio.sleep(RECOUNT_SECONDS)
            self.people_due.set()


def _presence(people: int) -> messages.Presence:
    return {"type": "presence", "people": people}


def _own_vote(number: int, voted: bool) -> messages.OwnVote:
    return {"type": "own-vote", "number": number, "voted": voted}
