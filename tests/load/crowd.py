"""A crowd in one room: people who enter, ask and watch, and one moderator."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import time
import uuid
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from engagements.models import Registration, Role
from qa import projection, states
from qa.access import ticket
from qa.models import Floor
from tests import factories

ASKS_EACH = 5
SHOWN = 40
SHOWS_A_SECOND = 10
TICKS = os.sysconf("SC_CLK_TCK")


def prepare(people: int) -> tuple[str, list[str], str]:
    """An engagement with an open floor. Returns its slug, people's tickets and a moderator's."""
    engagement = factories.make_engagement("bench", state="live")
    Floor.objects.update(state=states.FLOOR_OPEN)
    floor = Floor.objects.select_related("engagement").get()
    moderator = factories.make_member(factories.make_user("Omar"), engagement, Role.MODERATOR)
    registrations = [factories.make_registration(engagement) for _ in range(people)]
    tickets = [ticket(floor, projection.ROOM, registration=one) for one in registrations]
    assert Registration.objects.count() == people
    return engagement.slug, tickets, ticket(floor, projection.DESK, account=moderator)


class Person:
    """One socket whose messages are taken as they come, each with its moment."""

    def __init__(self, slug: str, audience: str, pass_: str) -> None:
        self.address = f"/live/v1/{audience}/{slug}/"
        self.ticket = pass_
        self.shown: dict[int, float] = {}
        self._replies: dict[int, asyncio.Future[Any]] = {}
        self._id = 0

    async def enter(self) -> None:
        port = os.environ["PORT"]
        self.socket: ClientConnection = await connect(
            f"ws://127.0.0.1:{port}{self.address}", origin=Origin(f"http://127.0.0.1:{port}")
        )
        self.reader = asyncio.create_task(self._read())
        await self.call("enter", ticket=self.ticket)

    async def call(self, do: str, **fields: Any) -> Any:
        self._id += 1
        reply = self._replies[self._id] = asyncio.get_running_loop().create_future()
        await self.socket.send(json.dumps({"id": self._id, "do": do, **fields}))
        return await reply

    async def _read(self) -> None:
        async for text in self.socket:
            message = json.loads(text)
            if "re" in message:
                self._replies.pop(message["re"]).set_result(message)
            for event in message.get("events", []):
                if event["type"] == "question":
                    self.shown[event["question"]["number"]] = time.perf_counter()


async def measure(
    server: int, slug: str, tickets: list[str], desk_ticket: str, askers: int
) -> list[tuple[str, str]]:
    """What is measured and its figure, row by row. `server` is the process that serves."""
    await _until_it_answers()
    room = [Person(slug, projection.ROOM, one) for one in tickets]
    desk = Person(slug, projection.DESK, desk_ticket)
    started = time.perf_counter()
    await asyncio.gather(*(person.enter() for person in (*room, desk)))
    entered = time.perf_counter() - started
    asked = await _ask(room[:askers])
    delivered = await _show(server, room, desk)
    for person in (*room, desk):
        await person.socket.close()
    return [("all have entered, with a snapshot", f"{entered:.2f} s"), *asked, *delivered]


async def _ask(askers: list[Person]) -> list[tuple[str, str]]:
    waits: list[float] = []

    async def ask_on(person: Person) -> None:
        for _ in range(ASKS_EACH):
            started = time.perf_counter()
            reply = await person.call("ask", client_id=str(uuid.uuid4()), text="When is it due?")
            waits.append(time.perf_counter() - started)
            assert "ok" in reply, reply

    started = time.perf_counter()
    await asyncio.gather(*(ask_on(person) for person in askers))
    pace = len(waits) / (time.perf_counter() - started)
    return [
        (f"questions acknowledged after commit, {len(askers)} askers", f"{pace:.0f} /s"),
        ("   p50 / p99", _spread(waits)),
    ]


async def _show(server: int, room: list[Person], desk: Person) -> list[tuple[str, str]]:
    sent: dict[int, float] = {}
    busy = _processor_seconds(server)
    for number in range(1, SHOWN + 1):
        sent[number] = time.perf_counter()
        await desk.call("show", number=number, seen=1)
        await asyncio.sleep(1 / SHOWS_A_SECOND)
    await asyncio.sleep(1)
    busy = _processor_seconds(server) - busy
    waits = [
        person.shown[number] - moment
        for number, moment in sent.items()
        for person in room
        if number in person.shown
    ]
    return [
        ("shown questions delivered", f"{len(waits)} of {SHOWN * len(room)}"),
        ("   p50 / p99 from the moderator's key to every room", _spread(waits)),
        ("   server CPU per delivered message", f"{busy / len(waits) * 1e6:.0f} µs"),
    ]


def _spread(waits: list[float]) -> str:
    cuts = statistics.quantiles(waits, n=100)
    return f"{cuts[49] * 1000:.0f} / {cuts[98] * 1000:.0f} ms"


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def _until_it_answers() -> None:
    for _ in range(300):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", int(os.environ["PORT"]))
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise TimeoutError("the server did not start")
