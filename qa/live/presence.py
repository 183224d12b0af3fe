"""Attendance of the sockets: opened on entering, kept by signs of life, closed on leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engagements.actions import attending
from engagements.models import Registration
from qa.live.database import run

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa.live.hub import Client


async def enter(client: Client) -> None:
    """Open an interval, if this is a stakeholder and the engagement is live."""
    if client.registration is not None:
        client.interval = await run(_arrive, client.registration)


async def keep(clients: Iterable[Client]) -> None:
    """A sign of life of everybody here; who came before the start arrives when it is live."""
    await run(attending.stay, [c.interval for c in clients if c.interval is not None])
    for client in clients:
        if client.interval is None:
            await enter(client)


async def leave(client: Client) -> None:
    if client.interval is not None:
        await run(attending.leave, [client.interval])


def _arrive(registration_id: int) -> int | None:
    registration = Registration.objects.select_related("engagement").get(pk=registration_id)
    interval = attending.arrive(registration)
    return interval.pk if interval else None
