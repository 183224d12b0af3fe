"""What the hub does when something happens just while it reads."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

import pytest
from asgiref.sync import sync_to_async

from qa import projection, queries, states
from qa.access import Ticket
from qa.actions import asking, moderating, voting
from qa.live.hub import Hub
from qa.live.snapshots import Snapshots, Taken
from tests.qa.viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from engagements.models import Registration, User
    from qa.models import Floor

pytestmark = pytest.mark.django_db(transaction=True)


class Interrupted(Snapshots):
    """Something happens just before the first snapshot is handed out."""

    def __init__(self, hub: Hub, happens: Callable[[], Awaitable[None]]) -> None:
        super().__init__(hub.floor_id, hub.feeds)
        self._happens: Callable[[], Awaitable[None]] | None = happens

    async def get(self, audience: str) -> Taken:
        taken = await super().get(audience)
        happens, self._happens = self._happens, None
        if happens is not None:
            await happens()
        return taken


async def test_private_news_that_come_while_somebody_enters_are_told(
    floor: Floor, ana: Registration, omar: User
) -> None:
    await sync_to_async(asking.ask)(floor, by=ana, text="Why?", client_id=uuid.uuid4())
    hub = Hub(floor.pk)
    await hub.find_head()

    async def dismissed() -> None:
        await sync_to_async(moderating.dismiss)(
            floor, by=omar, number=1, seen=1, reason="off_topic"
        )
        await hub.catch_up()

    hub.snapshots = Interrupted(hub, dismissed)
    viewer = Viewer(Ticket(floor.pk, floor.engagement.slug, projection.ROOM, ana.pk))
    await viewer.open(hub)

    assert viewer.faults == []
    assert viewer.knows.own[1]["state"] == states.DISMISSED


async def test_words_taken_away_while_a_snapshot_is_read_are_not_in_it(
    floor: Floor, ana: Registration, omar: User
) -> None:
    await sync_to_async(asking.ask)(floor, by=ana, text="Shown by error?", client_id=uuid.uuid4())
    await sync_to_async(moderating.show)(floor, by=omar, number=1, seen=1)
    hub = Hub(floor.pk)
    await hub.find_head()
    kept = await hub.snapshots.get(projection.ROOM)
    assert "Shown by error?" in kept.text

    await sync_to_async(moderating.hold)(floor, by=omar, number=1, seen=2)
    await hub.catch_up()

    assert "Shown by error?" not in (await hub.snapshots.get(projection.ROOM)).text
    assert "Shown by error?" not in str(hub.feeds[projection.ROOM].frame(0))


async def test_who_enters_after_counts_were_hidden_gets_none(
    floor: Floor, ana: Registration, omar: User
) -> None:
    await sync_to_async(asking.ask)(floor, by=ana, text="Why?", client_id=uuid.uuid4())
    await sync_to_async(moderating.show)(floor, by=omar, number=1, seen=1)
    await sync_to_async(voting.vote)(floor, by=ana, number=1, is_cast=True)
    hub = Hub(floor.pk)
    await hub.find_head()
    assert '"votes":{"1":1}' in (await hub.snapshots.get(projection.ROOM)).text

    await sync_to_async(voting.set_voting)(floor, by=omar, setting="staff")
    await hub.catch_up()

    assert '"votes":{}' in (await hub.snapshots.get(projection.ROOM)).text


async def test_counts_that_are_hidden_while_they_are_read_are_not_told(
    floor: Floor, ana: Registration, omar: User
) -> None:
    await sync_to_async(asking.ask)(floor, by=ana, text="Why?", client_id=uuid.uuid4())
    await sync_to_async(moderating.show)(floor, by=omar, number=1, seen=1)
    hub = Hub(floor.pk)
    await hub.find_head()
    viewer = Viewer(Ticket(floor.pk, floor.engagement.slug, projection.ROOM, ana.pk))
    await viewer.open(hub)
    await sync_to_async(voting.vote)(floor, by=ana, number=1, is_cast=True)

    reading = asyncio.ensure_future(hub.tally.read_votes())
    await asyncio.sleep(0)
    await sync_to_async(voting.set_voting)(floor, by=omar, setting="staff")
    hub.hear(await sync_to_async(queries.events_since)(floor.pk, hub.head, most=9))
    await reading
    await hub.deliver()

    assert viewer.faults == []
    assert viewer.knows.voting == "staff"
    assert hub.tally.counted[projection.ROOM].mark == 0
    assert '"counts"' not in "".join(viewer.texts)
