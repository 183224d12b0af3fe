"""Database work of the live sockets: a few threads of its own, so that pages cannot starve it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")

THREADS = 4
_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="live-database")


async def run(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """The function's result, from one of our threads, with a connection that works.

    Who is cancelled meanwhile still waits until the work is done: a socket or a server that ends
    leaves no transaction behind that nobody watches.
    """

    def work() -> R:
        close_old_connections()
        try:
            return function(*args, **kwargs)
        finally:
            close_old_connections()

    done = asyncio.ensure_future(sync_to_async(work, thread_sensitive=False, executor=_pool)())
    try:
        return await asyncio.shield(done)
    except asyncio.CancelledError:
        await asyncio.wait([done])
        raise
