"""Polls over the live sockets: who is told of them, and of what was answered, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async

from qa.actions import polling, surveying
from qa.models import PollAnswer
from tests import factories
from tests.qa.sockets import entered

if TYPE_CHECKING:
    from engagements.models import Registration, User
    from qa.models import Floor
    from tests.qa.sockets import Socket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]

YES = {"answers": 1, "counts": [1, 0], "percents": [100, 0]}


async def event_of(socket: Socket) -> dict[str, Any]:
    [event] = (await socket.next("events"))["events"]
    return dict(event)


async def test_an_answer_is_told_the_desk_at_once_and_the_room_where_it_may_see_it(
    floor: Floor, ana: Registration, omar: User, hearing: None
) -> None:
    await sync_to_async(factories.make_poll)(floor, made_by=omar)
    async with (
        entered(floor, registration=ana) as (room, known),
        entered(floor, registration=ana) as (phone, _),
        entered(floor, account=omar) as (desk, at_desk),
        entered(floor, account=omar, audience="screen") as (screen, _),
    ):
        assert known["news"]["polls"] == []
        assert [poll["state"] for poll in at_desk["news"]["polls"]] == ["draft"]
        assert (await room.call("answer-poll", number=1, chosen="1"))["error"]["code"] == (
            "unknown_poll"
        )

        await sync_to_async(polling.open_poll)(floor, by=omar, number=1)
        assert (await event_of(room))["poll"]["state"] == "open"
        reply = await room.call("answer-poll", number=1, chosen="1")
        assert reply["ok"] == {"number": 1, "chosen": [1]}
        assert (await phone.next("own-poll-answer"))["chosen"] == [1]
        while (await desk.next("poll-results"))["results"]["1"] != YES:
            pass
        while (await screen.next("poll-results"))["results"]["1"] != {
            "answers": 1, "counts": [], "percents": []
        }:  # fmt: skip
            pass

        await sync_to_async(polling.set_live)(floor, by=omar, number=1, shows_live=True)
        assert (await event_of(room))["poll"]["shows_live"] is True
        assert (await room.next("poll-results"))["results"] == {"1": YES}
        await sync_to_async(polling.close)(floor, by=omar, number=1)
        closed = await event_of(room)
        assert closed["poll"]["results"] == YES
        late = await room.call("answer-poll", number=1, chosen="2")
        assert late["error"]["code"] == "poll_closed"


async def test_who_comes_back_is_told_what_was_answered_meanwhile(
    floor: Floor, ana: Registration, omar: User, over: None
) -> None:
    poll = await sync_to_async(factories.make_poll)(
        floor, state="open", shows_live=True, made_by=omar
    )
    ben = await sync_to_async(factories.make_registration)(floor.engagement, "Ben")
    async with (
        entered(floor, registration=ben) as (room, known),
        entered(floor, registration=ana) as (other, _),
    ):
        assert (await other.call("answer-poll", number=1, chosen="1"))["ok"]["chosen"] == [1]
        while (await room.next("poll-results"))["results"]["1"] != YES:
            pass
    assert await PollAnswer.objects.filter(poll=poll).acount() == 1
    news = known["news"]
    position = {"epoch": news["epoch"], "after": news["number"], "mark": news["mark"]}
    async with entered(floor, registration=ben, **position) as (room, again):
        assert again["news"]["type"] == "events"
        assert (await room.next("poll-results"))["results"] == {"1": YES}
    async with entered(floor, registration=ana, **position) as (_, mine):
        assert mine["own"]["poll_answers"] == {"1": [1]}


async def test_the_room_is_told_when_the_survey_opens_and_of_its_questions_nothing(
    floor: Floor, ana: Registration, cora: User, hearing: None
) -> None:
    await sync_to_async(factories.make_poll)(floor, "Canary?", moment="after", made_by=cora)
    floor.engagement.state = "ended"
    await floor.engagement.asave()
    async with entered(floor, registration=ana) as (room, known):
        assert (known["news"]["survey"], known["news"]["polls"]) == (False, [])
        await sync_to_async(surveying.open_survey)(floor, by=cora)
        assert await event_of(room) == {"type": "survey", "is_open": True}
    async with entered(floor, account=cora) as (_, known):
        assert known["news"]["survey"] is True
        assert "Canary" not in str(known)


async def test_staff_who_watch_do_not_answer(floor: Floor, omar: User, over: None) -> None:
    await sync_to_async(factories.make_poll)(floor, state="open", made_by=omar)
    async with entered(floor, account=omar, audience="room") as (room, _):
        reply = await room.call("answer-poll", number=1, chosen="1")
    assert reply["error"]["code"] == "not_allowed"
    assert not await PollAnswer.objects.aexists()


@pytest.mark.parametrize("chosen", ["", "0", "1,2", "x", "3", "1 " * 40, 7])
async def test_what_cannot_be_chosen_is_refused(
    floor: Floor, ana: Registration, omar: User, chosen: Any
) -> None:
    await sync_to_async(factories.make_poll)(floor, state="open", made_by=omar)
    async with entered(floor, registration=ana) as (room, _):
        reply = await room.call("answer-poll", number=1, chosen=chosen)
        assert reply["error"]["code"] == "invalid"
        assert (await room.call("answer-poll", number=1, chosen="2"))["ok"]["chosen"] == [2]
    assert await PollAnswer.objects.acount() == 1
