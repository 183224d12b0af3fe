from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from engagements import clock, queries
from engagements.actions import attending
from engagements.models import DeclaredAttendance, Engagement, Registration, Role
from engagements.queries.people import registrants
from tests import factories

if TYPE_CHECKING:
    from engagements.models import RoleCategory, User

pytestmark = pytest.mark.django_db

START = factories.START


def by_key(counts: list[tuple[RoleCategory, int]]) -> list[tuple[str, int]]:
    return [(category.key, people) for category, people in counts]


def join(engagement: Engagement, key: str, **fields: Any) -> Registration:
    registration = factories.make_registration(
        engagement, category=factories.category(key), **fields
    )
    attending.arrive(registration)
    return registration


def test_joined_counts_distinct_people_in_table_order(live_engagement: Engagement) -> None:
    join(live_engagement, "other")
    attorney = join(live_engagement, "attorney")
    attending.arrive(attorney)
    join(live_engagement, "attorney")
    factories.make_registration(live_engagement, category=factories.category("employer"))
    assert by_key(queries.joined_by_category(live_engagement)) == [("attorney", 2), ("other", 1)]
    assert queries.joined(live_engagement) == 3


def test_who_never_counts_and_who_still_does(live_engagement: Engagement) -> None:
    for counted in Registration.Counted.values:
        join(live_engagement, "attorney", counted=counted)
    removed = join(live_engagement, "employer")
    Registration.objects.filter(pk=removed.pk).update(removed_at=clock.now())
    assert by_key(queries.joined_by_category(live_engagement)) == [("attorney", 1), ("employer", 1)]


def test_the_category_is_the_one_held_at_joining(live_engagement: Engagement) -> None:
    registration = join(live_engagement, "attorney")
    Registration.objects.filter(pk=registration.pk).update(category=factories.category("other"))
    assert by_key(queries.joined_by_category(live_engagement)) == [("attorney", 1)]
    assert by_key(queries.registered_by_category(live_engagement)) == [("other", 1)]


def test_declared_people_are_added(live_engagement: Engagement, engagement: Engagement) -> None:
    join(live_engagement, "attorney")
    for key, people in [("not-stated", 4), ("attorney", 355), ("employer", 0)]:
        DeclaredAttendance.objects.create(
            engagement=live_engagement, category=factories.category(key), people=people, source="x"
        )
    assert by_key(queries.joined_by_category(live_engagement)) == [
        ("attorney", 356),
        ("not-stated", 4),
    ]
    assert queries.joined(engagement) == 0


def test_registered_counts_stakeholders_whose_registration_stands(engagement: Engagement) -> None:
    factories.make_registration(engagement)
    factories.make_registration(engagement, cancelled_at=START)
    factories.make_registration(engagement, counted="staff")
    factories.make_registration(engagement, category=factories.category("employer"))
    assert by_key(queries.registered_by_category(engagement)) == [("attorney", 1), ("employer", 1)]
    assert registrants(engagement).count() == 4


def test_the_calendar_puts_each_engagement_where_it_belongs() -> None:
    for state in Engagement.State.values:
        factories.make_engagement(f"{state}-soon", state=state)
        factories.make_engagement(
            f"{state}-later",
            state=state,
            starts_at=START + timedelta(days=1),
            ends_at=START + timedelta(days=1, hours=1),
        )
    with clock.set_to(START + timedelta(minutes=30)):
        assert [e.slug for e in queries.live_now()] == ["live-soon", "live-later"]
        assert [e.slug for e in queries.upcoming()] == [
            "scheduled-soon",
            "cancelled-soon",
            "scheduled-later",
            "cancelled-later",
        ]
        assert [e.slug for e in queries.past()] == [
            "archived-later",
            "ended-later",
            "archived-soon",
            "ended-soon",
        ]
    with clock.set_to(START + timedelta(days=1, hours=2)):
        assert [e.slug for e in queries.upcoming()] == ["scheduled-later"]


def test_engagements_of_somebody_and_of_an_administrator(
    engagement: Engagement, live_engagement: Engagement, cora: User, mia: User, ada: User
) -> None:
    factories.make_member(cora, engagement, Role.EDITOR)
    found = {e.slug: getattr(e, "own_memberships", []) for e in queries.engagements_of(cora)}
    assert {slug: sorted(m.role for m in own) for slug, own in found.items()} == {
        "live-session": ["coordinator"],
        "contact-center": ["coordinator", "editor"],
    }
    assert [e.slug for e in queries.engagements_of(mia)] == ["elsewhere"]
    assert {e.slug for e in queries.engagements_of(ada)} == {
        "live-session",
        "contact-center",
        "elsewhere",
    }


def test_office_accounts_are_active_and_of_no_agency(cora: User, uma: User) -> None:
    factories.make_user("Gone", is_active=False)
    assert list(queries.office_accounts()) == [cora]
