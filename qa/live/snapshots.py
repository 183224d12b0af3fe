"""Snapshots as bytes, one for all who enter at about the same number."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, NamedTuple

from qa import queries
from qa.live import frames
from qa.live.database import run

if TYPE_CHECKING:
    from qa.live.feed import Feed

STALE: Final = 64
"""Events after a snapshot, from which on a new one is cheaper than to tell them one by one."""


class Taken(NamedTuple):
    text: str
    number: int
    mark: int


class Snapshots:
    """A kept one serves as long as the feed leads on from it and all its words still stand."""

    def __init__(self, floor_id: int, feeds: dict[str, Feed]) -> None:
        self._floor_id = floor_id
        self._feeds = feeds
        self._kept: dict[str, Taken] = {}
        self._taking = {audience: asyncio.Lock() for audience in feeds}
        self._history = 0

    async def get(self, audience: str) -> Taken:
        async with self._taking[audience]:
            kept = self._kept.get(audience)
            if kept is None or not self._serves(audience, kept):
                kept = await self._take_one_that_serves(audience)
            return kept

    async def _take_one_that_serves(self, audience: str) -> Taken:
        """Words may be taken away, or another history begin, while one is read; then once more."""
        for _attempt in range(2):
            history = self._history
            taken = await self._take(audience)
            if history == self._history and self._serves(audience, taken):
                self._kept[audience] = taken
                break
        return taken

    def forget(self) -> None:
        """Another history begins; one that is being taken may still be of the last."""
        self._kept.clear()
        self._history += 1

    def _serves(self, audience: str, kept: Taken) -> bool:
        feed = self._feeds[audience]
        return kept.number >= max(feed.start, feed.words_gone_at, feed.head - STALE)

    async def _take(self, audience: str) -> Taken:
        found = await run(queries.snapshot, self._floor_id, audience)
        return Taken(frames.write(found), found["number"], found["mark"])
