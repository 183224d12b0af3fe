"""A server that is told to stop while people ask: it ends, and what was acknowledged is stored."""

from __future__ import annotations

import asyncio
import os
import signal
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from asgiref.sync import sync_to_async

from qa.models import Question
from tests.factories import make_registration
from tests.qa.sockets import Socket, entered
from tests.qa.wires import process_of, serving, wait_until_quiet

if TYPE_CHECKING:
    from engagements.models import Registration
    from qa.models import Floor

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 15


@pytest.mark.parametrize("kind", ["uvicorn", "daphne"])
async def test_a_stop_in_the_middle_of_questions(
    kind: str, floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [await sync_to_async(make_registration)(floor.engagement) for _ in range(12)]
    acknowledged: list[int] = []
    are_many = asyncio.Event()

    async def ask_on(person: Registration) -> None:
        with suppress(AssertionError, TimeoutError):
            async with entered(floor, registration=person) as (room, _):
                while True:
                    reply = await room.call("ask", text="Why?", client_id=str(uuid.uuid4()))
                    if "ok" not in reply:
                        return
                    acknowledged.append(reply["ok"]["question"]["number"])
                    if len(acknowledged) >= MANY:
                        are_many.set()

    # Leaving it waits for its end, and fails when it does not come.
    with serving(kind) as server:
        monkeypatch.setattr(Socket, "server", server)
        asking = [asyncio.ensure_future(ask_on(person)) for person in people]
        await are_many.wait()
        os.kill(process_of(server), signal.SIGTERM)
        await asyncio.wait(asking, timeout=20)
    await sync_to_async(wait_until_quiet)()

    stored = {number async for number in Question.objects.values_list("number", flat=True)}
    assert set(acknowledged) <= stored
    assert stored == set(range(1, len(stored) + 1))
