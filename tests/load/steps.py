"""What a crowd does, and what it measures meanwhile. Each step gives a dictionary of figures."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections import Counter
from contextlib import suppress
from functools import partial
from itertools import chain
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any, Final

from tests.load import examples, machine
from tests.load.crowd import Crowd, Reply, Socket, ignore

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

IN_TURN: Final = 20
"""Questions that are marked in turn, so that a mark need not wait for the reply to the last."""

VOTED_FOR: Final = 10
SETTLING: Final = 1.0
"""Seconds after entering until presence and the like are quiet."""


class Meter:
    """Processor time of the servers and of this process, and time on the clock."""

    def __init__(self, servers: Sequence[int]) -> None:
        self.servers = servers
        self._busy = [machine.processor_seconds(pid) for pid in servers]
        self._own = process_time()
        self._all = machine.busy_seconds()
        self._started = perf_counter()

    def read(self) -> dict[str, Any]:
        seconds = perf_counter() - self._started
        busy = [
            machine.processor_seconds(pid) - before
            for pid, before in zip(self.servers, self._busy, strict=True)
        ]
        own = process_time() - self._own
        others = machine.busy_seconds() - self._all - sum(busy) - own
        return {
            "seconds": seconds,
            "server_cpu": sum(busy),
            "busiest_cpu": max(busy),
            "client_share": own / seconds,
            "others_share": max(0.0, others) / seconds,
        }


class Steps:
    """One crowd in one plan. `control` is the desk, or what tells the others to broadcast."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.servers: list[int] = plan["servers"]
        self.system: str = plan["system"]
        self.crowd = Crowd()
        self.watchers = [Socket(self.crowd, one) for one in plan["watchers"]]
        # What these are told is not what is measured.
        self.desk = Crowd()
        self.desk.on_reply = self._marked
        self.control = Socket(self.desk, plan["control"])
        self.stalled = [Socket(Crowd(), one) for one in plan["stalled"]]
        self._revisions: dict[int, int] = {}

    async def run(self, step: dict[str, Any]) -> dict[str, Any]:
        doing: dict[str, Callable[..., Awaitable[dict[str, Any]]]] = {
            "connect": self.connect,
            "events": self.events,
            "votes": self.votes,
            "asks": self.asks,
            "answers": self.answers,
            "stall": self.stall,
        }
        arguments = {key: value for key, value in step.items() if key != "do"}
        result = await doing[step["do"]](**arguments)
        result["refused"] = dict((self.crowd.refused + self.desk.refused).most_common(3))
        result["closed"] = dict(self.crowd.closed)
        return result

    async def connect(self, in_flight: int) -> dict[str, Any]:
        """Everybody enters and has a snapshot. One enters first, so that caches are warm."""
        await self.control.open()
        await asyncio.sleep(0.2)
        memory = sum(map(machine.memory, self.servers))
        gate = asyncio.Semaphore(in_flight)

        async def enter(person: Socket) -> None:
            async with gate:
                await person.open()

        meter = Meter(self.servers)
        outcomes = await asyncio.gather(*map(enter, self.watchers), return_exceptions=True)
        result = meter.read()
        for person in self.stalled:
            await person.open(is_stalled=True)
        failures = Counter(str(one) for one in outcomes if one is not None)
        self.watchers = [one for one in self.watchers if one.has_entered]
        await asyncio.sleep(SETTLING)
        growth = sum(map(machine.memory, self.servers)) - memory
        return result | {
            "people": len(outcomes),
            "failures": dict(failures.most_common(3)),
            "bytes_each": growth / max(1, len(self.watchers)),
        }

    async def events(self, count: int, rate: float, limit: float) -> dict[str, Any]:
        """`count` events, `rate` a second, until all have arrived or `limit` seconds are over."""
        self.crowd.forget()
        base = self.crowd.number
        sent: list[float] = []
        wanted = count * len(self.watchers)
        meter = Meter(self.servers)
        with suppress(TimeoutError):
            async with asyncio.timeout(limit):
                await self._send_events(count, rate, sent)
                await _reached(lambda: self._delivered(base, count) >= wanted)
        result = meter.read()
        each = self._waits(base, sent)
        waits = sorted(chain.from_iterable(each))
        frames = sum(len(one.arrivals) for one in self.crowd.messages("events"))
        return result | {
            "events": len(sent),
            "wanted": wanted,
            "deliveries": len(waits),
            "frames": frames,
            "slowest": [max(one, default=0.0) * 1000 for one in each],
            **spread(waits),
        }

    async def _send_events(self, count: int, rate: float, sent: list[float]) -> None:
        started = perf_counter()
        for turn in range(count):
            await _until(started + turn / rate)
            number = turn % IN_TURN + 1
            await _reached(partial(self._revisions.get, number, 1))
            sent.append(perf_counter())
            self.control.send(self._event(number))

    def _event(self, number: int) -> bytes:
        if self.system != "ours":
            return b'{"id": 1, "do": "event"}'
        revision = self._revisions.get(number, 1)
        self._revisions[number] = 0
        outcome = "answered_live" if revision % 2 else "none"
        mark = {"id": number, "do": "mark", "number": number, "seen": revision, "outcome": outcome}
        return examples.encode(mark)

    def _marked(self, reply: Reply) -> None:
        """Keep the revision for the next mark of the same question."""
        if reply.is_ok:
            question = json.loads(reply.payload)["ok"]["question"]
            self._revisions[question["number"]] = question["revision"]

    def _delivered(self, base: int, count: int) -> int:
        return sum(
            len(message.arrivals) * len(_told(message.body, base, count))
            for message in self.crowd.messages("events")
        )

    def _waits(self, base: int, sent: Sequence[float]) -> list[list[float]]:
        """For each event, how long it took to each of those that it reached."""
        waits: list[list[float]] = [[] for _ in sent]
        for message in self.crowd.messages("events"):
            for turn in _told(message.body, base, len(sent)):
                waits[turn] += [arrival - sent[turn] for arrival in message.arrivals]
        return waits

    async def votes(self, seconds: float, limit: float) -> dict[str, Any]:
        """Each watcher votes once within `seconds`, and all wait for the last counts."""
        crowd, people = self.crowd, self.watchers
        crowd.forget()
        final = Counter(turn % VOTED_FOR + 1 for turn in range(len(people)))
        crowd.final_mask = (1 << len(final)) - 1
        crowd.final_of = lambda body: _finals(body["votes"], final)
        acknowledged: list[float] = []
        sent: dict[Socket, float] = {}
        crowd.on_reply = lambda reply: acknowledged.append(reply.moment - sent[reply.socket])
        started = perf_counter()
        meter = Meter(self.servers)
        with suppress(TimeoutError):
            async with asyncio.timeout(limit):
                for turn, person in enumerate(people):
                    await _until(started + turn * seconds / len(people))
                    sent[person] = perf_counter()
                    vote = {"id": 2, "do": "vote", "number": turn % VOTED_FOR + 1}
                    person.send(examples.encode(vote))
                await _reached(lambda: len(crowd.when_final) == len(people))
        result = meter.read()
        crowd.on_reply = ignore
        last = max(sent.values())
        return result | {
            "votes": len(sent),
            "acknowledged": len(acknowledged),
            "screens": len(crowd.when_final),
            "people": len(people),
            "final_after": max(crowd.when_final, default=perf_counter()) - last,
            "frames": sum(len(one.arrivals) for one in crowd.messages("counts")),
            **spread(sorted(acknowledged)),
        }

    async def answers(self, seconds: float, limit: float) -> dict[str, Any]:
        """Each watcher answers the open poll once in `seconds`; all wait for the last result."""
        crowd, people = self.crowd, self.watchers
        crowd.forget()
        acknowledged: list[float] = []
        sent: dict[Socket, float] = {}
        crowd.on_reply = lambda reply: acknowledged.append(reply.moment - sent[reply.socket])
        started = perf_counter()
        meter = Meter(self.servers)
        with suppress(TimeoutError):
            async with asyncio.timeout(limit):
                for turn, person in enumerate(people):
                    await _until(started + turn * seconds / len(people))
                    sent[person] = perf_counter()
                    chosen = str(turn % len(examples.OPTIONS) + 1)
                    answer = {"id": 4, "do": "answer-poll", "number": 1, "chosen": chosen}
                    person.send(examples.encode(answer))
                await _reached(lambda: self._told_of(len(people)) == len(people))
        result = meter.read()
        crowd.on_reply = ignore
        return result | {
            "answers": len(sent),
            "acknowledged": len(acknowledged),
            "people": len(people),
            "frames": sum(len(one.arrivals) for one in crowd.messages("poll-results")),
            **spread(sorted(acknowledged)),
        }

    def _told_of(self, answers: int) -> int:
        """How many screens have the figures of so many answers."""
        return sum(
            len(message.arrivals)
            for message in self.crowd.messages("poll-results")
            if message.body["results"]["1"]["answers"] == answers
        )

    async def asks(self, seconds: float, limit: float) -> dict[str, Any]:
        """Each watcher asks, waits for the reply, and asks again, for `seconds`."""
        waits: list[float] = []
        sent: dict[Socket, float] = {}
        started = perf_counter()

        def ask(person: Socket) -> None:
            question = {"client_id": str(uuid.uuid4()), "text": examples.TEXT % len(waits)}
            sent[person] = perf_counter()
            person.send(examples.encode({"id": 3, "do": "ask", **question}))

        def replied(reply: Reply) -> None:
            moment = sent.pop(reply.socket)
            if reply.is_ok:
                waits.append(reply.moment - moment)
            if reply.moment < started + seconds:
                ask(reply.socket)

        self.crowd.forget()
        self.crowd.on_reply = replied
        meter = Meter(self.servers)
        for person in self.watchers:
            ask(person)
        with suppress(TimeoutError):
            async with asyncio.timeout(limit):
                await _reached(lambda: not sent)
        result = meter.read()
        self.crowd.on_reply = ignore
        return result | {
            "asks": len(waits),
            "a_second": len(waits) / result["seconds"],
            **spread(sorted(waits)),
        }

    async def stall(self) -> dict[str, Any]:
        """Some stop reading, without a word."""
        for person in self.stalled:
            person.transport.pause_reading()
        return {"stalled": len(self.stalled)}


def _told(body: dict[str, Any], base: int, count: int) -> range:
    """Which of our events a frame brings, counted from nought."""
    return range(max(0, body["after"] - base), min(count, body["number"] - base))


def _finals(votes: dict[str, int], final: Counter[int]) -> int:
    """Bits of the questions whose last count this is."""
    return sum(
        1 << (int(number) - 1) for number, count in votes.items() if final[int(number)] == count
    )


def spread(waits: Sequence[float]) -> dict[str, float]:
    """Milliseconds; of nothing, nothing."""
    if not waits:
        return {}
    last = len(waits) - 1
    return {"p50": waits[last // 2] * 1000, "p99": waits[round(last * 0.99)] * 1000}


async def _reached(condition: Callable[[], object]) -> None:
    """Polled: an event would have to be thought of at every delivery."""
    while not condition():  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def _until(moment: float) -> None:
    wait = moment - perf_counter()
    if wait > 0:
        await asyncio.sleep(wait)
