"""Long rows of clients, with a turn for everybody else now and then."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

T = TypeVar("T")

IN_ONE_GO: Final = 250


async def in_turns(items: Iterable[T]) -> AsyncIterator[T]:
    """Those that are there now, in their order; the loop has its turn after every 250."""
    for place, item in enumerate(tuple(items)):
        if place and place % IN_ONE_GO == 0:
            await asyncio.sleep(0)
        yield item
