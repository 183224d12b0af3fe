from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements import states
from engagements.actions import attending, running
from engagements.actions.running import SpeakerEntry
from engagements.forms.running import EngagementForm
from engagements.forms.speakers import SpeakerFormSet
from engagements.models import Engagement, Registration, Role
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from engagements.models import User

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db


def page(response: Response) -> str:
    return response.content.decode()


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "series": "A series",
        "title": "The USCIS Contact Center",
        "kind": "webinar",
        "about": "the USCIS Contact Center",
        "agency": str(factories.make_agency().pk),
        "time_zone": "America/New_York",
        "starts_at": "2021-04-14T14:00",
        "ends_at": "2021-04-14T15:00",
        "description": "What it is for.",
        "video_url": "",
        "slug": "",
        "speakers-TOTAL_FORMS": "3",
        "speakers-INITIAL_FORMS": "0",
    } | changes


def row(number: int, name: str, title: str = "", position: str = "") -> dict[str, str]:
    fields = {"name": name, "title": title, "organization": "", "position": position}
    return {f"speakers-{number}-{field}": value for field, value in fields.items()}


@pytest.fixture
def office(cora: User, sign_in: SignIn) -> Client:
    return sign_in(cora)


def test_the_office_page_shows_one_own_engagements(
    office: Client, engagement: Engagement, mia: User
) -> None:
    text = page(office.get(reverse("office")))
    assert reverse("engagement-office", args=[engagement.slug]) in text
    assert "Elsewhere" not in text
    assert reverse("engagement-new") in text


def test_who_may_not_create_is_offered_nothing(omar: User, sign_in: SignIn) -> None:
    client = sign_in(omar)
    assert reverse("engagement-new") not in page(client.get(reverse("office")))
    assert client.get(reverse("engagement-new")).status_code == 404
    assert client.post(reverse("engagement-new"), typed()).status_code == 404
    assert Engagement.objects.filter(series__name="A series").count() == 0


def test_the_office_page_asks_as_much_for_three_as_for_one(
    office: Client, cora: User, engagement: Engagement
) -> None:
    counts = []
    for number in range(3):
        factories.make_member(cora, factories.make_engagement(f"e{number}"), Role.COORDINATOR)
        with CaptureQueriesContext(connection) as queries:
            office.get(reverse("office"))
        counts.append(len(queries))
    assert counts == [counts[0]] * 3


def test_an_engagement_is_created_from_local_times(office: Client, cora: User) -> None:
    response = office.post(
        reverse("engagement-new"),
        typed(slug="from-the-form")
        | row(0, "Second", position="2")
        | row(1, "First", "Chief", position="1")
        | row(2, ""),
    )
    assert response["Location"] == reverse("engagement-office", args=["from-the-form"])
    created = Engagement.objects.get(slug="from-the-form")
    assert (created.starts_at, created.ends_at, created.state) == (
        datetime(2021, 4, 14, 18, tzinfo=UTC),
        datetime(2021, 4, 14, 19, tzinfo=UTC),
        states.DRAFT,
    )
    assert [(s.name, s.title) for s in created.speakers.all()] == [
        ("First", "Chief"),
        ("Second", ""),
    ]
    assert created.full_title == "A series: The USCIS Contact Center"
    assert created.memberships.get().user == cora


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"title": ""}, "This field is required."),
        ({"title": "Two\nlines"}, "This must be one line"),
        ({"kind": "party"}, "Select a valid choice."),
        ({"agency": "999"}, "Select a valid choice."),
        ({"time_zone": "Mars/Olympus"}, "Please choose a time zone from the list."),
        ({"time_zone": "../../etc/passwd"}, "Please choose a time zone from the list."),
        ({"starts_at": ""}, "This field is required."),
        ({"starts_at": "tomorrow"}, "Please give a date and a time"),
        ({"starts_at": "0001-01-01T00:00"}, "Please check the year."),
        ({"ends_at": "9999-12-31T23:59"}, "Please check the year."),
        ({"ends_at": "2021-04-14T14:00"}, "The end must come after the start."),
        ({"starts_at": "2021-03-14T02:30"}, "This time does not exist in the time zone"),
        ({"starts_at": "2020-11-01T01:30"}, "This time happens twice in the time zone"),
        ({"video_url": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"video_url": "http://video.example"}, "The video link must begin with https://."),
        ({"slug": "two words"}, "Please use letters, figures, hyphens and underscores only."),
        ({"slug": "new"}, "Another engagement has this address."),
        ({"slug": "contact-center"}, "Another engagement has this address."),
        (row(0, "", "Chief"), "Please give the speaker&#x27;s name."),
        (row(0, "A\nB"), "This must be one line"),
        (row(0, "A", position="0"), "greater than or equal to 1"),
        ({"speakers-TOTAL_FORMS": "x"}, "ManagementForm"),
        ({"speakers-TOTAL_FORMS": "999999"}, "Please submit at most 40 forms."),
    ],
)
def test_bad_input_is_told_in_words_and_nothing_is_lost(
    office: Client, changes: dict[str, str], says: str
) -> None:
    kept = {"description": "A kept description", "series": "A kept series"}
    response = office.post(reverse("engagement-new"), typed(**(kept | changes)))
    assert response.status_code == 400
    for text in (says, *kept.values()):
        assert text in page(response)
    assert not Engagement.objects.filter(title="The USCIS Contact Center").exclude(
        slug="contact-center"
    )


def test_the_form_shows_and_takes_back_what_there_is(
    office: Client, engagement: Engagement, cora: User
) -> None:
    running.edit(
        engagement,
        by=cora,
        time_zone="America/Los_Angeles",
        speakers=[SpeakerEntry("A"), SpeakerEntry("B"), SpeakerEntry("C")],
    )
    address = reverse("engagement-edit", args=[engagement.slug])
    text = page(office.get(address))
    assert 'value="2021-04-14T11:00"' in text
    assert "Pacific (Los Angeles)" in text
    assert 'name="slug"' not in text
    rows = row(0, "A", position="3") | row(1, "B", position="1") | row(2, "C", position="2")
    counts = {"speakers-TOTAL_FORMS": "6", "speakers-INITIAL_FORMS": "3"}
    response = office.post(
        address,
        typed(slug="ignored", title="New title", revision="2", **rows, **counts)
        | {"speakers-2-DELETE": "on"},
    )
    assert response["Location"] == reverse("engagement-office", args=[engagement.slug])
    engagement.refresh_from_db()
    assert (engagement.slug, engagement.title) == ("contact-center", "New title")
    assert [speaker.name for speaker in engagement.speakers.all()] == ["B", "A"]


def test_what_is_archived_is_not_edited(office: Client, engagement: Engagement) -> None:
    Engagement.objects.update(state=states.ARCHIVED)
    response = office.post(reverse("engagement-edit", args=[engagement.slug]), typed(title="New"))
    assert response.status_code == 400
    assert "This engagement is archived, so it cannot be changed." in page(response)
    engagement.refresh_from_db()
    assert engagement.title == "The USCIS Contact Center"


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kathmandu", "UTC"])
def test_local_times_go_out_as_they_came_in(zone: str) -> None:
    form = EngagementForm(typed(time_zone=zone))
    assert form.is_valid(), form.errors
    moments = {name: form.cleaned_data[name] for name in ("starts_at", "ends_at")}
    engagement = factories.make_engagement("round", time_zone=zone, **moments)
    shown = EngagementForm(engagement=engagement)
    assert str(shown["starts_at"]).count('value="2021-04-14T14:00"') == 1
    assert str(shown["ends_at"]).count('value="2021-04-14T15:00"') == 1


def test_rows_without_a_number_come_last_in_their_own_order() -> None:
    rows = row(0, "C") | row(1, "D") | row(2, "B", position="9") | row(3, "A", position="2")
    formset = SpeakerFormSet(
        {"speakers-TOTAL_FORMS": "4", "speakers-INITIAL_FORMS": "0"} | rows, prefix="speakers"
    )
    assert formset.is_valid()
    assert [entry.name for entry in formset.entries()] == ["A", "B", "C", "D"]


def test_the_overview_shows_where_it_stands(
    office: Client, live_engagement: Engagement, ana: Registration
) -> None:
    attending.arrive(ana)
    factories.make_registration(live_engagement, counted="staff")
    text = page(office.get(reverse("engagement-office", args=[live_engagement.slug])))
    assert '<li class="is-here" aria-current="step">Live' in text
    assert "<dt>Registered</dt><dd>1</dd>" in text
    assert "<dt>Joined</dt><dd>1</dd>" in text
    assert reverse("engagement-move", args=[live_engagement.slug, "end"]) in text
    assert reverse("engagement-move", args=[live_engagement.slug, "start"]) not in text
    for name in ("desk", "readout-edit", "forwardings", "registrants", "members"):
        assert reverse(name, args=[live_engagement.slug]) in text


@pytest.mark.parametrize(
    ("who", "links"),
    [
        ("omar", {"desk", "readout-edit", "forwardings", "registrants"}),
        ("edna", {"readout-edit", "forwardings"}),
        ("ada", {"desk", "readout-edit", "forwardings", "registrants", "members"}),
    ],
)
def test_the_overview_links_only_what_one_may_open(
    engagement: Engagement,
    sign_in: SignIn,
    request: pytest.FixtureRequest,
    who: str,
    links: set[str],
) -> None:
    client = sign_in(request.getfixturevalue(who))
    text = page(client.get(reverse("engagement-office", args=[engagement.slug])))
    names = ("desk", "readout-edit", "forwardings", "registrants", "members", "engagement-edit")
    shown = {name for name in names if f'"{reverse(name, args=[engagement.slug])}"' in text}
    assert shown - {"engagement-edit"} == links
    assert ("engagement-edit" in shown) == ("members" in links)


def test_the_whole_life_by_its_buttons(office: Client, engagement: Engagement) -> None:
    Engagement.objects.update(state=states.DRAFT)
    seen = []
    for move in ("schedule", "start", "end", "archive"):
        response = office.post(
            reverse("engagement-move", args=[engagement.slug, move]), follow=True
        )
        engagement.refresh_from_db()
        seen.append(engagement.state)
        assert f"The engagement is now {engagement.state}." in page(response)
    assert seen == [states.SCHEDULED, states.LIVE, states.ENDED, states.ARCHIVED]


def test_a_refused_move_is_explained(office: Client, engagement: Engagement) -> None:
    response = office.post(reverse("engagement-move", args=[engagement.slug, "end"]), follow=True)
    assert "This engagement is scheduled, so it cannot be ended." in page(response)
    engagement.refresh_from_db()
    assert engagement.state == states.SCHEDULED


def test_a_move_that_does_not_exist(office: Client, engagement: Engagement) -> None:
    address = reverse("engagement-move", args=[engagement.slug, "explode"])
    assert office.post(address).status_code == 404
    address = reverse("engagement-move", args=[engagement.slug, "start"])
    assert office.get(address).status_code == 405


def test_the_registrants_with_what_became_of_them(
    office: Client, live_engagement: Engagement, ana: Registration
) -> None:
    attending.arrive(ana)
    factories.make_registration(live_engagement, "Ben", cancelled_at=factories.START)
    factories.make_registration(live_engagement, "Staff", counted="staff")
    text = page(office.get(reverse("registrants", args=[live_engagement.slug])))
    for shown in ("3 registrations", "ana@public.example", "joined", "cancelled", "office staff"):
        assert shown in text


def test_an_empty_roll_says_so(office: Client, engagement: Engagement) -> None:
    text = page(office.get(reverse("registrants", args=[engagement.slug])))
    assert "Nobody has registered yet" in text


@pytest.mark.parametrize("name", ["registrants", "engagement-office", "members"])
def test_pages_ask_as_much_for_three_as_for_one(
    office: Client, live_engagement: Engagement, name: str
) -> None:
    counts = []
    for number in range(3):
        attending.arrive(factories.make_registration(live_engagement))
        factories.make_member(factories.make_user(f"P{number}"), live_engagement, Role.EDITOR)
        with CaptureQueriesContext(connection) as queries:
            office.get(reverse(name, args=[live_engagement.slug]))
        counts.append(len(queries))
    assert counts == [counts[0]] * 3


def test_the_roll_is_paged(office: Client, engagement: Engagement) -> None:
    for _ in range(51):
        factories.make_registration(engagement)
    address = reverse("registrants", args=[engagement.slug])
    assert page(office.get(address)).count("@public.example") == 50
    assert page(office.get(address + "?page=2")).count("@public.example") == 1


def test_ends_may_lie_on_another_day(office: Client) -> None:
    office.post(reverse("engagement-new"), typed(slug="long", ends_at="2021-04-16T12:00"))
    long = Engagement.objects.get(slug="long")
    assert long.ends_at - long.starts_at == timedelta(days=1, hours=22)
