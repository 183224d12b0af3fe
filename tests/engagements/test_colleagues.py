"""Accounts of an agency, as its own liaisons keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engagements.actions import accounts
from engagements.models import Invitation, OutgoingMail, User
from engagements.refusals import NotAllowed, Refused
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import Agency

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough pass phrase"


@pytest.fixture
def agency() -> Agency:
    return factories.make_agency("USCIS")


@pytest.fixture
def carl(agency: Agency) -> User:
    return factories.make_user("Carl", agency=agency, is_contributor=True)


def invite(by: User, agency: Agency | None, **more: bool) -> tuple[Invitation, str]:
    return accounts.invite(by=by, email="nell@agency.example", name="Nell", agency=agency, **more)


@pytest.mark.parametrize("is_contributor", [True, False])
def test_a_liaison_invites_to_the_own_agency(
    uma: User, agency: Agency, is_contributor: bool
) -> None:
    invitation, token = invite(uma, agency, is_contributor=is_contributor)
    assert "Uma invites you" in OutgoingMail.objects.get().body
    accounts.resend(invitation, by=uma)
    assert accounts.invitation_for(token) is None
    _again, token = accounts.resend(invitation, by=uma)

    nell = accounts.accept(token, password=PASSWORD)

    assert (nell.agency, nell.is_contributor, nell.is_liaison) == (agency, is_contributor, True)
    assert (nell.is_administrator, nell.may_create_engagements) == (False, False)


def test_nobody_invites_to_what_is_not_theirs(
    uma: User, carl: User, otto: User, ada: User, agency: Agency
) -> None:
    for by in (carl, otto, factories.make_user("Omar")):
        with pytest.raises(NotAllowed):
            invite(by, agency)
    with pytest.raises(NotAllowed):
        invite(uma, None)
    with pytest.raises(Refused) as refusal:
        invite(uma, agency, is_administrator=True)
    assert refusal.value.code == "liaison"
    with pytest.raises(Refused) as refusal:
        invite(ada, None, is_contributor=True)
    assert refusal.value.code == "office"
    invitation, _token = invite(uma, agency)
    for by in (carl, otto):
        with pytest.raises(NotAllowed):
            accounts.withdraw(invitation, by=by)
        with pytest.raises(NotAllowed):
            accounts.resend(invitation, by=by)
    assert Invitation.objects.count() == OutgoingMail.objects.count() == 1


@pytest.mark.parametrize("loss", ["agency", "is_contributor", "is_active"])
def test_an_invitation_is_good_as_long_as_its_giver_may_give_it(
    uma: User, agency: Agency, loss: str
) -> None:
    _invitation, token = invite(uma, agency)
    assert accounts.invitation_for(token) is not None
    lost = {
        "agency": factories.make_agency("EOIR"),
        "is_contributor": True,
        "is_active": False,
    }
    User.objects.filter(pk=uma.pk).update(**{loss: lost[loss]})

    assert accounts.invitation_for(token) is None
    with pytest.raises(Refused):
        accounts.accept(token, password=PASSWORD)


def test_a_liaison_has_a_say_over_contributors_alone(
    uma: User, carl: User, otto: User, ada: User, agency: Agency
) -> None:
    lee = factories.make_user("Lee", agency=agency)
    for subject in (lee, otto, ada):
        with pytest.raises(NotAllowed):
            accounts.deactivate(subject, by=uma)
        with pytest.raises(NotAllowed):
            accounts.set_contributor(subject, by=uma, is_contributor=True)
    with pytest.raises(NotAllowed):
        accounts.deactivate(carl, by=otto)
    with pytest.raises(NotAllowed):
        accounts.set_contributor(carl, by=carl, is_contributor=False)
    assert not accounts.deactivate(carl, by=uma).is_active
    assert accounts.reactivate(carl, by=uma).is_active
    assert not accounts.set_contributor(carl, by=uma, is_contributor=False).is_contributor
    with pytest.raises(NotAllowed):
        accounts.set_contributor(carl, by=uma, is_contributor=True)
    assert accounts.set_contributor(carl, by=ada, is_contributor=True).is_contributor
    with pytest.raises(NotAllowed):
        accounts.move_liaison(carl, by=uma, agency=agency)


def test_administrators_say_who_clears_and_invite_contributors(
    ada: User, agency: Agency, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(ada)
    names = {"name": agency.name, "short_name": agency.short_name}
    for given in ({"clears_answers": "on"}, {}):
        assert client.post(f"/office/agencies/{agency.pk}/", names | given).status_code == 302
        agency.refresh_from_db()
        assert agency.clears_answers == bool(given)
    sent = {"name": "Nell", "email": "nell@agency.example", "is_contributor": "on"}
    assert client.post("/office/people/", sent).status_code == 400
    assert client.post("/office/people/", sent | {"agency": agency.pk}).status_code == 302
    assert Invitation.objects.get().is_contributor
    assert "contributor of USCIS" in client.get("/office/people/").content.decode()
