from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engagements import clock, states
from engagements.actions import running
from engagements.actions.running import SpeakerEntry
from engagements.models import AuditEntry, Engagement, Membership, Role, Series, User
from engagements.refusals import NotAllowed, Refused
from qa import states as floor_states
from qa.models import Floor
from tests import factories

pytestmark = pytest.mark.django_db

START = factories.START


def details(**changes: Any) -> dict[str, Any]:
    return {
        "series": "The CIS Ombudsman's Webinar Series",
        "title": "The USCIS Contact Center",
        "about": "the USCIS Contact Center",
        "agency": factories.make_agency(),
        "starts_at": START,
        "ends_at": START + timedelta(hours=1),
    } | changes


@pytest.fixture
def coordinator() -> User:
    return factories.make_user("Cleo", may_create_engagements=True)


def audited(engagement: Engagement) -> list[str]:
    entries = AuditEntry.objects.filter(engagement=engagement).order_by("pk")
    return list(entries.values_list("action", flat=True))


def test_create_makes_a_draft_with_its_coordinator_speakers_and_floor(coordinator: User) -> None:
    created = running.create(
        by=coordinator,
        speakers=[SpeakerEntry("Nathan Stiefel", "Deputy Ombudsman"), SpeakerEntry("Carrie Selby")],
        **details(),
    )
    assert created.state == states.DRAFT
    assert created.slug == "the-cis-ombudsmans-webinar-series-the-uscis-contact-center"
    assert created.full_title == "The CIS Ombudsman's Webinar Series: The USCIS Contact Center"
    assert [(m.user, m.role) for m in created.memberships.all()] == [
        (coordinator, Role.COORDINATOR)
    ]
    assert [(s.position, s.name, s.title) for s in created.speakers.all()] == [
        (1, "Nathan Stiefel", "Deputy Ombudsman"),
        (2, "Carrie Selby", ""),
    ]
    assert Floor.objects.get(engagement=created).state == floor_states.FLOOR_CLOSED
    assert audited(created) == ["engagement.created"]


def test_the_series_is_taken_by_name_and_made_once(coordinator: User) -> None:
    first = running.create(by=coordinator, **details())
    second = running.create(by=coordinator, **details())
    assert first.series == second.series
    assert Series.objects.count() == 1


@pytest.mark.parametrize(
    ("title", "slugs"),
    [
        ("Town hall", ["town-hall", "town-hall-2", "town-hall-3"]),
        ("¿?", ["webinar", "webinar-2", "webinar-3"]),
        ("New", ["new-2", "new-3", "new-4"]),
        ("x" * 200, ["x" * 70, "x" * 70 + "-2", "x" * 70 + "-3"]),
    ],
)
def test_a_slug_is_made_from_the_title_and_stays_unique(
    coordinator: User, title: str, slugs: list[str]
) -> None:
    made = [running.create(by=coordinator, **details(series="", title=title)) for _ in slugs]
    assert [engagement.slug for engagement in made] == slugs


def test_a_given_slug_is_kept_and_never_given_twice(coordinator: User) -> None:
    running.create(by=coordinator, slug="contact-center", **details())
    for slug in ("contact-center", "new"):
        with pytest.raises(Refused) as refused:
            running.create(by=coordinator, slug=slug, **details())
        assert refused.value.code == "slug_taken"
    assert [engagement.slug for engagement in Engagement.objects.all()] == ["contact-center"]


def test_only_who_may_create_engagements_creates_one(coordinator: User, uma: User) -> None:
    for user in (factories.make_user("Nina"), factories.make_user("Ada", is_administrator=True)):
        with pytest.raises(NotAllowed):
            running.create(by=user, **details())
    with pytest.raises(NotAllowed):
        running.create(by=uma, **details())
    assert Engagement.objects.count() == 0
    running.create(by=coordinator, **details())
    assert Engagement.objects.count() == 1


def test_an_end_before_the_start_is_refused(coordinator: User) -> None:
    with pytest.raises(Refused) as refused:
        running.create(by=coordinator, **details(ends_at=START))
    assert refused.value.code == "ends_at"
    assert Engagement.objects.count() == 0


def test_edit_changes_what_is_given_and_keeps_the_rest(engagement: Engagement, cora: User) -> None:
    running.edit(engagement, by=cora, speakers=[SpeakerEntry("A"), SpeakerEntry("B")])
    running.edit(engagement, by=cora, title="Another title", series="A series")
    engagement.refresh_from_db()
    assert engagement.full_title == "A series: Another title"
    assert engagement.about == "the USCIS Contact Center"
    assert [speaker.name for speaker in engagement.speakers.all()] == ["A", "B"]
    entry = AuditEntry.objects.filter(action="engagement.edited").latest("pk")
    assert (entry.actor, entry.detail) == (cora, {"fields": ["series", "title"]})


@pytest.mark.parametrize("state", sorted(running.CLOSED_FOR_EDITING))
def test_what_is_closed_is_not_edited(engagement: Engagement, cora: User, state: str) -> None:
    running.edit(engagement, by=cora, title="First")
    Engagement.objects.update(state=state)
    with pytest.raises(Refused) as refused:
        running.edit(engagement, by=cora, title="Second")
    assert str(refused.value) == f"This engagement is {state}, so it cannot be changed."
    engagement.refresh_from_db()
    assert engagement.title == "First"


def test_an_edit_that_ends_before_it_starts_changes_nothing(
    engagement: Engagement, cora: User
) -> None:
    with pytest.raises(Refused) as refused:
        running.edit(engagement, by=cora, title="Second", ends_at=START - timedelta(hours=1))
    assert refused.value.code == "ends_at"
    engagement.refresh_from_db()
    assert engagement.title == "The USCIS Contact Center"


def test_only_coordinators_here_and_administrators_edit(
    engagement: Engagement, cora: User, ada: User, omar: User, edna: User, mia: User, uma: User
) -> None:
    for user in (omar, edna, mia, uma):
        with pytest.raises(NotAllowed):
            running.edit(engagement, by=user, title=user.name)
        with pytest.raises(NotAllowed):
            running.start(engagement, by=user)
    engagement.refresh_from_db()
    assert (engagement.title, engagement.state) == ("The USCIS Contact Center", states.SCHEDULED)
    for user in (cora, ada):
        assert running.edit(engagement, by=user, title=user.name).title == user.name


def test_the_whole_life_with_its_moments(coordinator: User) -> None:
    engagement = running.create(by=coordinator, **details())
    running.schedule(engagement, by=coordinator)
    with clock.set_to(START + timedelta(minutes=1)):
        running.start(engagement, by=coordinator)
    with clock.set_to(START + timedelta(minutes=59)):
        running.end(engagement, by=coordinator)
    moved = running.archive(engagement, by=coordinator)
    assert (moved.state, moved.started_at, moved.ended_at) == (
        states.ARCHIVED,
        START + timedelta(minutes=1),
        START + timedelta(minutes=59),
    )
    assert audited(engagement) == [
        "engagement.created",
        "engagement.scheduled",
        "engagement.live",
        "engagement.ended",
        "engagement.archived",
    ]


@pytest.mark.parametrize("move", sorted(states.MOVES))
@pytest.mark.parametrize("state", sorted(Engagement.State.values))
def test_every_move_from_every_state(
    engagement: Engagement, cora: User, move: str, state: str
) -> None:
    Engagement.objects.update(state=state)
    sources, target = states.MOVES[move]
    if state in sources:
        assert running.MOVES[move](engagement, by=cora).state == target
        assert audited(engagement)[0] == f"engagement.{target}"
        return
    with pytest.raises(Refused) as refused:
        running.MOVES[move](engagement, by=cora)
    assert refused.value.code == "wrong_state"
    assert str(refused.value) == (
        f"This engagement is {state}, so it cannot be {running.MOVED[move]}."
    )
    engagement.refresh_from_db()
    assert (engagement.state, audited(engagement)) == (state, [])


def test_the_loser_of_two_is_told_who_was_first_and_when(
    live_engagement: Engagement, cora: User, ada: User
) -> None:
    with clock.set_to(datetime(2021, 4, 14, 18, 59, tzinfo=UTC)):
        running.end(live_engagement, by=cora)
    with pytest.raises(Refused) as refused:
        running.end(live_engagement, by=ada)
    assert str(refused.value) == (
        "This engagement is ended, so it cannot be ended. "
        "Cora changed that on April 14, 2:59 p.m. EDT."
    )


@pytest.mark.parametrize("move", ["end", "cancel"])
def test_the_floor_closes_with_the_engagement(
    live_engagement: Engagement, cora: User, floor: Floor, move: str
) -> None:
    running.MOVES[move](live_engagement, by=cora)
    floor.refresh_from_db()
    assert floor.state == floor_states.FLOOR_CLOSED


def test_a_role_is_given_and_taken(engagement: Engagement, cora: User) -> None:
    nina = factories.make_user("Nina")
    running.add_member(engagement, by=cora, user=nina, role=Role.EDITOR)
    assert Membership.objects.filter(user=nina, role=Role.EDITOR).exists()
    running.remove_member(engagement, by=cora, user=nina, role=Role.EDITOR)
    assert not Membership.objects.filter(user=nina).exists()
    entries = AuditEntry.objects.filter(subject=f"engagements.user:{nina.pk}").order_by("pk")
    assert [(entry.action, entry.actor, entry.detail) for entry in entries] == [
        ("membership.added", cora, {"role": "editor"}),
        ("membership.removed", cora, {"role": "editor"}),
    ]


def test_roles_that_are_refused(engagement: Engagement, cora: User, uma: User, omar: User) -> None:
    gone = factories.make_user("Gone", is_active=False)
    before = set(Membership.objects.values_list("pk", flat=True))
    for user, code in [
        (uma, "not_office"),
        (gone, "not_office"),
        (cora, "own_role"),
        (omar, "already"),
    ]:
        with pytest.raises(Refused) as refused:
            running.add_member(engagement, by=cora, user=user, role=Role.MODERATOR)
        assert refused.value.code == code
    assert set(Membership.objects.values_list("pk", flat=True)) == before


def test_nobody_gives_roles_from_outside(
    engagement: Engagement, omar: User, mia: User, ada: User
) -> None:
    nina = factories.make_user("Nina")
    for user in (omar, mia):
        with pytest.raises(NotAllowed):
            running.add_member(engagement, by=user, user=nina, role=Role.EDITOR)
        with pytest.raises(NotAllowed):
            running.remove_member(engagement, by=user, user=omar, role=Role.MODERATOR)
    with pytest.raises(Refused):
        running.add_member(engagement, by=ada, user=ada, role=Role.EDITOR)
    running.add_member(engagement, by=ada, user=nina, role=Role.EDITOR)


def test_the_last_coordinator_stays(engagement: Engagement, cora: User, ada: User) -> None:
    for user in (cora, ada):
        with pytest.raises(Refused) as refused:
            running.remove_member(engagement, by=user, user=cora, role=Role.COORDINATOR)
        assert refused.value.code == "last_coordinator"
    nina = factories.make_user("Nina")
    running.add_member(engagement, by=cora, user=nina, role=Role.COORDINATOR)
    running.remove_member(engagement, by=cora, user=cora, role=Role.COORDINATOR)
    assert [m.user for m in engagement.memberships.filter(role=Role.COORDINATOR)] == [nina]


def test_a_role_that_nobody_has_cannot_be_taken(engagement: Engagement, cora: User) -> None:
    with pytest.raises(Refused) as refused:
        running.remove_member(engagement, by=cora, user=cora, role=Role.EDITOR)
    assert refused.value.code == "no_member"
