"""A silenced person is told so at once, reads and votes, and cannot ask until it is ended."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

import pytest
from asgiref.sync import sync_to_async
from django.urls import reverse

from engagements.models import AuditEntry, Registration
from engagements.refusals import NotAllowed, Refused
from qa import queries, states
from qa.actions import asking, silencing, voting
from qa.models import Silence
from tests import factories
from tests.qa.sockets import entered

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import User
    from qa.models import Floor


def ask(floor: Floor, by: Registration) -> int:
    return asking.ask(floor, by=by, text="When?", client_id=uuid.uuid4()).number


@pytest.mark.django_db
def test_whoever_is_silenced_votes_and_does_not_ask(
    floor: Floor, ana: Registration, omar: User
) -> None:
    ben = factories.make_registration(floor.engagement, "Ben")
    factories.make_question(floor, state=states.SHOWN)
    silencing.silence(floor, by=omar, registration=ana, reason="Zqreason")

    with pytest.raises(Refused) as refused:
        ask(floor, ana)
    assert refused.value.code == "silenced"
    assert voting.vote(floor, by=ana, number=1, is_cast=True)
    assert ask(floor, ben) == 2
    assert queries.silenced(floor, [ana.pk, ben.pk]) == {ana.pk}
    own = queries.own(ana.pk)
    assert (own["silenced"], own["silence_reason"]) == (True, "Zqreason")
    assert queries.own(ben.pk)["silenced"] is False
    entry = AuditEntry.objects.get(action="registration.silenced")
    assert "Zqreason" not in str(entry.detail)

    silencing.end_silence(floor, by=omar, registration=ana)
    assert ask(floor, ana) == 3
    assert queries.own(ana.pk)["silenced"] is False
    ended = Silence.objects.get()
    assert (ended.ended_by, ended.reason) == (omar, "Zqreason")


@pytest.mark.django_db
def test_twice_is_refused_and_so_is_ending_what_is_none(
    floor: Floor, ana: Registration, omar: User
) -> None:
    with pytest.raises(Refused):
        silencing.end_silence(floor, by=omar, registration=ana)
    silencing.silence(floor, by=omar, registration=ana, reason="r")
    with pytest.raises(Refused):
        silencing.silence(floor, by=omar, registration=ana, reason="r")
    assert Silence.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["edna", "mia", "uma"])
def test_who_may_not_remove_may_not_silence(
    floor: Floor, ana: Registration, request: pytest.FixtureRequest, who: str, omar: User
) -> None:
    with pytest.raises(NotAllowed):
        silencing.silence(floor, by=request.getfixturevalue(who), registration=ana, reason="r")
    silencing.silence(floor, by=omar, registration=ana, reason="r")
    elsewhere = factories.make_registration(factories.make_engagement("other"), "Eve")
    with pytest.raises(NotAllowed):
        silencing.silence(floor, by=omar, registration=elsewhere, reason="r")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("hearing")
async def test_the_person_is_told_on_every_device_and_nobody_else(
    floor: Floor, ana: Registration, omar: User
) -> None:
    ben = await sync_to_async(factories.make_registration)(floor.engagement, "Ben")
    async with (
        entered(floor, registration=ana) as (phone, _),
        entered(floor, registration=ana) as (laptop, _),
        entered(floor, registration=ben) as (other, _),
    ):
        await sync_to_async(silencing.silence)(
            floor, by=omar, registration=ana, reason="One at a time."
        )
        for device in (phone, laptop):
            async with asyncio.timeout(5):
                told = await device.next("own-standing")
            assert told == {
                "type": "own-standing", "silenced": True, "reason": "One at a time.",
            }  # fmt: skip
        refused = await phone.call("ask", text="Why?", client_id=str(uuid.uuid4()))
        assert refused["error"]["code"] == "silenced"
        await sync_to_async(silencing.end_silence)(floor, by=omar, registration=ana)
        async with asyncio.timeout(5):
            assert (await phone.next("own-standing"))["silenced"] is False
        answer = await other.call("ask", text="Why?", client_id=str(uuid.uuid4()))
        assert "ok" in answer
        assert "own-standing" not in {one["type"] for one in other._news}


@pytest.mark.django_db
def test_from_the_page_of_a_question(
    floor: Floor, ana: Registration, omar: User, sign_in: Callable[[User], Client]
) -> None:
    ask(floor, ana)
    client = sign_in(omar)
    slug = floor.engagement.slug
    page = client.get(reverse("desk-question", args=[slug, 1])).content.decode()
    assert "ana@public.example" not in page
    assert AuditEntry.objects.filter(action="question.asker_seen").count() == 0

    told = client.post(reverse("desk-asker", args=[slug, 1])).content.decode()
    assert "ana@public.example" in told
    entry = AuditEntry.objects.get(action="question.asker_seen")
    assert (entry.actor, entry.detail) == (omar, {})

    client.post(reverse("desk-asker-silence", args=[slug, 1]), {"reason": ""})
    assert Silence.objects.count() == 0
    client.post(reverse("desk-asker-silence", args=[slug, 1]), {"reason": "Too many"})
    assert queries.standing(floor.pk, ana.pk)["silenced"]
    assert "Too many" in client.post(reverse("desk-asker", args=[slug, 1])).content.decode()
    client.post(reverse("desk-asker-end-silence", args=[slug, 1]))
    assert not queries.standing(floor.pk, ana.pk)["silenced"]
    client.post(reverse("desk-asker-remove", args=[slug, 1]))
    assert Registration.objects.get(pk=ana.pk).removed_at is not None


@pytest.mark.django_db
def test_who_asked_is_not_told_where_nobody_knows(
    floor: Floor, ana: Registration, omar: User, sign_in: Callable[[User], Client]
) -> None:
    factories.make_question(floor)
    ask(floor, ana)
    Registration.objects.filter(pk=ana.pk).update(name="", email="")
    client = sign_in(omar)
    for number in (1, 2):
        answer = client.post(reverse("desk-asker", args=[floor.engagement.slug, number]))
        assert "Nobody knows" in answer.content.decode()
    silence = reverse("desk-asker-silence", args=[floor.engagement.slug, 1])
    assert client.post(silence, {"reason": "r"}).status_code == 404
