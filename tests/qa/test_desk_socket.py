"""The desk over the socket: many at once, taking back, who looks at what, and two at a time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from django.db import transaction

from qa import events, states
from qa.actions import intake
from qa.live import looking
from qa.models import FloorEvent, Question
from tests.factories import make_user
from tests.qa.sockets import Socket, entered

if TYPE_CHECKING:
    from engagements.models import Registration, User
    from qa.models import Floor

pytestmark = pytest.mark.django_db(transaction=True)

ROUND = 100


def lay(floor: Floor, count: int) -> User:
    """So many questions that came in, and a second moderator."""
    with transaction.atomic():
        questions = [
            Question(floor=floor, text=f"Why {n}?", original_text=f"Why {n}?") for n in range(count)
        ]
        intake.store(events.lock(floor.pk), questions)
    olga = make_user("Olga")
    floor.engagement.memberships.create(user=olga, role="moderator")
    return olga


async def test_many_are_shown_and_taken_back_in_one_frame(
    floor: Floor, omar: User, ana: Registration
) -> None:
    await sync_to_async(lay)(floor, 3)
    async with (
        entered(floor, account=omar) as (desk, _),
        entered(floor, registration=ana) as (room, _),
    ):
        reply = await desk.call("bulk", move="show", questions="1:1,2:7,3:1")
        assert reply["ok"] == {
            "done": [{"number": 1, "revision": 2}, {"number": 3, "revision": 2}],
            "refused": [{"number": 2, "message": "Question 2 has changed since you saw it."}],
        }
        told: list[Any] = []
        while len(told) < 2:
            told += (await room.next("events"))["events"]
        assert [event["question"]["number"] for event in told] == [1, 3]

        reply = await desk.call("undo", questions="1:2,3:2")
        assert [one["revision"] for one in reply["ok"]["done"]] == [3, 3]
        while len(told) < 4:
            told += (await room.next("events"))["events"]
        assert told[2:] == [{"type": "question-gone", "number": number} for number in (1, 3)]


async def test_who_looks_at_what_is_told_to_the_others_and_ends_with_the_socket(
    floor: Floor, omar: User
) -> None:
    olga = await sync_to_async(lay)(floor, 2)
    async with entered(floor, account=omar) as (desk, _):
        async with entered(floor, account=olga) as (other, _):
            assert (await other.call("look", number=2))["ok"] == {"number": 2}
            assert await desk.next("looking") == looks({"name": "Olga", "number": 2})
            async with entered(floor, account=omar) as (later, _):
                assert await later.next("looking") == looks({"name": "Olga", "number": 2})
            await other.call("look", number=1)
            assert await desk.next("looking") == looks({"name": "Olga", "number": 1})
        assert await desk.next("looking") == looks()
    assert await FloorEvent.objects.acount() == 2


def looks(*who: dict[str, Any]) -> dict[str, Any]:
    return {"type": "looking", "who": list(who)}


async def test_what_is_not_said_again_is_forgotten(
    floor: Floor, omar: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "FORGET_SECONDS", 0.05)
    monkeypatch.setattr(looking, "CHECK_SECONDS", 0.05)
    olga = await sync_to_async(lay)(floor, 1)
    async with (
        entered(floor, account=omar) as (desk, _),
        entered(floor, account=olga) as (other, _),
    ):
        await other.call("look", number=1)
        assert await desk.next("looking") == looks({"name": "Olga", "number": 1})
        assert await desk.next("looking") == looks()


async def test_two_moderators_at_once_lose_and_double_nothing(floor: Floor, omar: User) -> None:
    """Both go through the same hundred questions, each question decided by the one or the other."""
    olga = await sync_to_async(lay)(floor, ROUND)
    async with (
        entered(floor, account=omar) as (first, _),
        entered(floor, account=olga) as (second, _),
    ):
        won, lost = await asyncio.gather(
            decide_all(first, "show"), decide_all(second, "hold", backwards=True)
        )
    for mine, theirs in zip(won, reversed(lost), strict=True):
        assert sorted([mine, theirs]) == ["decided", "ok"]
    questions = [one async for one in Question.objects.select_related("decided_by")]
    assert {(q.state, q.revision, q.decided_by.name) for q in questions if q.decided_by} <= {
        (states.SHOWN, 2, "Omar"),
        (states.HELD, 2, "Olga"),
    }
    assert sum(q.state == states.SHOWN for q in questions) == won.count("ok")
    assert await FloorEvent.objects.acount() == 2 * ROUND


async def decide_all(desk: Socket, move: str, *, backwards: bool = False) -> list[str]:
    numbers = range(ROUND, 0, -1) if backwards else range(1, ROUND + 1)
    outcomes = []
    for number in numbers:
        reply = await desk.call(move, number=number, seen=1)
        outcomes.append("ok" if "ok" in reply else reply["error"]["code"])
        if "error" in reply:
            assert reply["error"]["message"].startswith(("Omar decided", "Olga decided"))
    return outcomes
