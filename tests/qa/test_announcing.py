"""Announcements: to everybody in the room at once, to who comes later, and taken back."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import Client
from django.urls import reverse

from engagements.models import Attendance, AuditEntry, Engagement, Registration, User
from engagements.refusals import NotAllowed, Refused
from qa import events, projection, queries
from qa.actions import announcing
from qa.live.feed import Feed
from qa.models import Announcement, Floor, FloorEvent
from tests import factories
from tests.qa.reference import Knowledge
from tests.qa.sockets import entered

if TYPE_CHECKING:
    from collections.abc import Callable

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db

PAGE, ROOM, DESK, SCREEN = (
    reverse(name, args=["live-session"]) for name in ("announce", "room", "desk", "screen")
)


def enter(ana: Registration) -> Client:
    client = Client()
    client.get(reverse("join", args=[ana.token()]))
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def log(floor: Floor) -> list[tuple[int, int | None, str]]:
    found = FloorEvent.objects.filter(floor=floor).order_by("number")
    return list(found.values_list("number", "public_number", "kind"))


def state_of_things() -> list[Any]:
    return [Announcement.objects.count(), FloorEvent.objects.count(), AuditEntry.objects.count()]


def test_an_announcement_is_a_row_of_the_log_for_everybody(floor: Floor, omar: User) -> None:
    made = announcing.announce(floor, text="We begin again at 2:30.", by=omar)

    assert log(floor) == [(1, 1, "announcement")]
    event = events.as_message(FloorEvent.objects.get())
    for audience in projection.AUDIENCES:
        assert projection.for_audience(event["kind"], event["payload"], audience) == {
            "type": "announcement",
            "announcement": {
                "number": made.pk,
                "text": "We begin again at 2:30.",
                "announced_at": made.announced_at.isoformat(),
            },
        }
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.detail.keys()) == (
        "announcement.made", omar, {"text"},
    )  # fmt: skip
    assert "2:30" not in str(entry.detail)


def test_taken_back_it_is_gone_for_everybody(floor: Floor, omar: User, cora: User) -> None:
    made = announcing.announce(floor, text="We begin again at 2:30.", by=omar)
    kept = announcing.announce(floor, text="Slides are online.", by=omar)
    announcing.take_back(made, by=cora)

    made.refresh_from_db()
    assert (made.withdrawn_by, made.withdrawn_at is None) == (cora, False)
    for audience in projection.AUDIENCES:
        told = queries.snapshot(floor.pk, audience)["announcements"]
        assert [one["number"] for one in told] == [kept.pk]
    last = FloorEvent.objects.latest("number")
    assert "2:30" not in json.dumps(last.payload)
    assert projection.for_audience(last.kind, last.payload, projection.ROOM) == {
        "type": "announcement-gone", "number": made.pk,
    }  # fmt: skip
    assert AuditEntry.objects.filter(action="announcement.taken_back").count() == 1

    before = state_of_things()
    with pytest.raises(Refused, match="taken back already"):
        announcing.take_back(made, by=omar)
    assert state_of_things() == before


def test_words_that_were_taken_back_are_not_told_again(floor: Floor, omar: User) -> None:
    made = announcing.announce(floor, text="A slip of the tongue.", by=omar)
    kept = announcing.announce(floor, text="Slides are online.", by=omar)
    announcing.take_back(made, by=omar)
    for audience in projection.AUDIENCES:
        feed = Feed(audience, 0)
        for event in queries.events_since(floor.pk, 0, most=10):
            feed.take(event)
        told = feed.frame(0) or ""
        assert "A slip" not in told
        assert json.loads(told)["events"] == [
            {"type": "announcement-gone", "number": made.pk},
            {
                "type": "announcement",
                "announcement": projection.announcement_view(events.describe_announcement(kept)),
            },
            {"type": "announcement-gone", "number": made.pk},
        ]
        assert feed.words_gone_at == 3


def test_who_may_announce(
    floor: Floor, cora: User, omar: User, edna: User, mia: User, uma: User, ada: User
) -> None:
    made = announcing.announce(floor, text="One.", by=cora)
    before = state_of_things()
    for stranger in (edna, mia, uma, ada):
        with pytest.raises(NotAllowed):
            announcing.announce(floor, text="Two.", by=stranger)
        with pytest.raises(NotAllowed):
            announcing.take_back(made, by=stranger)
    assert state_of_things() == before
    announcing.take_back(made, by=omar)


@pytest.mark.parametrize("state", Engagement.State.values)
def test_when_announcements_are_made(floor: Floor, omar: User, state: str) -> None:
    made = announcing.announce(floor, text="One.", by=omar)
    Engagement.objects.update(state=state)
    if state in {Engagement.State.SCHEDULED, Engagement.State.LIVE}:
        announcing.announce(floor, text="Two.", by=omar)
        assert Announcement.objects.count() == 2
        return
    before = state_of_things()
    with pytest.raises(Refused, match="while an engagement is scheduled or live"):
        announcing.announce(floor, text="Two.", by=omar)
    assert state_of_things() == before
    announcing.take_back(made, by=omar)


def test_nobody_reads_more_than_ten(floor: Floor, omar: User) -> None:
    made = [announcing.announce(floor, text=f"{number}.", by=omar) for number in range(10)]
    with pytest.raises(Refused, match="10 announcements stand already"):
        announcing.announce(floor, text="One more.", by=omar)
    announcing.take_back(made[0], by=omar)
    announcing.announce(floor, text="One more.", by=omar)
    assert len(queries.snapshot(floor.pk, projection.ROOM)["announcements"]) == 10


@pytest.mark.django_db(transaction=True)
def test_ten_stand_whoever_announces_at_the_same_time(floor: Floor, omar: User) -> None:
    def say(turn: int) -> bool:
        try:
            announcing.announce(floor, text=f"{turn}.", by=omar)
        except Refused:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(say, range(16))) == 10
    assert [number for number, _public, _kind in log(floor)] == list(range(1, 11))


class TestPages:
    def test_written_read_and_taken_back(
        self, floor: Floor, ana: Registration, omar: User, sign_in: SignIn
    ) -> None:
        hostile = "<img src=x onerror=alert(1)> {{7*7}} =1+1 \u202eabc"
        desk, room = sign_in(omar), enter(ana)
        assert "Nothing was announced yet" in text(desk.get(PAGE))
        assert text(room.get(ROOM)).count('class="announcements"') == 1

        answer = desk.post(PAGE, {"text": f"  {hostile}\r\nSecond line.  "}, follow=True)
        assert "Everybody in the room reads it now." in text(answer)
        made = Announcement.objects.get()
        assert made.text.splitlines()[-1] == "Second line."
        for client, address in ((room, ROOM), (desk, DESK), (desk, PAGE)):
            page = text(client.get(address))
            assert "&lt;img src=x onerror=alert(1)&gt; {{7*7}}" in page
            assert "<img src=x" not in page
        assert "onerror" not in text(desk.get(SCREEN))

        back = reverse("announcement-take-back", args=["live-session", made.pk])
        assert "is taken back" in text(desk.post(back, follow=True))
        assert "onerror" not in text(room.get(ROOM)) + text(desk.get(DESK))
        assert "Taken back by Omar" in text(desk.get(PAGE))
        assert "taken back already" in text(desk.post(back, follow=True))

    def test_an_address_in_it_is_a_link(self, floor: Floor, ana: Registration, omar: User) -> None:
        said = 'See https://a.example/x?a=1&b="2". Not http://b.example or javascript:alert(1)'
        announcing.announce(floor, text=said, by=omar)
        page = text(enter(ana).get(ROOM))
        paragraph = page.partition('data-part="text">')[2].partition("</p>")[0]
        assert re.findall(r'href="([^"]*)"', paragraph) == ["https://a.example/x?a=1&amp;b="]
        assert "Not http://b.example or javascript:alert(1)" in paragraph
        assert '<template id="announcement-link"><a href=""' in page

    @pytest.mark.parametrize("words", ["", " \r\n ", "x" * 501])
    def test_what_is_wrong_is_said_and_kept(
        self, floor: Floor, omar: User, sign_in: SignIn, words: str
    ) -> None:
        response = sign_in(omar).post(PAGE, {"text": words})
        assert response.status_code == 400
        assert words.strip() in text(response)
        assert not Announcement.objects.exists()
        assert sign_in(omar).post(PAGE, {"text": "x" * 500}).status_code == 302

    def test_too_many_are_refused_with_the_text_kept(
        self, floor: Floor, omar: User, sign_in: SignIn
    ) -> None:
        for number in range(10):
            announcing.announce(floor, text=f"{number}.", by=omar)
        response = sign_in(omar).post(PAGE, {"text": "One too many"})
        assert response.status_code == 409
        assert "One too many" in text(response)

    def test_one_of_another_floor_is_not_found(
        self, floor: Floor, engagement: Engagement, omar: User, sign_in: SignIn
    ) -> None:
        made = announcing.announce(floor, text="One.", by=omar)
        there = reverse("announcement-take-back", args=[engagement.slug, made.pk])
        assert sign_in(omar).post(there).status_code == 404
        made.refresh_from_db()
        assert made.withdrawn_at is None

    def test_as_many_queries_for_three_as_for_one(
        self, floor: Floor, omar: User, sign_in: SignIn, django_assert_num_queries: Any
    ) -> None:
        client = sign_in(omar)
        announcing.announce(floor, text="1.", by=omar)
        with django_assert_num_queries(100, exact=False) as first:
            client.get(PAGE)
        for number in range(2):
            announcing.announce(floor, text=f"{number}.", by=omar)
        with django_assert_num_queries(len(first)):
            client.get(PAGE)


class TestCompanions:
    ADDRESS = reverse("companions", args=["live-session"])

    def test_said_in_the_room(self, ana: Registration) -> None:
        room = enter(ana)
        assert "Does somebody watch with you?" in text(room.get(ROOM))
        shown = text(room.post(self.ADDRESS, {"people": "3"}, follow=True))
        assert "They are counted with you." in shown
        assert "3 people watch with you." in shown
        assert Attendance.objects.get().companions == 3

    @pytest.mark.parametrize("people", ["", "-1", "100", "two", "1e3", "9" * 400])
    def test_what_is_no_number_of_people(self, ana: Registration, people: str) -> None:
        room = enter(ana)
        response = room.post(self.ADDRESS, {"people": people})
        assert response.status_code == 400
        assert "Please give a number from 0 to 99." in text(response)
        assert not Attendance.objects.filter(companions__gt=0).exists()
        room.post(self.ADDRESS, {"people": "99"})
        assert Attendance.objects.get().companions == 99

    def test_staff_are_not_asked(self, ana: Registration, omar: User, sign_in: SignIn) -> None:
        assert "watch with you" not in text(sign_in(omar).get(ROOM))
        assert sign_in(omar).post(self.ADDRESS, {"people": "3"}).status_code == 404
        Registration.objects.update(counted="speaker")
        assert "watch with you" not in text(enter(ana).get(ROOM))

    def test_after_the_end_it_is_too_late(self, ana: Registration) -> None:
        room = enter(ana)
        room.post(self.ADDRESS, {"people": "3"})
        Engagement.objects.update(state=Engagement.State.ENDED)
        shown = text(room.post(self.ADDRESS, {"people": "9"}, follow=True))
        assert "This can be said while the engagement is live." in shown
        assert Attendance.objects.get().companions == 3


class TestScreen:
    def test_the_way_in_for_who_walks_in(
        self, live_engagement: Engagement, omar: User, sign_in: SignIn
    ) -> None:
        client = sign_in(omar)
        assert "Walk in there." not in text(client.get(SCREEN))
        Engagement.objects.update(takes_walk_ins=True)
        shown = text(client.get(SCREEN))
        assert f"/e/{live_engagement.code}</strong>" in shown
        assert "Walk in there." in shown
        assert "/engagements/live-session/walk-in</title>" in shown
        assert '<div class="screen-code" data-when="live"><svg role="img"' in shown

        Engagement.objects.update(is_rehearsal=True)
        assert "screen-join" not in text(client.get(SCREEN))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("over")
async def test_it_appears_at_once_and_to_who_comes_later(
    floor: Floor, ana: Registration, omar: User
) -> None:
    announce = sync_to_async(announcing.announce)
    async with (
        entered(floor, registration=ana) as (room, state),
        entered(floor, account=omar) as (desk, _),
    ):
        assert state["news"]["announcements"] == []
        made = await announce(floor, text="We begin again at 2:30.", by=omar)
        for socket in (room, desk):
            news = await socket.next("events")
            assert (news["after"], news["number"]) == (0, 1)
            assert news["events"][0]["announcement"]["text"] == "We begin again at 2:30."
        ben = await sync_to_async(factories.make_registration)(floor.engagement, "Ben")
        async with entered(floor, registration=ben) as (later, known):
            knows = Knowledge(projection.ROOM)
            knows.entered(known)
            if not knows.announcements:
                # A snapshot that was taken before serves, with the events since.
                knows.take(await later.next("events"))
            assert list(knows.announcements) == [made.pk]

        await sync_to_async(announcing.take_back)(made, by=omar)
        news = await room.next("events")
        assert news["events"] == [{"type": "announcement-gone", "number": made.pk}]
        eve = await sync_to_async(factories.make_registration)(floor.engagement, "Eve")
        async with entered(floor, registration=eve) as (_latest, known):
            assert known["news"]["announcements"] == []
