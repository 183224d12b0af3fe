"""Redacted words over the live socket: gone for who is here, and told to nobody who comes."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async

from qa.actions import asking, moderating, redacting
from qa.masking import MARKS
from tests.qa.sockets import entered

if TYPE_CHECKING:
    from engagements.models import Registration, User
    from qa.models import Floor

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "A123-456-789"
MASKED = f"Why does {MARKS['identifier']} wait?"


def _show(floor: Floor, ana: Registration, omar: User) -> None:
    text = f"Why does {SECRET} wait?"
    asking.ask(floor, by=ana, text=text, client_id=uuid.uuid4())
    moderating.show(floor, by=omar, number=1, seen=1)


def _redact(floor: Floor, omar: User) -> None:
    redacting.redact(floor, by=omar, number=1, seen=2, words=[SECRET], reason="identifier")


async def test_who_is_here_is_told_the_masked_text_and_who_comes_never_hears_another(
    floor: Floor, ana: Registration, omar: User
) -> None:
    told: list[dict[str, Any]] = []
    await sync_to_async(_show)(floor, ana, omar)
    async with (
        entered(floor, registration=ana) as (room, before),
        entered(floor, account=omar) as (desk, _),
    ):
        assert SECRET in json.dumps(before)
        await sync_to_async(_redact)(floor, omar)
        heard = await room.next("events")
        assert heard["events"][0]["question"]["text"] == MASKED
        at_desk = (await desk.next("events"))["events"][0]["question"]
        assert (at_desk["text"], at_desk["is_redacted"]) == (MASKED, True)
        epoch = before["news"]["epoch"]
        # The hub is the same one that told them: from its snapshot, and from its kept events.
        for known in ({}, {"epoch": epoch, "after": 0, "mark": 0}):
            for who in ({"registration": ana}, {"account": omar}):
                async with entered(floor, **who, **known) as (_socket, state):
                    told.append(state)

    texts = [state["news"].get("questions") or state["news"]["events"] for state in told]
    assert all(texts)
    assert SECRET not in json.dumps(told)
    assert MARKS["identifier"] in json.dumps(texts[-1])
