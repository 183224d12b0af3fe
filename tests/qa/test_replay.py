"""A snapshot and what was told since equal a fresh snapshot: for every event, audience and loss.

The machine drives real actions and real hubs. What the hub hears of each change is lost, doubled
and reordered as Hypothesis likes, and so are its clients' sockets slow, cut and opened again.
"""

from __future__ import annotations

import asyncio
import uuid
from contextlib import suppress
from typing import Any

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagements.models import Engagement, Role
from engagements.refusals import Refused
from qa import events, projection, queries, states
from qa.access import Ticket
from qa.actions import announcing, asking, floor, moderating, voting
from qa.live.hub import Hub
from qa.models import Floor, FloorEvent, new_epoch
from tests import factories
from tests.qa.reference import Knowledge
from tests.qa.viewer import Viewer

pytestmark = pytest.mark.django_db(transaction=True)

VIEWERS = {"ana": projection.ROOM, "ben": projection.ROOM} | {
    audience: audience for audience in (projection.DESK, projection.SCREEN)
}
OUTCOMES = [states.ANSWERING, states.ANSWERED_LIVE, states.FOLLOW_UP, states.NO_OUTCOME]


class World:
    """One floor, its hub and its viewers. Steps of the loop are taken by hand."""

    def __init__(self) -> None:
        self.runner = asyncio.Runner()
        self.engagement = factories.make_engagement(
            f"floor-{uuid.uuid4().hex[:12]}", state=Engagement.State.LIVE
        )
        self.floor = Floor.objects.select_related("engagement").get(engagement=self.engagement)
        Floor.objects.filter(pk=self.floor.pk).update(state=states.FLOOR_OPEN)
        self.omar = factories.make_member(
            factories.make_user(f"Omar {uuid.uuid4().hex[:12]}"), self.engagement, Role.MODERATOR
        )
        self.people = {
            name: factories.make_registration(self.engagement, name) for name in ("ana", "ben")
        }
        self.hub = Hub(self.floor.pk)
        self.announced: list[dict[str, Any]] = []
        self.shown: set[str] = set()
        self.asked: set[str] = set()
        self.heard = FloorEvent.objects.filter(floor=self.floor).count()
        self.run(self.hub.find_head())
        self.viewers = {
            name: Viewer(self._ticket(name, audience)) for name, audience in VIEWERS.items()
        }
        for viewer in self.viewers.values():
            self.run(self._open(viewer))
        for number in (1, 2, 3):
            self.ask("ana")
            self.decide(number, "show")

    def _ticket(self, name: str, audience: str) -> Ticket:
        registration = self.people[name].pk if name in self.people else None
        account = None if registration else self.omar.pk
        return Ticket(self.floor.pk, self.engagement.slug, audience, registration, account)

    def run(self, work: Any) -> Any:
        return self.runner.run(work)

    async def _open(self, viewer: Viewer) -> None:
        viewer.takes.set()
        await viewer.open(self.hub)

    # What people do

    def ask(self, who: str) -> None:
        text = f"Question {uuid.uuid4()}?"
        with suppress(Refused):
            asking.ask(self.floor, by=self.people[who], text=text, client_id=uuid.uuid4())
            self.asked.add(text)

    def withdraw(self, who: str, number: int) -> None:
        with suppress(Refused):
            asking.withdraw(self.floor, by=self.people[who], number=number)

    def vote(self, who: str, number: int, is_cast: bool) -> None:
        with suppress(Refused):
            voting.vote(self.floor, by=self.people[who], number=number, is_cast=is_cast)

    def decide(self, number: int, move: str) -> None:
        question = self.floor.questions.filter(number=number).first()
        if question is None:
            return
        seen: dict[str, Any] = {"number": number, "seen": question.revision}
        reason = {"reason": "off_topic"} if move == "dismiss" else {}
        with suppress(Refused):
            getattr(moderating, move)(self.floor, by=self.omar, **seen, **reason)
            if move == "show":
                self.shown.add(question.text)

    def mark(self, number: int, outcome: str) -> None:
        question = self.floor.questions.filter(number=number).first()
        if question is not None:
            with suppress(Refused):
                moderating.mark(
                    self.floor, by=self.omar, number=number, seen=question.revision, outcome=outcome
                )

    def set_floor(self, state: str) -> None:
        with suppress(Refused):
            floor.set_state(self.floor, by=self.omar, state=state)

    def set_voting(self, setting: str) -> None:
        with suppress(Refused):
            voting.set_voting(self.floor, by=self.omar, setting=setting)

    def announce(self) -> None:
        with suppress(Refused):
            announcing.announce(self.floor, by=self.omar, text=f"Announcement {uuid.uuid4()}.")

    def take_back(self, place: int) -> None:
        standing = list(queries.standing_announcements(self.floor))
        if place < len(standing):
            announcing.take_back(standing[place], by=self.omar)

    def tell_start(self) -> None:
        floor.tell_start(self.engagement)

    # What becomes of announcements and sockets

    def hear(self, place: int, times: int) -> None:
        """One of the announcements that are under way arrives, is lost, or arrives twice."""
        self._collect()
        if place < len(self.announced):
            event = self.announced.pop(place)
            for _ in range(times):
                self.run(self._hear([event]))

    async def _hear(self, found: list[dict[str, Any]]) -> None:
        if not self.hub.hear(found):
            await self.hub.catch_up()

    def _collect(self) -> None:
        told = FloorEvent.objects.filter(floor=self.floor, number__gt=self.heard).order_by("number")
        for event in told:
            self.announced.append(events.as_message(event))
            self.heard = event.number

    def deliver(self) -> None:
        self.run(self._deliver())

    async def _deliver(self) -> None:
        await self.hub.deliver()
        await asyncio.sleep(0)

    def count(self) -> None:
        self.run(self.hub.tally.read_votes())

    def is_slow(self, name: str) -> None:
        self.viewers[name].takes.clear()

    def is_fast(self, name: str) -> None:
        self.run(self._set(self.viewers[name]))

    def bring_up(self) -> None:
        self.run(self.hub.bring_up())

    async def _set(self, viewer: Viewer) -> None:
        viewer.takes.set()
        await asyncio.sleep(0)

    def is_cut(self, name: str) -> None:
        self.run(self._cut(self.viewers[name]))

    async def _cut(self, viewer: Viewer) -> None:
        viewer.cut(self.hub)

    def comes_back(self, name: str) -> None:
        viewer = self.viewers[name]
        if viewer.client is None:
            self.run(self._open(viewer))

    def comes_back_amid_news(self, name: str, number: int, move: str) -> None:
        """While the viewer enters, somebody decides, and everything under way arrives."""
        viewer = self.viewers[name]
        if viewer.client is None:
            self.run(self._open_amid(viewer, number, move))

    async def _open_amid(self, viewer: Viewer, number: int, move: str) -> None:
        await asyncio.gather(self._open(viewer), self._decide_and_hear(number, move))

    async def _decide_and_hear(self, number: int, move: str) -> None:
        await asyncio.to_thread(self._decide_elsewhere, number, move)
        news, self.announced = self.announced, []
        await self._hear(news)

    def _decide_elsewhere(self, number: int, move: str) -> None:
        self.decide(number, move)
        self._collect()
        connections.close_all()

    # What goes wrong only when several things happen, so it is made to happen

    def _everything_arrives(self) -> None:
        while True:
            self._collect()
            if not self.announced:
                break
            self.hear(0, 1)
        self.deliver()

    def is_slow_amid_news(self, name: str, number: int, is_cast: bool, more: int) -> None:
        """One send is in flight, and what follows finds the socket busy: counts, or events too."""
        self.is_slow(name)
        self.announce()
        self._everything_arrives()
        for _ in range(more):
            self.announce()
            self.ask("ana")
            self.withdraw("ana", number)
            self._everything_arrives()
        self.vote(name if name in self.people else "ana", number, is_cast)
        self.count()
        self.deliver()

    def is_shown_again(self, name: str, number: int) -> None:
        """Somebody who comes anew while a question with votes is hidden sees its count later."""
        self.set_voting("public")
        self.set_floor("open")
        self.decide(number, "show")
        self.vote("ana", number, is_cast=True)
        self._everything_arrives()
        self.count()
        self.decide(number, "hold")
        self._everything_arrives()
        self.is_cut(name)
        self.viewers[name].knows = Knowledge(VIEWERS[name])
        self.comes_back(name)
        self.decide(number, "show")
        self._everything_arrives()

    def counts_are_hidden_and_shown_again(self, number: int) -> None:
        self.set_voting("public")
        self.vote("ana", number, is_cast=True)
        self._everything_arrives()
        self.count()
        self.deliver()
        for setting in ("off", "public"):
            self.set_voting(setting)
            self._everything_arrives()
        self.count()
        self.deliver()

    def restored(self) -> None:
        Floor.objects.filter(pk=self.floor.pk).update(epoch=new_epoch())

    def server_restarted(self) -> None:
        self.run(self._restart())

    async def _restart(self) -> None:
        for viewer in self.viewers.values():
            viewer.cut(self.hub)
        self.hub = Hub(self.floor.pk)
        await self.hub.find_head()

    def all_is_well_again(self) -> None:
        """Everybody is there and takes what comes; the beacon has its turn."""
        self.run(self._heal())
        self.check_everybody()

    async def _heal(self) -> None:
        for viewer in self.viewers.values():
            viewer.takes.set()
            if viewer.client is None:
                await self._open(viewer)
        for _ in range(3):
            await asyncio.sleep(0)
            await self.hub.find_head()
            await self.hub.tally.read_votes()
            await self.hub.deliver()
            await self.hub.bring_up()
            await asyncio.sleep(0)

    def check_everybody(self) -> None:
        for name, viewer in self.viewers.items():
            assert viewer.faults == [], name
            fresh = Knowledge(viewer.ticket.audience)
            fresh.take(dict(queries.snapshot(self.floor.pk, viewer.ticket.audience)))
            assert viewer.knows.epoch == fresh.epoch, name
            assert viewer.knows.seen() == fresh.seen(), name
            if viewer.ticket.registration is not None:
                fresh.take(dict(queries.own(viewer.ticket.registration)))
                assert viewer.knows.own == fresh.own, name
                assert viewer.knows.own_votes == fresh.own_votes, name

    def check_secrets(self) -> None:
        secret = self.asked - self.shown
        told = "".join(self.viewers[projection.SCREEN].texts)
        assert not [text for text in secret if text in told]

    def close(self) -> None:
        self.run(self._restart())
        self.runner.close()


WHO, VIEWER, NUMBER = (
    st.sampled_from(["ana", "ben"]), st.sampled_from(sorted(VIEWERS)), st.integers(1, 5)
)  # fmt: skip
MOVE = st.sampled_from(["show", "show", "hold", "dismiss"])
STEPS: dict[str, tuple[st.SearchStrategy[Any], ...]] = {
    "ask": (WHO,),
    "withdraw": (WHO, NUMBER),
    "vote": (WHO, NUMBER, st.booleans()),
    "decide": (NUMBER, MOVE),
    "mark": (NUMBER, st.sampled_from(OUTCOMES)),
    "set_floor": (st.sampled_from(["open", "open", *Floor.State.values]),),
    "set_voting": (st.sampled_from(["public", *Floor.Voting.values]),),
    "announce": (),
    "take_back": (st.integers(0, 2),),
    "tell_start": (),
    "hear": (st.integers(0, 2), st.sampled_from([0, 1, 1, 1, 2])),
    "deliver": (),
    "count": (),
    "is_slow": (VIEWER,),
    "is_fast": (VIEWER,),
    "is_cut": (VIEWER,),
    "comes_back": (VIEWER,),
    "comes_back_amid_news": (VIEWER, NUMBER, MOVE),
    "bring_up": (),
    "is_slow_amid_news": (VIEWER, NUMBER, st.booleans(), st.integers(0, 1)),
    "is_shown_again": (VIEWER, NUMBER),
    "counts_are_hidden_and_shown_again": (NUMBER,),
    "restored": (),
    "server_restarted": (),
    "all_is_well_again": (),
}
OFTEN = (
    "is_cut",
    "comes_back_amid_news",
    "is_slow_amid_news",
    "is_slow_amid_news",
    "is_shown_again",
    "counts_are_hidden_and_shown_again",
    "vote",
    "vote",
    "decide",
    "decide",
    "hear",
    "hear",
    "hear",
    "deliver",
    "deliver",
    "count",
)
STEP = st.sampled_from([*STEPS, *OFTEN]).flatmap(
    lambda name: st.tuples(st.just(name), st.tuples(*STEPS[name]))
)


# Running out of time within an example looks like a falsifying one, and is searched for smaller.
@pytest.mark.timeout(300)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEP, min_size=10, max_size=26))
def test_snapshot_and_events_equal_a_fresh_snapshot(steps: list[tuple[str, Any]]) -> None:
    world = World()
    try:
        for name, given_ in [*steps, ("all_is_well_again", ())]:
            getattr(world, name)(*given_)
            world.check_secrets()
    finally:
        world.close()
