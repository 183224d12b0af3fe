"""Group commit of the hot commands: whatever queued while the last batch committed is the next.

One per process. Nothing is acknowledged before its commit. A batch that the database could not
take is tried again, which is safe because a question has its client id and a vote its person; what
only one item is to blame for is refused to that one alone.
"""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import structlog
from django.db import InterfaceError, OperationalError

from qa.actions.asking import Ask, ask_all
from qa.actions.poll_answering import Reply, answer_all
from qa.actions.voting import Ballot, vote_all
from qa.live.database import write

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Callable, Sequence

    from engagements.refusals import Refused
    from qa.models import Question

    Outcome = Question | bool | list[int] | Refused

logger = structlog.get_logger(__name__)

MOST_AT_ONCE: Final = 1_000
"""Items of one batch, so that the first of many does not wait for the last."""

GATHER_SECONDS: Final = 0.1
"""Between two batches of votes, or of answers to polls: their counts are told more seldom than
that anyhow."""

PATIENCE: Final = 8.0
"""Seconds for which a database that is away is waited for."""

PAUSE_SECONDS: Final = (0.05, 0.25)

BATCH_FORMS: Final[dict[type, Callable[[int, Any], Sequence[Outcome]]]] = {
    Ask: ask_all,
    Ballot: vote_all,
    Reply: answer_all,
}


class NotStored(Exception):
    """The item was not acknowledged and may be sent again; whether it is stored is not known."""


@dataclass(slots=True)
class _Item:
    what: Ask | Ballot | Reply
    done: asyncio.Future[Outcome]

    def settle(self, outcome: Outcome | NotStored) -> None:
        if self.done.done():
            return
        if isinstance(outcome, NotStored):
            self.done.set_exception(outcome)
        else:
            self.done.set_result(outcome)


class Writer:
    """A lane for each floor and kind of item. A lane works as long as something waits in it."""

    def __init__(self) -> None:
        self._lanes: defaultdict[tuple[int, type], _Lane] = defaultdict(_Lane)

    async def store(self, floor: int, what: Ask | Ballot | Reply) -> Outcome:
        """What the action's batch form says of it, after the commit. Raises NotStored."""
        lane = self._lanes[floor, type(what)]
        item = _Item(what, asyncio.get_running_loop().create_future())
        lane.waiting.append(item)
        if lane.task is None:
            lane.task = asyncio.create_task(self._work(floor, type(what), lane))
        return await item.done

    async def _work(self, floor: int, kind: type, lane: _Lane) -> None:
        loop = asyncio.get_running_loop()
        try:
            while lane.waiting:
                began = loop.time()
                batch, lane.waiting = lane.waiting[:MOST_AT_ONCE], lane.waiting[MOST_AT_ONCE:]
                await _store(floor, BATCH_FORMS[kind], batch)
                if kind is not Ask:
                    await asyncio.sleep(began + GATHER_SECONDS - loop.time())
        finally:
            del self._lanes[floor, kind]


@dataclass(slots=True)
class _Lane:
    waiting: list[_Item] = field(default_factory=list)
    task: asyncio.Task[None] | None = None


async def _store(
    floor: int, batch_form: Callable[[int, Any], Sequence[Outcome]], items: Sequence[_Item]
) -> None:
    loop = asyncio.get_running_loop()
    until = loop.time() + PATIENCE
    while True:
        try:
            outcomes = await write(batch_form, floor, [item.what for item in items])
        except (OperationalError, InterfaceError) as error:
            logger.warning("writer_waits", error=type(error).__name__, items=len(items))
            if loop.time() > until:
                return _give_up(items)
            await asyncio.sleep(random.uniform(*PAUSE_SECONDS))  # noqa: S311 - jitter, no secret
        except Exception as error:  # noqa: BLE001 - one of them is to blame: each for itself then
            logger.error("batch_failed", error=type(error).__name__, items=len(items))  # noqa: TRY400
            if len(items) == 1:
                return _give_up(items)
            for item in items:
                await _store(floor, batch_form, [item])
            return None
        else:
            for item, outcome in zip(items, outcomes, strict=True):
                item.settle(outcome)
            return None


def _give_up(items: Sequence[_Item]) -> None:
    for item in items:
        item.settle(NotStored())


_writers: WeakKeyDictionary[AbstractEventLoop, Writer] = WeakKeyDictionary()


def writer() -> Writer:
    """This process's writer; a test that has a loop of its own has a writer of its own."""
    return _writers.setdefault(asyncio.get_running_loop(), Writer())
