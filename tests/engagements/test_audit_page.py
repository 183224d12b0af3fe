from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from engagements import audit
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from engagements.models import Engagement, User

pytestmark = pytest.mark.django_db

QUERIES = 7


@pytest.fixture
def admin(ada: User, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(ada)


def subjects(client: Client, **query: str) -> list[str]:
    page = client.get(reverse("audit"), query).context["page"]
    return [entry.action for entry in page]


def test_the_latest_is_first_and_filters_narrow_it_down(
    admin: Client, ada: User, engagement: Engagement, live_engagement: Engagement
) -> None:
    audit.record("engagement.edited", engagement, by=ada, engagement=engagement)
    audit.record("engagement.live", live_engagement, by=ada, engagement=live_engagement)
    audit.record("account.invited", ada, by=ada)
    assert subjects(admin) == ["account.invited", "engagement.live", "engagement.edited"]
    assert subjects(admin, engagement=engagement.slug) == ["engagement.edited"]
    assert subjects(admin, action="engagement.live") == ["engagement.live"]
    assert subjects(admin, action="engagement.live", engagement=engagement.slug) == []
    assert subjects(admin, action="nonsense") == []


def test_pages_hold_fifty_and_a_wrong_number_is_a_near_page(admin: Client, ada: User) -> None:
    for _number in range(51):
        audit.record("account.invited", ada, by=ada)
    counts = [len(subjects(admin, page=page)) for page in ("1", "2", "99", "x")]
    assert counts == [50, 1, 1, 50]


def test_it_costs_the_same_with_one_and_with_three(
    admin: Client, ada: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in (1, 2, 3):
        engagement = factories.make_engagement(f"number-{number}")
        actor = factories.make_user(f"Person {number}")
        audit.record("engagement.edited", engagement, by=actor, engagement=engagement)
        if number != 2:
            with django_assert_num_queries(QUERIES):
                admin.get(reverse("audit"))


def test_details_are_only_text(admin: Client, ada: User) -> None:
    audit.record("account.invited", ada, by="<b>worker</b>", fields=["<script>"])
    text = admin.get(reverse("audit")).content.decode()
    assert "&lt;b&gt;worker&lt;/b&gt;" in text
    assert "<script>" not in text
