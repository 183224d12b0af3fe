"""The form of an engagement: every setting, two people at once, and who will be told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from engagements import states
from engagements.actions import running
from engagements.models import Engagement, Registration, Role, User
from tests import factories
from tests.engagements.test_staff_pages import page, row, typed

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db

SETTINGS: dict[str, Any] = {
    "capacity": "40",
    "registration_opens_at": "2021-04-01T09:00",
    "registration_closes_at": "2021-04-14T12:00",
    "accommodations_until": "2021-04-10T17:00",
    "confirms_address": "on",
    "takes_walk_ins": "on",
    "survey_url": "https://survey.example/1",
    "reminders": ["10080", "15"],
    "sends_thanks": "on",
}


@pytest.fixture
def office(cora: User, sign_in: SignIn) -> Client:
    return sign_in(cora)


@pytest.fixture
def registered(engagement: Engagement) -> Engagement:
    """Three who will be told, one of them by an invitation, and five who will not."""
    factories.make_registration(engagement)
    factories.make_registration(engagement, state=Registration.State.WAITLISTED)
    factories.make_registration(engagement, cancelled_at=factories.START)
    factories.make_registration(engagement, removed_at=factories.START)
    factories.make_invitee(engagement, mailed_at=factories.START)
    factories.make_invitee(engagement)
    factories.make_invitee(engagement, state="declined", mailed_at=factories.START)
    phoned = factories.make_registration(engagement, email="")
    assert phoned.state == Registration.State.REGISTERED
    return engagement


def test_every_setting_is_taken_in_the_engagement_s_own_zone(office: Client) -> None:
    office.post(reverse("engagement-new"), typed(slug="set-up", **SETTINGS))
    made = Engagement.objects.get(slug="set-up")
    assert (made.registration_opens_at, made.registration_closes_at) == (
        datetime(2021, 4, 1, 13, tzinfo=UTC),
        datetime(2021, 4, 14, 16, tzinfo=UTC),
    )
    assert made.accommodations_until == datetime(2021, 4, 10, 21, tzinfo=UTC)
    assert (made.capacity, made.confirms_address, made.invitation_only) == (40, True, False)
    assert (made.takes_walk_ins, made.survey_url) == (True, "https://survey.example/1")
    assert (made.reminders, made.tells_start, made.sends_thanks) == ([10080, 15], False, True)


def test_the_form_gives_back_every_setting(office: Client, engagement: Engagement) -> None:
    address = reverse("engagement-edit", args=[engagement.slug])
    office.post(address, typed(revision="1", **SETTINGS))
    text = page(office.get(address))
    for name, value in SETTINGS.items():
        if name.endswith(("_at", "_until", "_url")) or name == "capacity":
            assert f'name="{name}" value="{value}"' in text
    assert text.count(" checked") == 5
    assert 'name="revision" value="2"' in text
    before: Any = Engagement.objects.filter(pk=engagement.pk).values().get()
    office.post(address, typed(revision="2", **SETTINGS))
    after: Any = Engagement.objects.filter(pk=engagement.pk).values().get()
    moved = {"revision", "changed_at"}
    assert {name for name in after if after[name] != before[name]} == moved


def test_a_new_form_offers_the_usual_mail(office: Client) -> None:
    text = page(office.get(reverse("engagement-new")))
    assert text.count(" checked") == 4


def test_a_reminder_set_by_other_means_is_kept(
    office: Client, engagement: Engagement, cora: User
) -> None:
    running.edit(engagement, by=cora, reminders=[90])
    address = reverse("engagement-edit", args=[engagement.slug])
    assert "90 minutes before" in page(office.get(address))
    office.post(address, typed(revision="2", reminders=["90", "60"]))
    engagement.refresh_from_db()
    assert engagement.reminders == [90, 60]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"capacity": "0"}, "greater than or equal to 1"),
        ({"capacity": "many"}, "Enter a whole number."),
        ({"capacity": "99999999999999999999"}, "less than or equal to 1000000"),
        (
            {"registration_opens_at": "2021-04-14T15:00"},
            "Registration must open before the end.",
        ),
        (
            {
                "registration_opens_at": "2021-04-02T09:00",
                "registration_closes_at": "2021-04-01T09:00",
            },
            "Registration must close after it opens.",
        ),
        ({"registration_closes_at": "2021-04-15T09:00"}, "Registration must close by the end."),
        ({"registration_opens_at": "2021-03-14T02:30"}, "This time does not exist"),
        ({"accommodations_until": "2021-04-14T14:01"}, "must come before the start"),
        ({"survey_url": "http://s.example"}, "The survey link must begin with https://."),
        ({"survey_url": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"reminders": ["61"]}, "Select a valid choice."),
        ({"invitation_only": "on", "takes_walk_ins": "on"}, "Please choose one of the two."),
    ],
)
def test_settings_that_contradict_each_other_are_told_at_their_field(
    office: Client, changes: dict[str, Any], says: str
) -> None:
    response = office.post(reverse("engagement-new"), typed(slug="bad", **changes))
    assert response.status_code == 400
    assert says in page(response)
    assert not Engagement.objects.filter(slug="bad").exists()


def test_the_second_of_two_keeps_what_was_typed_and_may_save_anyway(
    office: Client, engagement: Engagement, ada: User
) -> None:
    address = reverse("engagement-edit", args=[engagement.slug])
    running.edit(engagement, by=ada, title="Ada's title", capacity=7)
    mine = typed(revision="1", series="", title="Cora's title", description="") | row(0, "Nell")
    response = office.post(address, mine)
    text = page(response)
    assert response.status_code == 409
    assert "Ada changed that on" in text
    assert '<dt>Title</dt><dd dir="auto">Ada&#x27;s title</dd>' in text
    assert '<dt>Seats</dt><dd dir="auto">7</dd>' in text
    assert '<dt>Speakers</dt><dd dir="auto">nobody</dd>' in text
    assert 'value="Cora&#x27;s title"' in text
    assert "Save anyway" in text
    assert 'name="revision" value="2"' in text
    engagement.refresh_from_db()
    assert (engagement.title, engagement.capacity) == ("Ada's title", 7)
    office.post(address, mine | {"revision": "2"})
    engagement.refresh_from_db()
    assert (engagement.title, engagement.capacity, engagement.revision) == (
        "Cora's title",
        None,
        3,
    )


@pytest.mark.parametrize("revision", ["", "x", "0", "-1"])
def test_without_the_revision_nothing_is_overwritten(
    office: Client, engagement: Engagement, revision: str
) -> None:
    address = reverse("engagement-edit", args=[engagement.slug])
    response = office.post(address, typed(revision=revision, title="Blind"))
    assert response.status_code in {400, 409}
    engagement.refresh_from_db()
    assert engagement.title == "The USCIS Contact Center"


def test_the_form_says_how_many_a_move_would_be_told(
    office: Client, registered: Engagement
) -> None:
    address = reverse("engagement-edit", args=[registered.slug])
    assert "3 people who registered or are invited are told by mail" in page(office.get(address))
    Engagement.objects.update(state=states.LIVE)
    assert "told by mail" not in page(office.get(address))


def test_cancelling_says_how_many_will_be_told(
    office: Client, registered: Engagement, cora: User
) -> None:
    address = reverse("engagement-office", args=[registered.slug])
    assert "3 people who registered or are invited are told by mail" in page(office.get(address))
    registered.registrations.filter(state=Registration.State.WAITLISTED).delete()
    registered.invitees.all().delete()
    assert "1 person who registered or is invited is told by mail" in page(office.get(address))
    factories.make_member(cora, factories.make_engagement("empty"), Role.COORDINATOR)
    text = page(office.get(reverse("engagement-office", args=["empty"])))
    assert "Nobody has registered or is invited, so nobody is told by mail." in text
    office.post(reverse("engagement-move", args=[registered.slug, "cancel"]))
    mailing = registered.mailings.get(occasion="cancelled")
    assert mailing.state == "waiting"


@pytest.mark.parametrize(
    ("state", "setting", "says"),
    [
        (states.SCHEDULED, "tells_start", "Who registered is told by mail that it starts."),
        (states.LIVE, "sends_thanks", "Who took part is thanked by mail."),
    ],
)
def test_a_move_says_whether_mail_goes_with_it(
    office: Client, engagement: Engagement, state: str, setting: str, says: str
) -> None:
    address = reverse("engagement-office", args=[engagement.slug])
    Engagement.objects.update(state=state)
    assert says in page(office.get(address))
    Engagement.objects.update(**{setting: False})
    assert says not in page(office.get(address))
    Engagement.objects.update(**{setting: True}, is_rehearsal=True)
    assert says not in page(office.get(address))


def test_cancelling_a_draft_tells_nobody(office: Client, engagement: Engagement) -> None:
    Engagement.objects.update(state=states.DRAFT, scheduled_at=None)
    address = reverse("engagement-office", args=[engagement.slug])
    assert "so nobody has to be told" in page(office.get(address))
    office.post(reverse("engagement-move", args=[engagement.slug, "cancel"]))
    assert engagement.mailings.count() == 0


def test_a_draft_says_what_it_still_needs(office: Client, engagement: Engagement) -> None:
    address = reverse("engagement-office", args=[engagement.slug])
    assert "Before you schedule it" not in page(office.get(address))
    Engagement.objects.update(state=states.DRAFT)
    text = page(office.get(address))
    assert "Before you schedule it" in text
    assert "still empty" in text
    for name in ("materials", "questions", "notices", "members"):
        assert reverse(name, args=[engagement.slug]) in text


def test_times_that_stay_when_the_start_moves_are_told(
    office: Client, engagement: Engagement
) -> None:
    address = reverse("engagement-edit", args=[engagement.slug])
    office.post(address, typed(revision="1", **SETTINGS))
    moved = SETTINGS | {"starts_at": "2021-04-14T15:00", "ends_at": "2021-04-14T16:00"}
    text = page(office.post(address, typed(revision="2", **moved), follow=True))
    said = text.partition("The start has moved. These times have not, so please check them:")[2]
    assert said.partition("<")[0].strip() == (
        "registration opens April 1, 2021, 9 a.m. EDT; "
        "registration closes April 14, 2021, noon EDT; "
        "accommodations may be requested until April 10, 2021, 5 p.m. EDT"
    )
    moved |= {
        "starts_at": "2021-04-14T14:30",
        "registration_opens_at": "",
        "registration_closes_at": "2021-04-14T13:00",
    }
    moved["accommodations_until"] = "2021-04-11T17:00"
    text = page(office.post(address, typed(revision="3", **moved), follow=True))
    assert "The changes are saved." in text
    assert "The start has moved" not in text
