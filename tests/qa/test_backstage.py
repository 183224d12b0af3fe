"""Messages between coordinator, moderators and speakers; the room and the screen never see them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from asgiref.sync import sync_to_async
from django.db import transaction
from django.test import Client
from django.urls import reverse

from engagements import clock
from engagements.models import AuditEntry, Engagement
from engagements.refusals import NotAllowed, Refused
from qa import events, projection, queries
from qa.actions import backstage, linking
from qa.models import Acknowledgement, BackstageMessage, Floor
from tests import factories
from tests.qa.sockets import entered

if TYPE_CHECKING:
    from collections.abc import Callable

    from engagements.models import Registration, Speaker, User
    from qa.models import ViewLink

    SignIn = Callable[[User], Client]

TEXT = "Canary 7391: two minutes left."
DESK, ROOM, SCREEN = (reverse(name, args=["live-session"]) for name in ("desk", "room", "screen"))


@pytest.fixture
def ines(live_engagement: Engagement) -> Speaker:
    return live_engagement.speakers.create(name="Ines", position=1)


@pytest.fixture
def microphone(floor: Floor, omar: User, ines: Speaker) -> ViewLink:
    """The link that a speaker's tablet has opened."""
    return linking.make(floor, by=omar, name="tablet", speaker=ines)[0]


@pytest.fixture
def hall(floor: Floor, omar: User) -> ViewLink:
    return linking.make(floor, by=omar, name="hall")[0]


@pytest.mark.django_db
class TestSaying:
    def test_a_moderator_and_a_speaker_read_each_other(
        self, floor: Floor, omar: User, microphone: ViewLink, ines: Speaker
    ) -> None:
        first = backstage.say(floor, by=omar, text=TEXT)
        second = backstage.say(floor, by=microphone, text="Understood.")

        told = queries.backstage(floor.pk)
        assert told["mark"] == 2
        assert [(one["number"], one["text"], one["by"]) for one in told["messages"]] == [
            (second.pk, "Understood.", {"who": f"speaker:{ines.pk}", "name": "Ines"}),
            (first.pk, TEXT, {"who": f"user:{omar.pk}", "name": "Omar"}),
        ]

    def test_the_audit_has_a_digest_and_no_text(
        self, floor: Floor, omar: User, microphone: ViewLink
    ) -> None:
        message = backstage.say(floor, by=microphone, text=TEXT)
        backstage.acknowledge(floor, by=omar, number=message.pk)

        said, acknowledged = AuditEntry.objects.filter(action__startswith="backstage").order_by(
            "pk"
        )
        assert (said.action, said.actor_label) == ("backstage.said", f"device:{microphone.pk}")
        assert (acknowledged.action, acknowledged.actor) == ("backstage.acknowledged", omar)
        assert len(said.detail["text"]) == 16
        assert TEXT not in json.dumps(list(AuditEntry.objects.values_list("detail", flat=True)))

    @pytest.mark.parametrize("who", ["administrator", "editor", "elsewhere", "screen", "revoked"])
    def test_who_does_not_work_backstage_says_nothing(
        self,
        floor: Floor,
        who: str,
        omar: User,
        ada: User,
        edna: User,
        mia: User,
        hall: ViewLink,
        microphone: ViewLink,
    ) -> None:
        people: dict[str, User | ViewLink] = {
            "administrator": ada, "editor": edna, "elsewhere": mia, "screen": hall,
            "revoked": microphone,
        }  # fmt: skip
        message = backstage.say(floor, by=microphone, text="Before.")
        if who == "revoked":
            people[who] = linking.revoke(microphone, by=omar)
        with pytest.raises(NotAllowed):
            backstage.say(floor, by=people[who], text=TEXT)
        with pytest.raises(NotAllowed):
            backstage.acknowledge(floor, by=people[who], number=message.pk)
        assert BackstageMessage.objects.count() == 1
        assert not Acknowledgement.objects.exists()

    def test_so_many_a_minute_and_each_writer_for_himself(
        self, floor: Floor, omar: User, microphone: ViewLink
    ) -> None:
        for _ in range(backstage.MOST_A_MINUTE):
            backstage.say(floor, by=omar, text="Again.")
        with pytest.raises(Refused) as refused:
            backstage.say(floor, by=omar, text=TEXT)
        assert refused.value.code == "too_fast"
        assert 0 < refused.value.retry_after <= 60
        backstage.say(floor, by=microphone, text="Me too.")
        BackstageMessage.objects.filter(by=omar).update(at=clock.now() - timedelta(minutes=1))
        backstage.say(floor, by=omar, text="Later.")
        assert BackstageMessage.objects.count() == backstage.MOST_A_MINUTE + 2

    def test_two_hours_after_the_end_it_is_over(self, floor: Floor, omar: User) -> None:
        Engagement.objects.update(state="ended", ended_at=clock.now() - timedelta(minutes=119))
        backstage.say(floor, by=omar, text="Well done.")
        Engagement.objects.update(ended_at=clock.now() - timedelta(hours=2))
        with pytest.raises(Refused, match="over"):
            backstage.say(floor, by=omar, text=TEXT)
        assert BackstageMessage.objects.count() == 1


@pytest.mark.django_db
class TestAcknowledging:
    def test_everybody_sees_who_has_read_it_once(
        self, floor: Floor, omar: User, cora: User, microphone: ViewLink, ines: Speaker
    ) -> None:
        number = backstage.say(floor, by=omar, text=TEXT).pk
        for by in (microphone, cora, microphone):
            backstage.acknowledge(floor, by=by, number=number)

        [told] = queries.backstage(floor.pk)["messages"]
        assert told["read_by"] == [
            {"who": f"speaker:{ines.pk}", "name": "Ines"},
            {"who": f"user:{cora.pk}", "name": "Cora"},
        ]
        floor.refresh_from_db()
        assert floor.backstage_mark == 3

    def test_not_the_own_and_not_one_of_another_floor(
        self, floor: Floor, omar: User, microphone: ViewLink
    ) -> None:
        other = Floor.objects.get(engagement=factories.make_engagement("other"))
        foreign = BackstageMessage.objects.create(floor=other, text="Elsewhere.", by=omar)
        own = backstage.say(floor, by=omar, text=TEXT)
        with pytest.raises(NotAllowed):
            backstage.acknowledge(floor, by=microphone, number=foreign.pk)
        with pytest.raises(Refused, match="your own"):
            backstage.acknowledge(floor, by=omar, number=own.pk)
        assert not Acknowledgement.objects.exists()
        backstage.acknowledge(floor, by=microphone, number=own.pk)
        assert Acknowledgement.objects.count() == 1


@pytest.mark.django_db
class TestPages:
    def test_by_plain_forms_at_the_desk_and_beside_the_microphone(
        self, floor: Floor, omar: User, ines: Speaker, sign_in: SignIn
    ) -> None:
        _, token = linking.make(floor, by=omar, name="tablet", speaker=ines)
        tablet, desk = Client(), sign_in(omar)
        page = tablet.get(reverse("view-link", args=[token]), follow=True)
        assert "Nothing was said backstage yet." in page.content.decode()

        desk.post(reverse("backstage-say", args=["live-session"]), {"text": TEXT})
        message = BackstageMessage.objects.get()
        page = tablet.get(reverse("speaker-view", args=["live-session"]))
        assert TEXT in page.content.decode()
        sent = {"number": message.pk}
        tablet.post(reverse("speaker-acknowledge", args=["live-session"]), sent)
        assert message.acknowledgements.get().by_speaker == ines

        tablet.post(reverse("speaker-say", args=["live-session"]), {"text": "Thank you."})
        answer = BackstageMessage.objects.latest("pk")
        assert (answer.text, answer.by_speaker) == ("Thank you.", ines)
        desk.post(reverse("backstage-acknowledge", args=["live-session"]), {"number": answer.pk})
        assert answer.acknowledgements.get().by == omar

    def test_an_empty_or_endless_message_is_refused_with_words(
        self, floor: Floor, omar: User, sign_in: SignIn
    ) -> None:
        desk = sign_in(omar)
        say = reverse("backstage-say", args=["live-session"])
        page = desk.post(say, {"text": " \n"}, follow=True)
        assert "Please write the message." in page.content.decode()
        desk.post(say, {"text": "a" * 501})
        assert not BackstageMessage.objects.exists()
        desk.post(say, {"text": "a" * 500})
        assert BackstageMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("hearing")
async def test_desk_and_speaker_are_told_and_nobody_else(
    floor: Floor, omar: User, ana: Registration, microphone: ViewLink, hall: ViewLink
) -> None:
    floor = await Floor.objects.select_related("engagement").aget(pk=floor.pk)
    screen = projection.SCREEN
    async with (
        entered(floor, registration=ana) as (room, _),
        entered(floor, account=omar, audience=screen) as (wall, _),
        entered(floor, device=hall, audience=screen) as (beamer, _),
        entered(floor, account=omar) as (desk, _),
        entered(floor, device=microphone, audience=screen) as (tablet, _),
    ):
        said = await desk.call("say", text=TEXT)
        number = said["ok"]["number"]
        for socket in (desk, tablet):
            [note] = (await socket.next("backstage"))["messages"]
            assert (note["number"], note["text"], note["read_by"]) == (number, TEXT, [])

        assert await tablet.call("acknowledge", number=number) == {
            "re": 2,
            "ok": {"number": number},
        }
        for socket in (desk, tablet):
            [note] = (await socket.next("backstage"))["messages"]
            assert [one["name"] for one in note["read_by"]] == ["Ines"]

        # Whoever is told something later was told nothing before.
        await sync_to_async(tell_everybody)(floor)
        for socket in (room, wall, beamer):
            heard = await socket.next()
            assert heard["type"] == "events"
            assert TEXT not in json.dumps(heard)
            assert (await socket.call("say", text=TEXT))["error"]["code"] == "not_allowed"
        async with entered(floor, device=microphone, audience=screen) as (late, _):
            [note] = (await late.next("backstage"))["messages"]
            assert note["text"] == TEXT
    assert await BackstageMessage.objects.acount() == 1
    denied = AuditEntry.objects.filter(action="command.denied")
    assert {one.actor_label async for one in denied} == {
        f"registration:{ana.pk}", f"account:{omar.pk}", f"device:{hall.pk}",
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
async def test_a_message_that_was_not_announced_is_found(floor: Floor, omar: User) -> None:
    floor = await Floor.objects.select_related("engagement").aget(pk=floor.pk)
    async with entered(floor, account=omar) as (desk, _):
        await sync_to_async(write_unannounced)(floor, omar)

        told = await desk.next("backstage")
        while told["mark"] == 0:  # The mark is read first: what came in between is told again.
            told = await desk.next("backstage")
        assert (told["mark"], [one["text"] for one in told["messages"]]) == (1, [TEXT])


@transaction.atomic
def write_unannounced(floor: Floor, by: User) -> None:
    BackstageMessage.objects.create(floor=floor, text=TEXT, by=by)
    Floor.objects.update(backstage_mark=1)


def tell_everybody(floor: Floor) -> None:
    with transaction.atomic():
        events.append_floor(events.lock(floor.pk))
