from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from engagements.models import Membership, Role
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from engagements.models import Engagement, User

pytestmark = pytest.mark.django_db


def page(response: Response) -> str:
    return response.content.decode()


@pytest.fixture
def office(cora: User, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(cora)


def test_a_role_is_given_and_taken_on_the_page(office: Client, engagement: Engagement) -> None:
    nina = factories.make_user("Nina")
    address = reverse("members", args=[engagement.slug])
    given = office.post(address, {"user": nina.pk, "role": "editor"}, follow=True)
    assert "The role is given." in page(given)
    membership = Membership.objects.get(user=nina)
    taken = office.post(
        reverse("member-remove", args=[engagement.slug, membership.pk]), follow=True
    )
    assert "The role is taken away." in page(taken)
    assert not Membership.objects.filter(user=nina).exists()


def test_roles_that_cannot_be_given(office: Client, engagement: Engagement, uma: User) -> None:
    gone = factories.make_user("Gone", is_active=False)
    address = reverse("members", args=[engagement.slug])
    before = Membership.objects.count()
    for data in (
        {"user": uma.pk, "role": "editor"},
        {"user": gone.pk, "role": "editor"},
        {"user": "x", "role": "editor"},
        {"user": gone.pk, "role": "king"},
        {},
    ):
        assert office.post(address, data).status_code == 400
    assert Membership.objects.count() == before


def test_the_own_coordinator_role_may_be_given_up(
    office: Client, engagement: Engagement, cora: User
) -> None:
    own = engagement.memberships.get(user=cora)
    address = reverse("member-remove", args=[engagement.slug, own.pk])
    assert "is the only coordinator" in page(office.post(address, follow=True))
    factories.make_member(factories.make_user("Nina"), engagement, Role.COORDINATOR)
    assert office.post(address)["Location"] == reverse("office")
    assert not engagement.memberships.filter(user=cora).exists()


def test_a_membership_of_another_engagement_is_unknown_here(
    office: Client, engagement: Engagement, mia: User
) -> None:
    elsewhere = mia.memberships.get()
    address = reverse("member-remove", args=[engagement.slug, elsewhere.pk])
    assert office.post(address).status_code == 404
    assert mia.memberships.count() == 1
