"""Database work of the live sockets: threads of its own, so that pages cannot starve it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import connection, connections

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")

# SQLite has one writer; a second thread would only wait for it, and by guesses of milliseconds.
THREADS = 1 if connection.vendor == "sqlite" else 4
_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="live-database")
writer = (
    _pool
    if connection.vendor == "sqlite"
    else ThreadPoolExecutor(1, thread_name_prefix="live-writer")
)


async def run(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """The function's result, from one of our threads, with a connection that works.

    Who is cancelled meanwhile still waits until the work is done: a socket or a server that ends
    leaves no transaction behind that nobody watches.
    """

    def work() -> R:
        try:
            return function(*args, **kwargs)
        finally:
            _tidy()

    return await _in(_pool, work)


async def write(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """As `run`, in the writer's thread, which keeps its connection until something fails."""

    def work() -> R:
        try:
            return function(*args, **kwargs)
        except Exception:
            connection.close()
            raise

    return await _in(writer, work)


async def _in(pool: ThreadPoolExecutor, work: Callable[[], R]) -> R:
    done = asyncio.ensure_future(sync_to_async(work, thread_sensitive=False, executor=pool)())
    try:
        return await asyncio.shield(done)
    except asyncio.CancelledError:
        await asyncio.wait([done])
        if not done.cancelled():
            # Looked at, or asyncio would write what nobody waits for into the log, words and all.
            done.exception()
        raise


def _tidy() -> None:
    """Hand a pooled connection back, drop a broken one.

    SQLite's is kept, whatever its age: to open the file again costs more than to store a question.
    """
    for used in connections.all(initialized_only=True):
        if used.vendor == "sqlite":
            used.close_at = None
        used.close_if_unusable_or_obsolete()
