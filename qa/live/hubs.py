"""The hubs of this process: one for each floor on which somebody is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from qa.live.hub import Hub

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

    from qa.live.client import Client

_hubs: WeakKeyDictionary[AbstractEventLoop, dict[int, Hub]] = WeakKeyDictionary()


def join(client: Client) -> Hub:
    """The hub of the client's floor, started for the first client that asks for it.

    The client counts as a member at once, before it has entered: otherwise the last one to leave
    meanwhile would put the hub out under it.
    """
    hubs = _hubs.setdefault(asyncio.get_running_loop(), {})
    floor = client.ticket.floor
    if floor not in hubs:
        hubs[floor] = Hub(floor)
        hubs[floor].start()
    hubs[floor].members.add(client)
    return hubs[floor]


async def leave(hub: Hub, client: Client) -> None:
    """The last one to leave puts the hub out."""
    hub.leave(client)
    hubs = _hubs.setdefault(asyncio.get_running_loop(), {})
    if not hub.members and hubs.get(hub.floor_id) is hub:
        del hubs[hub.floor_id]
        await hub.stop()
