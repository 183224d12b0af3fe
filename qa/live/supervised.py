"""Work that goes on while somebody is here: a task that fails is reported and begins anew."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Final

import structlog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

logger = structlog.get_logger(__name__)

PAUSE_SECONDS: Final = (0.5, 1.5)


class Supervised:
    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[None]] = []

    def supervise(self, *works: Callable[[], Awaitable[None]]) -> None:
        """Each work is an endless loop; whatever it raises, it is started again after a pause."""
        self._tasks += [asyncio.create_task(_again_and_again(work)) for work in works]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _again_and_again(work: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - the log is the truth, so nothing is lost by it
            logger.warning("live_work_failed", work=work.__name__, error=type(error).__name__)
            await asyncio.sleep(random.uniform(*PAUSE_SECONDS))  # noqa: S311 - jitter, no secret
