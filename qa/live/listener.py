"""A hub's ear at the channel layer: one subscription, made again whenever it breaks."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import structlog
from channels.layers import get_channel_layer

from engagements import clock
from qa import events, queries
from qa.live.database import run

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from qa.live.hub import Hub

logger = structlog.get_logger(__name__)


async def listen(hub: Hub) -> None:
    """Hear announcements for ever. Raises what breaks the subscription; `Supervised` renews it.

    What a message leads to may fail, such as a read of a database that is away; the subscription
    stays, and the beacon finds what was not read.
    """
    layer = get_channel_layer()
    if layer is None:
        raise RuntimeError("no channel layer is configured")
    channel = await layer.new_channel()
    groups = (events.group(hub.floor_id), events.RIGHTS)
    try:
        for group in groups:
            await layer.group_add(group, channel)
        await _tried(hub.find_head())
        while True:
            await _tried(_take(hub, await layer.receive(channel)))
    finally:
        with suppress(Exception):
            for group in groups:
                await layer.group_discard(group, channel)


async def _tried(work: Awaitable[None]) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001 - the log is the truth, and is looked at again
        logger.warning("announcement_not_followed", error=type(error).__name__)


async def _take(hub: Hub, message: dict[str, Any]) -> None:
    match message["type"]:
        case events.NEWS:
            if not hub.hear(events.unpack(message["events"])):
                await hub.catch_up()
        case events.VOTES:
            hub.tally.votes_due.set()
        case events.POLLS:
            hub.polls.due.set()
        case events.PEOPLE:
            hub.tally.people_due.set()
        case events.BACKSTAGE:
            hub.backstage.due.set()
        case events.STANDING:
            await _tell_standing(hub, message["registration"])
        case events.LOOKING:
            hub.looking.take(message)
        case events.ENDED:
            await _end(hub, message)


async def _tell_standing(hub: Hub, registration: int) -> None:
    """Somebody was silenced, or may ask again. Who comes back meanwhile reads the own anew."""
    told = await run(queries.standing, hub.floor_id, registration)
    hub.note_own_change(registration, clock.now().timestamp())
    hub.tell_person(registration, told)


async def _end(hub: Hub, message: dict[str, Any]) -> None:
    """Somebody's right, or session, has ended: look at those sockets now, not at the next check."""
    registration, account = message["registration"], message["account"]
    device = message.get("device")
    if registration is not None:
        hub.presence.shut_out.add(registration)
    await hub.presence.show_out(
        [
            client
            for client in hub.everybody()
            if (registration is not None and client.registration == registration)
            or (account is not None and client.ticket.account == account)
            or (device is not None and client.ticket.device == device)
        ]
    )
