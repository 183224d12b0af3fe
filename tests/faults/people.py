"""Who takes part: writers who ask and vote, moderators who show, readers who only look."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import TYPE_CHECKING, Any, Final

from qa import states
from tests.faults.line import AGAIN_SECONDS, Lost
from tests.faults.verdict import Asked

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.line import Line
    from tests.faults.verdict import Record

WORDS: Final = (
    "When does the new form come into force?",
    'Does “pending” mean the same as "open" & <filed>?',
    "¿Puedo preguntar en español? Ñandú, œuvre, Straße.",
    "هل يمكنني أن أسأل؟ 我可以问吗。 🙂👩‍👩‍👧",
    "First line.\nSecond line, with a \\ and a 'quote'.",
)
CUT_SECONDS: Final = (3.0, 9.0)
SHOW_SECONDS: Final = (0.02, 0.12)


class Writer:
    """Asks one question after the other, and may vote. `acknowledged` is told the worker's port."""

    def __init__(
        self, line: Line, record: Record, *, votes: bool, acknowledged: Callable[[int], None]
    ) -> None:
        assert line.registration is not None
        self.line = line
        self.record = record
        self._me = line.registration.pk
        self._votes = votes
        self._acknowledged = acknowledged

    async def write(self, asks: int, seconds: float) -> None:
        """All questions, evenly over the time; at once where faults took the time away."""
        began = time.monotonic()
        for turn in range(asks):
            at = began + (turn + self.line.rng.random()) * seconds / asks
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            await self._ask()
            if self._votes:
                await self._vote()

    async def _ask(self) -> None:
        rng = self.line.rng
        word = f"word-{rng.getrandbits(48):012x}"
        asked = Asked(
            asker=self._me,
            client_id=str(uuid.UUID(int=rng.getrandbits(128), version=4)),
            text=f"{word}: {rng.choice(WORDS)}",
            invoked_at=time.monotonic(),
        )
        self.record.asked.append(asked)
        reply = await self.line.insist(
            "ask", sending=asked.is_sent, client_id=asked.client_id, text=asked.text
        )
        if "ok" in reply:
            question = reply["ok"]["question"]
            asked.acknowledged_at = time.monotonic()
            self._acknowledged(self.line.port)
            asked.number, asked.told_text = question["number"], question["text"]
        else:
            asked.refused = reply["error"]["code"]

    async def _vote(self) -> None:
        """For a shown question, or what was voted for is taken back."""
        shown = sorted(self.line.knows.questions)
        if not shown:
            return
        number = self.line.rng.choice(shown)
        do = "unvote" if number in self.line.knows.own_votes else "vote"
        reply = await self.line.insist(do, number=number)
        if "ok" in reply:
            self.record.ballots[self._me, number] = reply["ok"]["voted"]


class Moderator:
    """Shows a quarter of the questions, and some that the other one wants to show too."""

    def __init__(self, line: Line, record: Record, *, turn: int) -> None:
        self.line = line
        self.record = record
        self.has_come_first = 0
        self.has_come_second = 0
        self._turn = turn
        self._done: set[int] = set()

    async def moderate(self, is_over: asyncio.Event) -> None:
        """Until it is over and nothing is left to do."""
        while (question := self._next()) is not None or not is_over.is_set():
            if question is not None:
                await self._show(question)
            await asyncio.sleep(self.line.rng.uniform(*SHOW_SECONDS))

    def _wants(self, number: int) -> bool:
        return number % 4 == self._turn or number % 10 == 7

    def _next(self) -> dict[str, Any] | None:
        for number, question in self.line.knows.questions.items():
            is_wanted = self._wants(number) and number not in self._done
            if is_wanted and question["state"] == states.WAITING:
                return dict(question)
        return None

    async def _show(self, question: dict[str, Any]) -> None:
        """Once, by what the page says now. After a loss the page says whether it was done."""
        number = question["number"]
        fields = {"number": number, "seen": question["revision"]}
        try:
            reply = await self.line.exchange("show", lambda _at: None, fields)
        except Lost:
            return
        code = reply.get("error", {}).get("code")
        if code in {None, "decided", "already"}:
            self._done.add(number)
            self.record.shown.add(number)
            self.has_come_first += code is None
            self.has_come_second += code is not None
        else:
            await asyncio.sleep(AGAIN_SECONDS)


async def be_cut(line: Line) -> None:
    """A reader's network is bad."""
    while True:
        await asyncio.sleep(line.rng.uniform(*CUT_SECONDS))
        line.cut()
