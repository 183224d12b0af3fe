"""Whoever may be in room or desk no longer is out within a second, on every device."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from allauth.account.signals import password_changed
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from engagements.actions import accounts, attending, running
from qa import events, projection
from qa.access import read_ticket, ticket
from qa.models import EndedSession
from tests import factories
from tests.qa.sockets import HEARD_WITHIN, Socket, entered

if TYPE_CHECKING:
    from engagements.models import Engagement, Registration, User
    from qa.models import Floor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("hearing")]


async def code(socket: Socket) -> int:
    async with asyncio.timeout(HEARD_WITHIN):
        return await socket.closed()


async def test_a_removed_person_is_out_on_all_devices(
    floor: Floor, ana: Registration, omar: User
) -> None:
    async with (
        entered(floor, registration=ana) as (phone, _),
        entered(floor, registration=ana) as (laptop, _),
        entered(floor, account=omar) as (desk, _),
    ):
        await sync_to_async(attending.remove)(ana, by=omar)

        assert (await code(phone), await code(laptop)) == (4403, 4403)
        assert "ok" in await desk.call("floor", state="closed")


async def test_an_old_ticket_of_a_removed_person_shows_nothing_and_a_readmitted_one_enters(
    floor: Floor, ana: Registration, omar: User
) -> None:
    pass_ = ticket(floor, projection.ROOM, registration=ana)
    async with entered(floor, account=omar), entered(floor, registration=ana) as (room, _):
        await sync_to_async(attending.remove)(ana, by=omar)
        assert await code(room) == 4403

        again = Socket(floor, projection.ROOM)
        assert await again.connect()
        await again.send("enter", ticket=pass_)
        assert await again.wire.receive() == 4403

        await sync_to_async(attending.readmit)(ana, by=omar)
        async with entered(floor, registration=ana) as (_, state):
            assert state["news"]["type"] == "snapshot"


async def test_a_moderator_who_loses_the_role_is_out(
    floor: Floor, live_engagement: Engagement, omar: User, cora: User
) -> None:
    async with (
        entered(floor, account=omar) as (desk, _),
        entered(floor, account=cora) as (other, _),
    ):
        await sync_to_async(running.remove_member)(
            live_engagement, by=cora, user=omar, role="moderator"
        )

        assert await code(desk) == 4403
        assert "ok" in await other.call("floor", state="closed")


async def test_a_deactivated_account_is_out_of_desk_room_and_screen(
    floor: Floor, omar: User, ada: User
) -> None:
    async with (
        entered(floor, account=omar) as (desk, _),
        entered(floor, account=omar, audience=projection.ROOM) as (room, _),
        entered(floor, account=omar, audience=projection.SCREEN) as (screen, _),
    ):
        await sync_to_async(accounts.deactivate)(omar, by=ada)

        assert [await code(one) for one in (desk, room, screen)] == [4403, 4403, 4403]


async def test_signing_out_ends_the_sockets_of_that_session_and_of_no_other(
    floor: Floor, omar: User
) -> None:
    here, there = AsyncClient(), AsyncClient()
    address = f"/office/engagements/{floor.engagement.slug}/desk/ticket/"
    sockets = []
    for browser in (here, there):
        await browser.aforce_login(omar)
        socket = Socket(floor, projection.DESK)
        assert await socket.connect()
        given = (await browser.get(address)).json()["ticket"]
        assert "ok" in await socket.call("enter", ticket=given)
        sockets.append(socket)
    kept = (await here.get(address)).json()["ticket"]

    await here.post("/accounts/logout/")

    assert await code(sockets[0]) == 4401
    assert "ok" in await sockets[1].call("floor", state="closed")
    again = Socket(floor, projection.DESK)
    assert await again.connect()
    await again.send("enter", ticket=kept)
    assert await code(again) == 4401
    await sockets[1].wire.leave()


async def test_a_changed_password_ends_every_socket_until_a_new_ticket_is_shown(
    floor: Floor, omar: User
) -> None:
    async with entered(floor, account=omar) as (desk, _):
        await sync_to_async(password_changed.send)(type(omar), request=None, user=omar)

        assert await code(desk) == 4401
    async with entered(floor, account=omar) as (desk, state):
        assert state["news"]["type"] == "snapshot"


async def test_a_right_whose_end_was_not_announced_is_noticed_all_the_same(
    floor: Floor, ana: Registration, omar: User
) -> None:
    async with (
        entered(floor, registration=ana) as (room, _),
        entered(floor, account=omar) as (desk, _),
    ):
        await EndedSession.objects.acreate(account=omar)
        await type(ana).objects.filter(pk=ana.pk).aupdate(removed_at=ana.registered_at)

        assert (await room.closed(), await desk.closed()) == (4403, 4401)


async def test_an_announcement_about_somebody_else_closes_nothing(
    floor: Floor, ana: Registration
) -> None:
    stranger = await sync_to_async(factories.make_registration)(floor.engagement, "Eve")
    async with entered(floor, registration=ana) as (room, _):
        await sync_to_async(events.tell_rights_ended)(registration=stranger.pk)

        assert "ok" in await room.call("ask", text="Still here?", client_id="1" * 32)


def test_a_ticket_names_its_session_without_opening_it(floor: Floor, omar: User) -> None:
    found = read_ticket(ticket(floor, projection.DESK, account=omar, session_key="a" * 32))

    assert found is not None
    assert len(found.session) == 16
    assert "a" * 32 not in found.signed()
