from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from engagements import states
from engagements.actions import cloning, materials, noticing, questioning, running
from engagements.actions.cloning import Part
from engagements.actions.running import SpeakerEntry
from engagements.models import (
    AuditEntry,
    Engagement,
    Notice,
    RegistrationQuestion,
    Role,
    StoredFile,
    User,
)
from engagements.refusals import NotAllowed
from tests import factories
from tests.engagements.papers import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db

NEXT = datetime(2021, 11, 10, 19, 0, tzinfo=UTC)
"""2 p.m. in New York again, but in winter."""

ALL = [part.value for part in Part]


def ask(engagement: Engagement, by: User, label: str, **changes: Any) -> RegistrationQuestion:
    wording: Any = {
        "label": label,
        "hint": "",
        "kind": "choice",
        "choices": ["Yes", "No"],
        "is_required": False,
        "shown_when": None,
        "shown_when_answer": "",
    } | changes
    return questioning.add(engagement, by=by, **wording)


@pytest.fixture
def original(engagement: Engagement, cora: User, edna: User, omar: User) -> Engagement:
    running.edit(
        engagement,
        by=cora,
        series="A series",
        description="What it is for.",
        capacity=40,
        reminders=[60],
        confirms_address=True,
        registration_opens_at=datetime(2021, 4, 1, 13, 0, tzinfo=UTC),
        accommodations_until=datetime(2021, 4, 12, 21, 0, tzinfo=UTC),
        speakers=[SpeakerEntry("Nell", "Chief"), SpeakerEntry("Otis")],
    )
    first = ask(engagement, cora, "Do you file online?")
    ask(engagement, cora, "Why not?", kind="text", shown_when=first, shown_when_answer="No")
    materials.add(engagement, by=cora, title="Slides", document=TEXT)
    materials.add(engagement, by=cora, title="The form", url="https://forms.example/1")
    noticing.publish(by=cora, engagement=engagement, privacy="Its own notice")
    factories.make_registration(engagement, "Ana")
    return engagement


def test_everything_comes_along_and_nobody_with_it(
    original: Engagement, cora: User, edna: User, omar: User
) -> None:
    made = cloning.clone(original, by=cora, title="Part two", starts_at=NEXT, parts=ALL)
    made.refresh_from_db()
    assert (made.state, made.full_title, made.slug) == (
        states.DRAFT,
        "A series: Part two",
        "a-series-part-two",
    )
    assert (made.starts_at, made.ends_at) == (NEXT, NEXT + timedelta(hours=1))
    assert (made.description, made.capacity, made.reminders, made.confirms_address) == (
        "What it is for.",
        40,
        [60],
        True,
    )
    assert [str(one) for one in made.speakers.all()] == ["Nell, Chief", "Otis"]
    assert [(one.title, one.url) for one in made.materials.all()] == [
        ("Slides", ""),
        ("The form", "https://forms.example/1"),
    ]
    assert StoredFile.objects.count() == 1
    asked = list(made.own_questions.all())
    assert [one.label for one in asked] == ["Do you file online?", "Why not?"]
    assert (asked[1].shown_when, asked[1].shown_when_answer) == (asked[0], "No")
    assert Notice.shown_for(made).privacy == "Its own notice"
    assert {(one.user, one.role) for one in made.memberships.all()} == {
        (cora, Role.COORDINATOR),
        (edna, Role.EDITOR),
        (omar, Role.MODERATOR),
    }
    assert (made.registrations.count(), made.mailings.count()) == (0, 0)
    assert made.code != original.code


def test_times_of_registration_keep_their_distance_by_the_clock_on_the_wall(
    original: Engagement, cora: User
) -> None:
    made = cloning.clone(original, by=cora, title="Two", starts_at=NEXT, parts=[Part.REGISTRATION])
    made.refresh_from_db()
    # April 1, 9 a.m. is 13 days before April 14; October 28 is still in summer time.
    assert made.registration_opens_at == datetime(2021, 10, 28, 13, 0, tzinfo=UTC)
    # April 12, 5 p.m.; November 8 is in winter time.
    assert made.accommodations_until == datetime(2021, 11, 8, 22, 0, tzinfo=UTC)
    assert made.registration_closes_at is None


def test_without_a_tick_only_the_frame_comes_along(original: Engagement, cora: User) -> None:
    made = cloning.clone(original, by=cora, title="Two", starts_at=NEXT, parts=[])
    made.refresh_from_db()
    assert (made.description, made.capacity, made.reminders) == ("", None, [1440, 60])
    assert (made.registration_opens_at, made.confirms_address) == (None, False)
    for things in (made.speakers, made.materials, made.own_questions, made.notices):
        assert things.count() == 0
    assert [one.user for one in made.memberships.all()] == [cora]
    entry = AuditEntry.objects.get(action="engagement.cloned")
    assert (entry.actor, entry.engagement, entry.detail) == (
        cora,
        made,
        {"of": original.pk, "parts": []},
    )


def test_what_was_retired_posted_after_or_taken_back_stays(
    original: Engagement, cora: User
) -> None:
    original.own_questions.filter(label="Why not?").update(retired_at=factories.START)
    noticing.go_back(original, by=cora)
    Engagement.objects.filter(pk=original.pk).update(state=states.ENDED)
    materials.add(original, by=cora, title="Afterwards", url="https://a.example")
    original.refresh_from_db()
    made = cloning.clone(original, by=cora, title="Two", starts_at=NEXT, parts=ALL)
    assert [one.label for one in made.own_questions.all()] == ["Do you file online?"]
    assert [one.title for one in made.materials.all()] == ["Slides", "The form"]
    assert made.notices.count() == 0


def test_a_file_that_a_clone_has_too_outlives_its_removal(original: Engagement, cora: User) -> None:
    made = cloning.clone(original, by=cora, title="Two", starts_at=NEXT, parts=ALL)
    materials.remove(original.materials.get(title="Slides"), by=cora)
    assert (StoredFile.objects.count(), made.materials.get(title="Slides").file_id) == (
        1,
        StoredFile.objects.get().pk,
    )
    materials.remove(made.materials.get(title="Slides"), by=cora)
    assert StoredFile.objects.count() == 0


def test_who_may_not_create_or_does_not_coordinate_clones_nothing(
    original: Engagement, cora: User, omar: User, edna: User, mia: User, ada: User, uma: User
) -> None:
    before = Engagement.objects.count()
    creator = factories.make_user("Nina", may_create_engagements=True)
    for user in (omar, edna, mia, ada, uma, creator):
        with pytest.raises(NotAllowed):
            cloning.clone(original, by=user, title="Two", starts_at=NEXT, parts=ALL)
    assert Engagement.objects.count() == before
    cloning.clone(original, by=cora, title="Two", starts_at=NEXT, parts=ALL)
    assert Engagement.objects.count() == before + 1


def test_the_page_makes_the_draft_from_a_local_time(
    original: Engagement, cora: User, sign_in: SignIn
) -> None:
    client = sign_in(cora)
    address = reverse("engagement-clone", args=[original.slug])
    shown = client.get(address).content.decode()
    assert shown.count("checked") == len(ALL)
    assert reverse("engagement-clone", args=[original.slug]) in (
        client.get(reverse("engagement-office", args=[original.slug])).content.decode()
    )
    sent = {"title": "Part two", "starts_at": "2021-11-10T14:00", "parts": ["speakers"]}
    response = client.post(address, sent)
    made = Engagement.objects.get(title="Part two")
    assert response["Location"] == reverse("engagement-office", args=[made.slug])
    assert (made.starts_at, made.speakers.count(), made.description) == (NEXT, 2, "")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"title": ""}, "This field is required."),
        ({"starts_at": "soon"}, "Please give a date and a time"),
        ({"starts_at": "2021-03-14T02:30"}, "This time does not exist in the time zone"),
        ({"parts": ["registrations"]}, "Select a valid choice."),
    ],
)
def test_a_bad_clone_is_told_in_words(
    original: Engagement, cora: User, sign_in: SignIn, changes: dict[str, Any], says: str
) -> None:
    before = Engagement.objects.count()
    sent = {"title": "Kept", "starts_at": "2021-11-10T14:00", "parts": ["speakers"]} | changes
    response = sign_in(cora).post(reverse("engagement-clone", args=[original.slug]), sent)
    assert response.status_code == 400
    assert says in response.content.decode()
    assert Engagement.objects.count() == before
