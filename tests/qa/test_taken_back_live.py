"""Words that were public and are not any more: told to nobody who comes with an older number."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

import pytest
from asgiref.sync import sync_to_async

from qa import states
from qa.actions import answering, asking, changing, editing, floor_settings, moderating
from qa.live.hub import Hub
from qa.projection import DESK
from qa.queries import events_since
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


async def test_a_desk_that_goes_on_from_before_never_hears_what_was_withdrawn(
    floor: Floor, ana: Registration, omar: User
) -> None:
    @sync_to_async
    def ask() -> None:
        asking.ask(floor, by=ana, text="zqfirst: when?", client_id=uuid.uuid4())
        changing.change(floor, by=ana, number=1, text="zqsecond: when?")

    await ask()
    async with entered(floor, account=omar) as (desk, before):
        assert "zqsecond" in json.dumps(before["news"])
        await sync_to_async(asking.withdraw)(floor, by=ana, number=1)
        assert "zq" not in json.dumps(await desk.next("events"))
        at_zero = {"epoch": before["news"]["epoch"], "after": 0, "mark": 0}
        another = Hub(floor.pk)
        await another.find_head()
        told = [another.feeds[DESK].frame(0)]
        for known in ({}, at_zero):
            async with entered(floor, account=omar, **known) as (_socket, state):
                told.append(json.dumps(state["news"]))
        log = await sync_to_async(events_since)(floor.pk, 0, most=9)
    assert [('"withdrawn"' in str(one), "zq" in str(one)) for one in told] == [(True, False)] * 3
    assert [(one["number"], "zq" in json.dumps(one)) for one in log] == [
        (1, False), (2, False), (3, False),
    ]  # fmt: skip


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
