"""Words that were public and are not any more: told to nobody who comes with an older number."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

import pytest
from asgiref.sync import sync_to_async

from qa import states
from qa.actions import answering, asking, editing, floor_settings, moderating
from tests.qa.sockets import entered

if TYPE_CHECKING:
    from engagements.models import Registration, User
    from qa.models import Floor

pytestmark = pytest.mark.django_db(transaction=True)

ANSWER, EDITED = "zqanswer: at nine.", "zqedited: when will it open?"


def _play(floor: Floor, ana: Registration, omar: User) -> None:
    asking.ask(floor, by=ana, text="zqasked: when?", client_id=uuid.uuid4())
    moderating.show(floor, by=omar, number=1, seen=1)
    answering.write(
        floor, by=omar, number=1, seen=2, text=ANSWER, given_by="Ito", reach="all", publish=True
    )


def _take_back(floor: Floor, omar: User) -> None:
    answering.take_back(floor, by=omar, number=1, seen=4)
    editing.edit(floor, by=omar, number=1, seen=5, text=EDITED)


async def test_a_late_one_reads_what_stands_and_nothing_else(
    floor: Floor, ana: Registration, omar: User
) -> None:
    await sync_to_async(_play)(floor, ana, omar)
    async with entered(floor, registration=ana) as (_room, before):
        assert ANSWER in json.dumps(before["news"])
        await sync_to_async(_take_back)(floor, omar)
        epoch = before["news"]["epoch"]
        for known in ({}, {"epoch": epoch, "after": 0, "mark": 0}):
            async with entered(floor, registration=ana, **known) as (_socket, state):
                told = json.dumps(state["news"])
                assert EDITED in told
                assert ANSWER not in told
                assert "zqasked" not in told


async def test_names_that_nobody_reads_any_more_are_told_to_nobody_who_comes_later(
    floor: Floor, ana: Registration, omar: User
) -> None:
    @sync_to_async
    def switch(attribution: str) -> None:
        floor_settings.change(floor, by=omar, attribution=attribution)

    await switch(states.NAMED)
    await sync_to_async(_play)(floor, ana, omar)
    async with entered(floor, registration=ana) as (_room, before):
        named = before["news"]["questions"][0]["asker_name"]
        assert named == ana.name
        await switch(states.ANONYMOUS)
        epoch = before["news"]["epoch"]
        for known in ({}, {"epoch": epoch, "after": 0, "mark": 0}):
            async with entered(floor, registration=ana, **known) as (_socket, state):
                told = json.dumps(state)
                assert ANSWER in told
                assert named not in told
