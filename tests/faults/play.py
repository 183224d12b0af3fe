"""The people's side of an experiment, in the environment of its servers.

    python -m tests.faults.play SCRIPT

SCRIPT is a `Script` as JSON. Says what goes on, as `tests.faults.script` has it, and in the end
what was found, as one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from contextlib import suppress
from random import Random
from typing import Any, Final

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import DatabaseError, connections  # noqa: E402

from qa import projection, queries  # noqa: E402
from tests.faults import stage, verdict  # noqa: E402
from tests.faults.line import FOR_GOOD, Hall, Line  # noqa: E402
from tests.faults.people import Moderator, Writer, be_cut  # noqa: E402
from tests.faults.script import ACKNOWLEDGED, BEGUN, LAST, Script  # noqa: E402
from tests.faults.verdict import Reader, Record  # noqa: E402
from tests.qa.reference import Knowledge  # noqa: E402

LATEST_SECONDS: Final = 60.0
"""After the time of asking, for whoever still waits for an answer."""

HEAL_SECONDS: Final = 30.0


class Play:
    def __init__(self, script: Script, laid: stage.Stage) -> None:
        self.script = script
        self.record = Record()
        self._laid = laid
        self._hall = Hall(
            floor=laid.floor,
            ports=script.ports,
            origin=settings.PUBLIC_URL,
            loss=script.loss,
        )
        self.writers = [
            Writer(
                self._line(f"writer-{turn}", projection.ROOM, registration=who),
                self.record,
                votes=turn % 2 == 0,
                acknowledged=lambda port: say(f"{ACKNOWLEDGED} {port}"),
            )
            for turn, who in enumerate(laid.writers)
        ]
        self.moderators = [
            Moderator(
                self._line(f"moderator-{turn}", projection.DESK, account=who),
                self.record,
                turn=turn,
            )
            for turn, who in enumerate(laid.moderators)
        ]
        self.readers = [
            self._line(f"{audience}-{home}", audience, home=home, **self._who(audience))
            for audience in projection.AUDIENCES
            for home in script.ports
        ]
        self.healed_in: float | None = None
        self.seconds = 0.0

    def _line(self, name: str, audience: str, **who: Any) -> Line:
        return Line(name, audience, self._hall, Random(f"{self.script.seed} {name}"), **who)

    def _who(self, audience: str) -> dict[str, Any]:
        if audience == projection.ROOM:
            return {"registration": self._laid.reader}
        return {"account": self._laid.moderators[0]}

    @property
    def lines(self) -> list[Line]:
        writing = [one.line for one in self.writers]
        return [*writing, *(one.line for one in self.moderators), *self.readers]

    async def run(self) -> None:
        """Raises what breaks a line otherwise than a fault may."""
        async with asyncio.TaskGroup() as group:
            staying = [group.create_task(line.stay()) for line in self.lines]
            await asyncio.gather(*(line.is_in.wait() for line in self.lines))
            say(BEGUN)
            await self._live(group)
            self.healed_in = await self._heal()
            for task in staying:
                task.cancel()

    async def _live(self, group: asyncio.TaskGroup) -> None:
        """Ends when everything is done, or when somebody has waited for much too long."""
        is_over = asyncio.Event()
        cutting = [group.create_task(be_cut(line)) for line in self.readers]
        moderating = [group.create_task(one.moderate(is_over)) for one in self.moderators]
        with suppress(TimeoutError):
            async with asyncio.timeout(self.script.seconds + LATEST_SECONDS):
                await self._write()
                is_over.set()
                await asyncio.gather(*moderating)
        for task in [*cutting, *moderating]:
            task.cancel()

    async def _write(self) -> None:
        began = time.monotonic()
        asks = [self.script.asks // len(self.writers)] * len(self.writers)
        asks[0] -= self.script.has_last_words
        await asyncio.gather(
            *(
                one.write(each, self.script.seconds)
                for one, each in zip(self.writers, asks, strict=True)
            )
        )
        self.seconds = time.monotonic() - began
        if self.script.has_last_words:
            say(LAST)
            await asyncio.to_thread(sys.stdin.readline)
            await self.writers[0].write(1, 0)

    async def _heal(self) -> float | None:
        """Seconds until everybody knew all that is theirs to know; None when that never was."""
        began = time.monotonic()
        while time.monotonic() < began + HEAL_SECONDS:
            with suppress(DatabaseError):
                self.record.astray = await asyncio.to_thread(self._astray)
                if not self.record.astray:
                    return time.monotonic() - began
            await asyncio.sleep(0.5)
        return None

    def _astray(self) -> list[str]:
        try:
            fresh = {audience: self._fresh(audience) for audience in projection.AUDIENCES}
            return [
                f"{line.name}: {', '.join(differences)}"
                for line in self.lines
                if (differences := _differences(line, fresh[line.knows.audience]))
            ]
        finally:
            connections.close_all()

    def _fresh(self, audience: str) -> Knowledge:
        knowledge = Knowledge(audience)
        knowledge.take(dict(queries.snapshot(self._laid.floor.pk, audience)))
        return knowledge

    def conclude(self) -> dict[str, Any]:
        """Read the database, and judge."""
        stage.read(self._laid.floor, self.record)
        self.record.readers = [
            Reader(
                name=line.name,
                asker=line.registration.pk if line.registration else None,
                frames=line.frames,
            )
            for line in self.lines
            if line.knows.audience != projection.DESK
        ]
        self.record.sent_away = [
            f"{line.name}: {code}"
            for line in self.lines
            for code in line.figures.closings
            if code in FOR_GOOD
        ]
        return {
            "counts": verdict.counts(self.record),
            "examples": verdict.examples(self.record),
            "astray": self.record.astray,
            "healed_in": self.healed_in and round(self.healed_in, 1),
            **self._figures(),
        }

    def _figures(self) -> dict[str, Any]:
        waits = sorted(
            one.acknowledged_at - one.invoked_at
            for one in self.record.asked
            if one.acknowledged_at is not None
        )
        figures = [line.figures for line in self.lines]
        return {
            "asked": len(self.record.asked),
            "acknowledged": len(waits),
            "refused": Counter(one.refused for one in self.record.asked if one.refused),
            "seconds": round(self.seconds, 1),
            "asks_a_second": round(len(waits) / self.seconds, 1) if self.seconds else None,
            "acknowledged_in": {
                "median": round(waits[len(waits) // 2], 3),
                "99%": round(waits[len(waits) * 99 // 100], 3),
                "longest": round(waits[-1], 3),
            }
            if waits
            else None,
            "replies_lost": sum(one.lost_replies for one in figures),
            "sent_again": sum(one.sent_again for one in figures),
            "reconnects": sum(one.reconnects for one in figures),
            "snapshots": sum(one.snapshots for one in figures),
            "gaps": sum(one.gaps for one in figures),
            "closings": Counter(code for one in figures for code in one.closings),
            "shown": len(self.record.shown),
            "came_second": sum(one.has_come_second for one in self.moderators),
            "votes": len(self.record.ballots),
            "frames": sum(len(line.frames) for line in self.lines),
        }


def _differences(line: Line, fresh: Knowledge) -> list[str]:
    """What of a line's knowledge is not as somebody knows it who enters now."""
    if line.registration is not None:
        fresh.take(dict(queries.own(line.registration.pk)))
    known, right = (
        one.seen() | {"own": one.own, "own votes": one.own_votes} for one in (line.knows, fresh)
    )
    return [part for part, value in right.items() if known[part] != value]


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    script = Script.from_json(sys.argv[1])
    # What people do is not to wait for a pool of this process when the database is away.
    settings.DATABASES["default"].get("OPTIONS", {}).pop("pool", None)
    play = Play(script, stage.lay(script.writers))
    connections.close_all()
    asyncio.run(play.run())
    say(json.dumps(play.conclude()))


if __name__ == "__main__":
    main()
