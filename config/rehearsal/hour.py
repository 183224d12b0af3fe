"""The rehearsed hour: people come, ask over some minutes, a desk shows most of it, people vote."""

from __future__ import annotations

import asyncio
import random
import signal
import time
from contextlib import contextmanager, suppress
from functools import partial
from itertools import cycle
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from config.demonstration import material
from config.rehearsal.tally import Acknowledged, Tally
from config.rehearsal.visitor import NotDone, visitor_to
from qa import projection, states

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from config.rehearsal.stage import Stage
    from config.rehearsal.visitor import Script, Visitor

ARRIVAL_GAP: Final = 0.005
ARRIVAL_SECONDS: Final = 60.0
SETTLE_SECONDS: Final = 30.0
"""Longest wait at the end for what is under way."""

STOPPED_SECONDS: Final = 5.0
"""The same when somebody has pressed Ctrl-C."""

THINKING: Final = 0.02
"""Of the whole time: the most that the desk thinks about a question, and people about a vote."""

SHOWN: Final = 0.9
VOTERS: Final = 0.05


class Hour:
    """`tell` is called every second with the seconds since the first question could come."""

    def __init__(self, stage: Stage, script: Script, tell: Callable[[Tally, float], None]) -> None:
        self.tally = Tally(people=len(stage.people))
        self._script = script
        self._tell = tell
        self._dice = random.Random()  # noqa: S311 - who asks when, no secret
        self._began = time.perf_counter()
        self._stop = asyncio.Event()
        self._is_done = asyncio.Event()
        self._staying: set[asyncio.Task[None]] = set()
        self._under_way: set[asyncio.Task[None]] = set()
        self._known_at_desk: dict[int, str] = {}
        self._due_at_desk: set[int] = set()
        to_room = partial(visitor_to, stage.floor, script, self.tally, projection.ROOM)
        self._room = {
            person.pk: to_room(partial(self._hear_in_room, set()), registration=person)
            for person in stage.people
        }
        to_desk = partial(visitor_to, stage.floor, script, self.tally, projection.DESK)
        self._desk = to_desk(self._hear_at_desk, account=stage.member)

    async def play(self) -> Tally:
        """To its end, or to an early one by Ctrl-C: what is under way is waited for a little."""
        with _told_to_stop(self._stop):
            try:
                self._begin(self._tell_progress(), self._staying)
                await self._let_in([self._desk, *self._room.values()])
                self._began = time.perf_counter()
                self._hand_out_questions()
                await self._settle()
            finally:
                self._count_present()
                await end(*self._staying, *self._under_way)
        return self.tally

    async def _let_in(self, visitors: list[Visitor]) -> None:
        """One after the other, as people come; then wait until all are in, but not for ever."""
        for visitor in visitors:
            self._begin(visitor.stay(), self._staying)
            await asyncio.sleep(ARRIVAL_GAP)

        async def all_are_in() -> None:
            for visitor in visitors:
                await visitor.has_entered.wait()

        await _first_of(all_are_in(), self._stop.wait(), seconds=ARRIVAL_SECONDS)

    async def _settle(self) -> None:
        seconds = self._script.seconds + SETTLE_SECONDS
        await _first_of(self._is_done.wait(), self._stop.wait(), seconds=seconds)
        await _first_of(self._is_done.wait(), seconds=STOPPED_SECONDS)

    async def _tell_progress(self) -> None:
        while True:
            await asyncio.sleep(1)
            self._count_present()
            self._tell(self.tally, time.perf_counter() - self._began)

    def _count_present(self) -> None:
        self.tally.present = sum(one.has_entered.is_set() for one in self._room.values())

    # What people do

    def _hand_out_questions(self) -> None:
        texts = [told["text"] for told in material.questions("contact_center")]
        people = list(self._room)
        self._dice.shuffle(people)
        for _, asker, text in zip(
            range(self._script.questions), cycle(people), cycle(texts), strict=False
        ):
            moment = self._dice.uniform(0, self._script.seconds)
            self._begin(self._ask(moment, asker, text), self._under_way)

    async def _ask(self, moment: float, asker: int, text: str) -> None:
        if await self._is_stopped_within(moment):
            return
        client_id = UUID(int=self._dice.getrandbits(128), version=4)
        sent = time.perf_counter()
        self.tally.asked += 1
        try:
            answer = await self._room[asker].call("ask", client_id=str(client_id), text=text)
        except NotDone:
            self.tally.declined += 1
        else:
            seconds = time.perf_counter() - sent
            number = answer["question"]["number"]
            self.tally.acknowledged.append(Acknowledged(client_id, asker, number, seconds))
            if number not in self._known_at_desk:
                self._due_at_desk.add(number)

    async def _decide(self, number: int, seen: int) -> None:
        if await self._is_stopped_within(self._thinking()):
            return
        do = "show" if self._dice.random() < SHOWN else "hold"
        if do == "show":
            self.tally.shown[number] = time.perf_counter()
        try:
            await self._desk.call(do, number=number, seen=seen)
        except NotDone:
            # Somebody else at the desk was first; or we were, and the reply was lost.
            if self._known_at_desk[number] != states.SHOWN:
                self.tally.shown.pop(number, None)

    async def _vote(self, voter: Visitor, number: int) -> None:
        if await self._is_stopped_within(self._thinking()):
            return
        with suppress(NotDone):
            await voter.call("vote", number=number)
            self.tally.votes += 1

    def _thinking(self) -> float:
        return self._dice.uniform(0, self._script.seconds * THINKING)

    async def _is_stopped_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stop.wait()
        return self._stop.is_set()

    # What people hear

    def _hear_at_desk(self, question: dict[str, Any]) -> None:
        """Everything that is asked is decided once; what is shown, some vote for."""
        number, state = question["number"], question["state"]
        known, self._known_at_desk[number] = self._known_at_desk.get(number), state
        self._due_at_desk.discard(number)
        if known == state:
            return
        if state == states.WAITING:
            self._begin(self._decide(number, question["revision"]), self._under_way)
        elif state == states.SHOWN:
            voters = max(1, round(len(self._room) * VOTERS))
            for voter in self._dice.sample(list(self._room.values()), voters):
                self._begin(self._vote(voter, number), self._under_way)

    def _hear_in_room(self, known: set[int], question: dict[str, Any]) -> None:
        """The first time that this person is told of a question which our desk has shown."""
        number = question["number"]
        if number in self.tally.shown and number not in known:
            known.add(number)
            self.tally.deliveries.append(time.perf_counter() - self.tally.shown[number])
            self._look_whether_done()

    # The end

    def _begin(self, work: Coroutine[Any, Any, None], among: set[asyncio.Task[None]]) -> None:
        task = asyncio.create_task(work)
        among.add(task)
        task.add_done_callback(partial(self._ended, among))
        self._look_whether_done()

    def _ended(self, among: set[asyncio.Task[None]], task: asyncio.Task[None]) -> None:
        among.discard(task)
        self._look_whether_done()
        if not task.cancelled():
            task.result()

    def _look_whether_done(self) -> None:
        if self._under_way or self._due_at_desk or self.tally.lost_deliveries:
            self._is_done.clear()
        else:
            self._is_done.set()


async def _first_of(*works: Coroutine[Any, Any, object], seconds: float) -> None:
    """Wait until one has ended, and no longer than this; then end the others."""
    tasks = [asyncio.ensure_future(work) for work in works]
    await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    await end(*tasks)


async def end(*tasks: asyncio.Future[Any]) -> None:
    """Cancel them, and wait until they are over."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def _told_to_stop(stop: asyncio.Event) -> Iterator[None]:
    """Ctrl-C asks to stop; a second one insists."""
    loop = asyncio.get_running_loop()

    def on_signal() -> None:
        stop.set()
        loop.remove_signal_handler(signal.SIGINT)

    loop.add_signal_handler(signal.SIGINT, on_signal)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
