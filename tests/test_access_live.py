"""The first step onto a live socket, by every kind of visitor, through the ASGI application."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator

from config.asgi import application
from engagements.models import User
from qa import projection
from qa.access import Ticket
from qa.live.frames import CLOSE_NOT_ALLOWED
from qa.models import Floor, Question
from tests import access_cast, access_matrix
from tests.access_situations import ADDRESSES

if TYPE_CHECKING:
    from tests.access_cast import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]

ORIGIN = b"http://127.0.0.1:8000"
AUDIENCES = projection.AUDIENCES
OPEN = ["In the open?", "In the open, and voted for?", "Answered?"]


async def test_everybody_enters_where_the_matrix_says_and_nowhere_else() -> None:
    world = await sync_to_async(access_cast.build)()
    [cells] = [row.cells for row in access_matrix.commands() if row.name == "enter"]
    doors = [(audience, visitor) for audience in AUDIENCES for visitor in cells[audience]]

    for audience, visitor in doors:
        for text in await sync_to_async(wrong_tickets)(world, audience, visitor):
            assert await enter(audience, text) == CLOSE_NOT_ALLOWED, (audience, visitor)
    assert await sync_to_async(world.changes)() == set()

    asked = Question.objects.filter(floor__engagement__slug="now").order_by("number")
    everything = [text async for text in asked.values_list("text", flat=True)]
    texts = {projection.ROOM: OPEN, projection.DESK: everything, projection.SCREEN: OPEN}
    for audience, visitor in doors:
        if cells[audience][visitor] == "+":
            ticket = await sync_to_async(world.ticket)(audience, visitor)
            assert ticket is not None
            state = await enter(audience, ticket.signed())
            assert [question["text"] for question in state["news"]["questions"]] == texts[audience]
            own = state.get("own", {"questions": []})["questions"]
            assert [question["text"] for question in own] == ["A secret?"] * (visitor == "RA")
    assert await sync_to_async(world.changes)() == ADDRESSES["room"].reads


def wrong_tickets(world: World, audience: str, visitor: str) -> list[str]:
    """All that the visitor can get hold of for other doors, or a made-up one."""
    doors = {(other, slug) for other in AUDIENCES for slug in ("now", "elsewhere")}
    tickets = [world.ticket(other, visitor, slug) for other, slug in doors - {(audience, "now")}]
    return [ticket.signed() for ticket in tickets if ticket] or ["made up"]


async def enter(audience: str, ticket: str) -> Any:
    """What the socket says to the ticket: the state, or the code that closes it."""
    wire = await opened(audience, ticket)
    output = await wire.receive_output(timeout=5)
    if output["type"] == "websocket.close":
        return output["code"]
    await wire.disconnect()
    return json.loads(output["text"])["ok"]


async def shown_out(audience: str, ticket: str) -> int:
    """The code that closes the socket within a second; a stakeholder may have entered till then."""
    wire = await opened(audience, ticket)
    async with asyncio.timeout(1):
        while (output := await wire.receive_output(timeout=5))["type"] != "websocket.close":
            pass
    return int(output["code"])


async def opened(audience: str, ticket: str) -> WebsocketCommunicator:
    wire = WebsocketCommunicator(
        application, f"/live/v1/{audience}/now/", headers=[(b"origin", ORIGIN)]
    )
    assert (await wire.connect(timeout=5))[0]
    await wire.send_to(text_data=json.dumps({"id": 1, "do": "enter", "ticket": ticket}))
    return wire


@pytest.mark.parametrize(
    ("visitor", "audience"),
    [
        ("XA", "room"),
        ("DE", "room"),
        ("DE", "desk"),
        ("M2", "room"),
        ("M2", "desk"),
        ("RO", "room"),
    ],
)
async def test_a_ticket_from_better_days_opens_nothing(visitor: str, audience: str) -> None:
    world = await sync_to_async(access_cast.build)()
    floor = await Floor.objects.aget(engagement__slug="now")
    person = world.people[visitor]
    who: dict[str, Any] = {"account" if isinstance(person, User) else "registration": person.pk}
    ticket = Ticket(floor.pk, "now", audience, **who)
    assert await shown_out(audience, ticket.signed()) == CLOSE_NOT_ALLOWED
    assert await sync_to_async(world.changes)() == set()
