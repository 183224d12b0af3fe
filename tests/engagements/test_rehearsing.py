"""A rehearsal: who makes one, what the public and the office see of it, and its made-up people."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.http import Http404
from django.urls import reverse

from engagements import access, clock, queries, states
from engagements.actions import attending, registering, rehearsing, running
from engagements.models import AuditEntry, Engagement, OutgoingMail, Registration
from engagements.refusals import NotAllowed, Refused
from tests import factories
from tests.engagements.test_staff_pages import typed

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import User

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db

ANA: dict[str, Any] = {"name": "Ana", "email": "ana@public.example", "organization": ""}


@pytest.fixture
def rehearsal(engagement: Engagement) -> Engagement:
    engagement.is_rehearsal = True
    engagement.save()
    return engagement


def make_real(engagement: Engagement) -> None:
    Engagement.objects.filter(pk=engagement.pk).update(is_rehearsal=False)
    engagement.refresh_from_db()


def slugs(rows: object) -> list[str]:
    return [row.slug for row in rows]  # type: ignore[attr-defined]  # a query of engagements


# Who makes one, and when


def test_a_coordinator_sets_a_rehearsal_up_by_a_tick(cora: User, sign_in: SignIn) -> None:
    client = sign_in(cora)
    for slug, tick in (("dress", {"is_rehearsal": "on"}), ("earnest", {})):
        client.post(reverse("engagement-new"), typed(slug=slug) | tick)

    made = Engagement.objects.filter(slug__in=("dress", "earnest")).order_by("slug")
    assert list(made.values_list("slug", "is_rehearsal")) == [("dress", True), ("earnest", False)]


@pytest.mark.parametrize("becomes", [True, False])
@pytest.mark.parametrize("state", sorted(Engagement.State.values))
def test_it_is_changed_only_before_it_starts(
    engagement: Engagement, cora: User, state: str, becomes: bool
) -> None:
    Engagement.objects.update(state=state, is_rehearsal=not becomes)
    if state in {states.DRAFT, states.SCHEDULED}:
        assert running.edit(engagement, by=cora, is_rehearsal=becomes).is_rehearsal is becomes
        return
    with pytest.raises(Refused) as refused:
        running.edit(engagement, by=cora, is_rehearsal=becomes)
    wish = "made a rehearsal" if becomes else "made a real one"
    if state in running.CLOSED_FOR_EDITING:
        wish = "changed"
    assert str(refused.value) == f"This engagement is {state}, so it cannot be {wish}."
    engagement.refresh_from_db()
    assert engagement.is_rehearsal is not becomes


def test_once_somebody_has_registered_it_stays_real(
    engagement: Engagement, cora: User, sign_in: SignIn
) -> None:
    ana = factories.make_registration(engagement, "Ana", cancelled_at=factories.START)
    page = sign_in(cora).post(
        reverse("engagement-edit", args=[engagement.slug]), typed(is_rehearsal="on", revision="1")
    )
    engagement.refresh_from_db()
    assert (page.status_code, engagement.is_rehearsal) == (400, False)
    assert "People have registered already, so this cannot become a rehearsal." in (
        page.content.decode()
    )

    ana.delete()
    running.edit(engagement, by=cora, is_rehearsal=True)
    entry = AuditEntry.objects.get(action="engagement.edited")
    assert (engagement.is_rehearsal, entry.detail) == (True, {"fields": ["is_rehearsal"]})


def test_a_rehearsal_with_people_in_it_does_not_become_real(
    rehearsal: Engagement, cora: User
) -> None:
    rehearsing.enroll(rehearsal, by=cora, people=1)
    with pytest.raises(Refused) as refused:
        running.edit(rehearsal, by=cora, is_rehearsal=False)
    assert str(refused.value) == (
        "The data of this rehearsal have to be removed before it can become a real one."
    )
    rehearsing.clear(rehearsal, by=cora)
    assert running.edit(rehearsal, by=cora, is_rehearsal=False).is_rehearsal is False


# What the public sees


@pytest.mark.parametrize(
    ("state", "calendar"),
    [
        (states.LIVE, queries.live_now),
        (states.SCHEDULED, queries.upcoming),
        (states.CANCELLED, queries.upcoming),
        (states.ENDED, queries.past),
        (states.ARCHIVED, queries.past),
    ],
)
def test_it_is_in_no_calendar(
    rehearsal: Engagement, state: str, calendar: Callable[[], object]
) -> None:
    Engagement.objects.update(state=state)
    with clock.set_to(factories.START - timedelta(days=1)):
        assert slugs(calendar()) == []
        make_real(rehearsal)
        assert slugs(calendar()) == ["contact-center"]


@pytest.mark.parametrize("name", ["engagement", "register", "registered"])
def test_the_public_finds_none_of_its_pages(
    rehearsal: Engagement, client: Client, name: str
) -> None:
    address = reverse(name, args=[rehearsal.slug])
    assert client.get(address).status_code == 404
    make_real(rehearsal)
    assert client.get(address).status_code == 200


def test_its_members_see_its_page_and_are_not_asked_to_register(
    rehearsal: Engagement, cora: User, mia: User, sign_in: SignIn
) -> None:
    address = reverse("engagement", args=[rehearsal.slug])
    assert sign_in(mia).get(address).status_code == 404
    page = sign_in(cora).get(address).content.decode()
    register = reverse("register", args=[rehearsal.slug])
    assert ("This is a rehearsal" in page, register in page) == (True, False)
    make_real(rehearsal)
    page = sign_in(cora).get(address).content.decode()
    assert ("This is a rehearsal" in page, register in page) == (False, True)


def test_nobody_registers(rehearsal: Engagement) -> None:
    attorney = factories.category()
    with pytest.raises(Refused) as refused:
        registering.register(rehearsal, category=attorney, **ANA)
    assert str(refused.value) == "Registration for this engagement is closed."
    assert (Registration.objects.count(), OutgoingMail.objects.count()) == (0, 0)
    make_real(rehearsal)
    registering.register(rehearsal, category=attorney, **ANA)
    assert (Registration.objects.count(), OutgoingMail.objects.count()) == (1, 1)


def test_it_has_a_room_as_soon_as_it_is_scheduled(rehearsal: Engagement) -> None:
    assert access.engagement_with_room(rehearsal.slug) == rehearsal
    for state in (states.DRAFT, states.SCHEDULED):
        Engagement.objects.update(state=state)
        with pytest.raises(Http404):
            access.public_engagement(rehearsal.slug)
    Engagement.objects.update(state=states.DRAFT)
    with pytest.raises(Http404):
        access.engagement_with_room(rehearsal.slug)


# What the office sees


def test_the_office_is_told_that_it_is_one(
    rehearsal: Engagement, cora: User, sign_in: SignIn
) -> None:
    client = sign_in(cora)
    tag = 'data-state="rehearsal">Rehearsal<'
    lists = reverse("forwardings", args=[rehearsal.slug])
    pages = [reverse("office"), reverse("engagement-office", args=[rehearsal.slug])]
    texts = [client.get(page).content.decode() for page in pages]
    assert [tag in text for text in texts] == [True, True]
    assert lists not in texts[1]
    make_real(rehearsal)
    texts = [client.get(page).content.decode() for page in pages]
    assert [tag in text for text in texts] == [False, False]
    assert lists in texts[1]


def test_moves_do_not_promise_that_anything_becomes_public(
    rehearsal: Engagement, cora: User, sign_in: SignIn
) -> None:
    Engagement.objects.update(state=states.DRAFT)
    address = reverse("engagement-office", args=[rehearsal.slug])
    public = "The page becomes public at once, and the registration with it"
    assert public not in sign_in(cora).get(address).content.decode()
    make_real(rehearsal)
    assert public in sign_in(cora).get(address).content.decode()


# Its people


def test_its_people_are_made_up_tests_of_all_categories(rehearsal: Engagement, omar: User) -> None:
    offered = queries.offered_categories().count()
    enrolled = rehearsing.enroll(rehearsal, by=omar, people=2 * offered)
    rehearsing.enroll(rehearsal, by=omar, people=1)

    people = rehearsal.registrations.all()
    assert [person.pk for person in enrolled] == [person.pk for person in people][:-1]
    assert [(person.name, person.email) for person in people] == [
        (f"Attendee {number}", f"attendee-{number}@rehearsal.example")
        for number in range(1, 2 * offered + 2)
    ]
    assert {person.counted for person in people} == {Registration.Counted.TEST}
    assert sorted(Counter(person.category_id for person in people).values()) == [
        *[2] * (offered - 1),
        3,
    ]
    entries = AuditEntry.objects.filter(action="rehearsal.enrolled").order_by("pk")
    assert [(entry.actor, entry.detail) for entry in entries] == [
        (omar, {"people": 2 * offered}),
        (omar, {"people": 1}),
    ]
    assert OutgoingMail.objects.count() == 0


def test_only_a_rehearsal_gets_them_and_only_from_who_works_its_desk(
    rehearsal: Engagement, cora: User, edna: User, ada: User, mia: User
) -> None:
    for stranger in (edna, ada, mia):
        with pytest.raises(NotAllowed):
            rehearsing.enroll(rehearsal, by=stranger, people=1)
    make_real(rehearsal)
    with pytest.raises(Refused, match="“contact-center” is no rehearsal"):
        rehearsing.enroll(rehearsal, by=cora, people=1)
    assert (Registration.objects.count(), AuditEntry.objects.count()) == (0, 0)
    Engagement.objects.update(is_rehearsal=True)
    rehearsing.enroll(rehearsal, by=cora, people=1)
    assert (Registration.objects.count(), AuditEntry.objects.count()) == (1, 1)


def test_nobody_in_it_counts_whoever_they_are(rehearsal: Engagement) -> None:
    Engagement.objects.update(state=states.LIVE)
    for _ in range(2):
        attending.arrive(factories.make_registration(rehearsal))
    assert queries.registered_by_category(rehearsal) == []
    assert (queries.joined_by_category(rehearsal), queries.joined(rehearsal)) == ([], 0)
    make_real(rehearsal)
    attorney = factories.category()
    assert queries.registered_by_category(rehearsal) == [(attorney, 2)]
    assert (queries.joined_by_category(rehearsal), queries.joined(rehearsal)) == (
        [(attorney, 2)],
        2,
    )
