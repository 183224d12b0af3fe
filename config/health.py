"""Whether this process lives (/healthz), and whether it can do its work (/readyz)."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from asgiref.sync import async_to_sync
from channels import DEFAULT_CHANNEL_LAYER
from channels.layers import channel_layers
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

LAYER_TIMEOUT = 2  # seconds

log = logging.getLogger("openfloor.health")


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when all parts answer, else 503. Says which part fails; why is in the log only."""
    parts = {
        "database": _works(_ask_database),
        "migrations": _works(_ask_migrations),
        "channel_layer": _works(_ask_channel_layer),
    }
    named = {name: "ok" if works else "failing" for name, works in parts.items()}
    return JsonResponse(named, status=200 if all(parts.values()) else 503)


def _works(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except Exception:
        log.exception("not ready")
        return False
    return True


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def pending_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _ask_migrations() -> None:
    if pending := pending_migrations():
        raise RuntimeError(f"{pending} migrations have not been applied")


def _ask_channel_layer() -> None:
    async_to_sync(_send_to_nobody)()


async def _send_to_nobody() -> None:
    # A layer of our own: a connection that others opened long ago proves nothing.
    layer = channel_layers.make_backend(DEFAULT_CHANNEL_LAYER)
    try:
        async with asyncio.timeout(LAYER_TIMEOUT):
            await layer.group_send("health", {"type": "health"})
    finally:
        await layer.flush()
        # Lets the loop close the transport, which it does a step later.
        await asyncio.sleep(0)
