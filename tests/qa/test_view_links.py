"""Links by which a device opens screen or speaker view: made once, opened anywhere, revoked."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from django.test import Client
from django.urls import reverse

from engagements import clock
from engagements.actions import running
from engagements.models import AuditEntry, Engagement
from engagements.refusals import NotAllowed, Refused
from qa import projection, states
from qa.access import read_ticket, ticket
from qa.actions import linking
from qa.models import ViewLink
from tests import factories
from tests.qa.sockets import HEARD_WITHIN, Socket, entered

if TYPE_CHECKING:
    from collections.abc import Callable

    from engagements.models import Speaker, User
    from qa.models import Floor

    SignIn = Callable[[User], Client]

SCREEN, SPEAKER, LINKS = (
    reverse(name, args=["live-session"]) for name in ("screen", "speaker-view", "view-links")
)
TICKET = reverse("screen-ticket", args=["live-session"])


@pytest.fixture
def ines(live_engagement: Engagement) -> Speaker:
    return live_engagement.speakers.create(name="Ines", position=1)


def opened(floor: Floor, by: User, speaker: Speaker | None = None) -> tuple[Client, ViewLink]:
    """A fresh browser that has opened a new link."""
    link, token = linking.make(floor, by=by, name="a device", speaker=speaker)
    browser = Client()
    assert browser.get(reverse("view-link", args=[token])).status_code == 302
    return browser, link


def page(browser: Client, address: str) -> str:
    return browser.get(address).content.decode()


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


@pytest.mark.django_db
class TestMaking:
    def test_only_the_digest_is_stored(self, floor: Floor, omar: User) -> None:
        link, token = linking.make(floor, by=omar, name="laptop at the projector")

        assert len(token) >= 43
        assert token not in str(ViewLink.objects.filter(pk=link.pk).values().get())
        assert (link.name, link.speaker, link.made_by) == ("laptop at the projector", None, omar)
        [entry] = AuditEntry.objects.filter(action="device.linked")
        assert (entry.actor, entry.detail) == (omar, {"speaker": None})

    def test_who_does_not_moderate_makes_none(self, floor: Floor, omar: User, mia: User) -> None:
        with pytest.raises(NotAllowed):
            linking.make(floor, by=mia, name="a device")
        assert not ViewLink.objects.exists()
        linking.make(floor, by=omar, name="a device")
        assert ViewLink.objects.count() == 1

    def test_there_are_only_so_many_and_none_for_what_is_over(
        self, floor: Floor, omar: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(linking, "MOST_OPEN", 1)
        link, _ = linking.make(floor, by=omar, name="one")
        with pytest.raises(Refused, match="There are 1 links already"):
            linking.make(floor, by=omar, name="two")
        linking.revoke(link, by=omar)
        Engagement.objects.update(state="ended", ended_at=clock.now() - timedelta(hours=2))
        with pytest.raises(Refused, match="over"):
            linking.make(floor, by=omar, name="two")
        assert ViewLink.objects.count() == 1

    def test_the_page_shows_a_link_once(self, floor: Floor, omar: User, sign_in: SignIn) -> None:
        office = sign_in(omar)
        page = office.post(LINKS, {"name": "hall", "speaker": ""})
        found = re.search(r"/screen/([\w-]{43})/", page.content.decode())

        assert page.status_code == 200
        assert found is not None
        assert linking.link_for(found[1]) == floor.view_links.get()
        assert "QR code of the link for hall" in page.content.decode()
        assert found[1] not in office.get(LINKS).content.decode()
        assert "hall Works Revoke" in words(office.get(LINKS))

    def test_a_speaker_of_another_engagement_is_no_choice(
        self, floor: Floor, omar: User, ines: Speaker, sign_in: SignIn
    ) -> None:
        other = factories.make_engagement("other").speakers.create(name="Otto")
        office = sign_in(omar)
        assert office.post(LINKS, {"name": "a", "speaker": other.pk}).status_code == 400
        assert not floor.view_links.exists()
        assert office.post(LINKS, {"name": "a", "speaker": ines.pk}).status_code == 200
        assert floor.view_links.get().speaker == ines


@pytest.mark.django_db
class TestOpening:
    def test_the_secret_address_is_left_for_a_clean_one_and_a_cookie(
        self, floor: Floor, omar: User
    ) -> None:
        _, token = linking.make(floor, by=omar, name="hall")
        browser = Client()
        response = browser.get(reverse("view-link", args=[token]))

        assert (response.status_code, response["Location"]) == (302, SCREEN)
        assert response["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response["Cache-Control"]
        [cookie] = response.cookies.values()
        assert token not in cookie.OutputString()
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
        assert int(cookie["max-age"]) >= 24 * 60 * 60
        assert browser.get(SCREEN).status_code == 200
        assert "Desk" not in words(browser.get(SCREEN))

    def test_a_wrong_token_opens_nothing(self, floor: Floor, omar: User) -> None:
        _, token = linking.make(floor, by=omar, name="hall")
        browser = Client()
        wrong = browser.get(reverse("view-link", args=[token[:-1]]))

        assert (wrong.status_code, dict(wrong.cookies)) == (404, {})
        assert browser.get(SCREEN).status_code == 302
        assert browser.get(reverse("view-link", args=[token])).status_code == 302

    def test_a_cookie_that_was_made_up_or_is_of_another_view_opens_nothing(
        self, floor: Floor, omar: User, ines: Speaker
    ) -> None:
        hall, _ = opened(floor, omar)
        at_the_microphone, _ = opened(floor, omar, ines)

        assert (hall.get(SCREEN).status_code, hall.get(SPEAKER).status_code) == (200, 404)
        pages = [at_the_microphone.get(address).status_code for address in (SPEAKER, SCREEN)]
        assert pages == [200, 302]
        [(name, cookie)] = hall.cookies.items()
        hall.cookies[name] = f"{int(cookie.value.partition(':')[0]) + 1}:{cookie.value}"
        assert hall.get(SCREEN).status_code == 302

    def test_it_opens_the_own_engagement_alone(self, floor: Floor, omar: User) -> None:
        other = factories.make_engagement("other", state=Engagement.State.LIVE)
        hall, _ = opened(floor, omar)
        assert hall.get(SCREEN).status_code == 200
        [(name, cookie)] = hall.cookies.items()
        hall.cookies[name.replace("live-session", "other")] = cookie.value
        assert hall.get(reverse("screen", args=[other.slug])).status_code == 302

    def test_until_two_hours_after_the_end(
        self, floor: Floor, omar: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hall, _ = opened(floor, omar)
        ended = clock.now()
        Engagement.objects.update(state="ended", ended_at=ended)
        monkeypatch.setattr(clock, "now", lambda: ended + timedelta(minutes=119))
        assert hall.get(SCREEN).status_code == 200
        monkeypatch.setattr(clock, "now", lambda: ended + timedelta(minutes=120))
        assert hall.get(SCREEN).status_code == 302
        assert ViewLink.objects.get().revoked_at is None

    def test_shown_questions_only(self, floor: Floor, omar: User, ines: Speaker) -> None:
        factories.make_question(floor, "In the open?", state=states.SHOWN, people=12, categories=3)
        factories.make_question(floor, "A secret?", speaker=ines)
        factories.make_question(
            floor, "For Ines?", state=states.SHOWN, speaker=ines, note="A private note"
        )
        for speaker, address in ((None, SCREEN), (ines, SPEAKER)):
            browser, _ = opened(floor, omar, speaker)
            page = browser.get(address).content.decode()
            assert "A secret?" not in page
            assert "A private note" not in page
            assert page.index("For Ines?") != page.index("In the open?")
            assert "Asked by 12 people in 3 categories" in words(browser.get(address))

    def test_a_rehearsal_says_so_and_has_no_public_address(
        self, floor: Floor, omar: User, ines: Speaker
    ) -> None:
        devices = [
            (opened(floor, omar)[0], SCREEN),
            (opened(floor, omar, ines)[0], SPEAKER),
        ]
        assert not any('data-state="rehearsal"' in page(*device) for device in devices)
        assert f"/e/{floor.engagement.code}" in page(*devices[0])
        Engagement.objects.update(is_rehearsal=True)
        assert all('data-state="rehearsal"' in page(*device) for device in devices)
        assert f"/e/{floor.engagement.code}" not in page(*devices[0])

    def test_captions_are_named_by_an_address_that_one_can_type(
        self, floor: Floor, omar: User
    ) -> None:
        hall, _ = opened(floor, omar)
        assert "captions" not in words(hall.get(SCREEN))
        Engagement.objects.update(captions_url="https://captions.example/7391")
        assert "Live captions at captions.example/7391" in words(hall.get(SCREEN))
        Engagement.objects.update(captions_url=f"https://captions.example/{'7' * 60}")
        assert "Live captions: the link is in the room." in words(hall.get(SCREEN))

    def test_the_own_questions_come_first(self, floor: Floor, omar: User, ines: Speaker) -> None:
        factories.make_question(floor, "For anybody?", state=states.SHOWN)
        factories.make_question(floor, "For Ines?", state=states.SHOWN, speaker=ines)
        now = factories.make_question(
            floor, "Right now?", state=states.SHOWN, outcome=states.ANSWERING
        )
        browser, _ = opened(floor, omar, ines)
        page = words(browser.get(SPEAKER))

        assert now.outcome == states.ANSWERING
        places = [page.index(text) for text in ("Right now?", "For Ines?", "For anybody?")]
        assert places == sorted(places)


@pytest.mark.django_db
class TestRevoking:
    def test_the_device_is_out_and_the_link_dead(self, floor: Floor, omar: User) -> None:
        hall, link = opened(floor, omar)
        assert hall.get(TICKET).status_code == 200
        linking.revoke(link, by=omar)

        assert (hall.get(SCREEN).status_code, hall.get(TICKET).status_code) == (302, 302)
        link.refresh_from_db()
        assert link.revoked_by == omar
        assert AuditEntry.objects.filter(action="device.revoked").count() == 1
        with pytest.raises(Refused, match="already"):
            linking.revoke(link, by=omar)

    def test_who_does_not_moderate_revokes_none(self, floor: Floor, omar: User, mia: User) -> None:
        _, link = opened(floor, omar)
        with pytest.raises(NotAllowed):
            linking.revoke(link, by=mia)
        link.refresh_from_db()
        assert link.revoked_at is None

    def test_a_speaker_who_stays_on_the_list_keeps_questions_and_link(
        self, floor: Floor, omar: User, ines: Speaker
    ) -> None:
        browser, _ = opened(floor, omar, ines)
        question = factories.make_question(floor, state=states.SHOWN, speaker=ines)
        gone = floor.engagement.speakers.create(name="Leo", position=2)
        entries = [running.SpeakerEntry("Nora", "", ""), running.SpeakerEntry("Ines", "Chief", "")]
        running.write_speakers(floor.engagement, entries)

        question.refresh_from_db()
        assert question.speaker == ines
        assert browser.get(SPEAKER).status_code == 200
        listed = [(one.name, one.title, one.position) for one in floor.engagement.speakers.all()]
        assert listed == [("Nora", "", 1), ("Ines", "Chief", 2)]
        assert not floor.engagement.speakers.filter(pk=gone.pk).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("hearing")
async def test_a_revoked_link_closes_its_sockets_within_a_second_and_no_other(
    floor: Floor, omar: User
) -> None:
    floor = await type(floor).objects.select_related("engagement").aget(pk=floor.pk)
    (_, first), (_, second) = [await sync_to_async(opened)(floor, omar) for _ in range(2)]
    kept = ticket(floor, projection.SCREEN, device=first)
    async with (
        entered(floor, device=first, audience=projection.SCREEN) as (hall, state),
        entered(floor, device=second, audience=projection.SCREEN) as (foyer, _),
    ):
        assert state["news"]["type"] == "snapshot"
        await sync_to_async(linking.revoke)(first, by=omar)

        async with asyncio.timeout(HEARD_WITHIN):
            assert await hall.closed() == 4403
        again = Socket(floor, projection.SCREEN)
        assert await again.connect()
        await again.send("enter", ticket=kept)
        assert await again.closed() == 4403
        assert (await foyer.call("show", number=1, seen=1))["error"]["code"] == "not_allowed"


@pytest.mark.django_db(transaction=True)
async def test_a_link_that_ran_out_is_noticed_without_being_told(floor: Floor, omar: User) -> None:
    floor = await type(floor).objects.select_related("engagement").aget(pk=floor.pk)
    _, link = await sync_to_async(opened)(floor, omar)
    async with entered(floor, device=link, audience=projection.SCREEN) as (hall, _):
        ended = clock.now() - timedelta(hours=3)
        await Engagement.objects.aupdate(state="ended", ended_at=ended)

        assert await hall.closed() == 4403


@pytest.mark.django_db
def test_a_ticket_names_device_and_speaker(floor: Floor, omar: User, ines: Speaker) -> None:
    browser, link = opened(floor, omar, ines)
    address = reverse("speaker-ticket", args=["live-session"])
    found = read_ticket(browser.get(address).json()["ticket"])

    assert found is not None
    assert (found.device, found.speaker, found.audience) == (link.pk, ines.pk, "screen")
    assert (found.account, found.registration) == (None, None)
