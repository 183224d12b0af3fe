"""A hub's ear at the channel layer: one subscription, made again whenever it breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from channels.layers import get_channel_layer

from qa import events

if TYPE_CHECKING:
    from qa.live.hub import Hub


async def listen(hub: Hub) -> None:
    """Hear announcements for ever. Raises what breaks the subscription; `Supervised` renews it."""
    layer = get_channel_layer()
    if layer is None:
        raise RuntimeError("no channel layer is configured")
    channel = await layer.new_channel()
    for group in (events.group(hub.floor_id), events.RIGHTS):
        await layer.group_add(group, channel)
    await hub.find_head()
    while True:
        await _take(hub, await layer.receive(channel))


async def _take(hub: Hub, message: dict[str, Any]) -> None:
    match message["type"]:
        case events.NEWS:
            if not hub.hear(events.unpack(message["events"])):
                await hub.catch_up()
        case events.VOTES:
            hub.tally.votes_due.set()
        case events.PEOPLE:
            hub.tally.people_due.set()
        case events.ENDED:
            await _end(hub, message)


async def _end(hub: Hub, message: dict[str, Any]) -> None:
    """Somebody's right, or session, has ended: look at those sockets now, not at the next check."""
    registration, account = message["registration"], message["account"]
    await hub.presence.show_out(
        [
            client
            for client in hub.everybody()
            if (registration is not None and client.registration == registration)
            or (account is not None and client.ticket.account == account)
        ]
    )
