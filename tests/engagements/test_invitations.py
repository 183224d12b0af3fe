"""The page behind the link of an invitation, and everything that may be wrong with the link."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from engagements import clock
from engagements.actions import accounts
from engagements.models import Agency, AuditEntry, Invitation, User
from engagements.refusals import Refused
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db

CHOSEN = "seven quiet otters swim"
PASSWORDS = {"password1": CHOSEN, "password2": CHOSEN}


def invite(by: User, **changes: Any) -> tuple[Invitation, str]:
    given: dict[str, Any] = {"email": "nora@office.example", "name": "Nora New"}
    return accounts.invite(by=by, **(given | changes))


def page(token: str) -> str:
    return reverse("invitation", args=[token])


def facts(user: User) -> dict[str, Any]:
    return {
        "name": user.name,
        "email": user.email,
        "agency": user.agency,
        "administrator": user.is_administrator,
        "may_create": user.may_create_engagements,
        "active": user.is_active,
    }


def test_accepting_opens_the_account_signs_in_and_uses_the_invitation_up(ada: User) -> None:
    invitation, token = invite(ada, may_create_engagements=True)
    client = Client()
    assert client.get(page(token)).status_code == 200
    response = client.post(page(token), PASSWORDS)
    assert (response.status_code, response["Location"]) == (302, reverse("office"))
    user = User.objects.get(email="nora@office.example")
    assert facts(user) == {
        "name": "Nora New",
        "email": "nora@office.example",
        "agency": None,
        "administrator": False,
        "may_create": True,
        "active": True,
    }
    assert user.check_password(CHOSEN)
    assert client.session["_auth_user_id"] == str(user.pk)
    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.verified, address.primary) == (user.email, True, True)
    invitation.refresh_from_db()
    assert invitation.accepted_at is not None
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "actor_label")) == [
        ("account.invited", f"account:{ada.pk}"),
        ("account.opened", f"account:{user.pk}"),
        ("account.signed_in", f"account:{user.pk}"),
    ]


def test_a_liaison_lands_on_the_pages_of_the_agency(ada: User) -> None:
    _invitation, token = invite(ada, agency=factories.make_agency("USCIS"))
    response = Client().post(page(token), PASSWORDS)
    assert response["Location"] == reverse("agency")
    assert User.objects.get(name="Nora New").agency == Agency.objects.get(short_name="USCIS")


def test_the_new_account_sets_up_a_second_factor_without_typing_the_password_again(
    ada: User,
) -> None:
    client = Client()
    client.post(page(invite(ada)[1]), PASSWORDS)
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_used_unknown_expired_replaced_withdrawn_and_orphaned_links_are_answered_alike(
    ada: User,
) -> None:
    used, replaced, withdrawn, expired, orphaned = (
        invite(ada, email=f"{n}@office.example") for n in range(5)
    )
    Client().post(page(used[1]), PASSWORDS)
    accounts.resend(replaced[0], by=ada)
    accounts.withdraw(withdrawn[0], by=ada)
    Invitation.objects.filter(pk=expired[0].pk).update(expires_at=clock.now())
    former = factories.make_user("Former", is_administrator=True)
    Invitation.objects.filter(pk=orphaned[0].pk).update(invited_by=former)
    accounts.deactivate(former, by=ada)
    before = list(User.objects.values())
    tokens = ["nonsense", "é" * 300]
    tokens += [token for _, token in (used, replaced, withdrawn, expired, orphaned)]
    answers = {
        (response.status_code, response.content)
        for token in tokens
        for response in (Client().get(page(token)), Client().post(page(token), PASSWORDS))
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 404
    assert list(User.objects.values()) == before


def test_an_invitation_is_good_for_seven_days(ada: User) -> None:
    _invitation, token = invite(ada)
    now = clock.now()
    with clock.set_to(now + timedelta(days=7) - timedelta(minutes=1)):
        assert accounts.invitation_for(token) is not None
    with clock.set_to(now + timedelta(days=7, minutes=1)):
        assert accounts.invitation_for(token) is None


def test_of_two_who_accept_only_the_first_gets_an_account(ada: User) -> None:
    _invitation, token = invite(ada)
    accounts.accept(token, password=CHOSEN)
    with pytest.raises(Refused) as error:
        accounts.accept(token, password=CHOSEN)
    assert error.value.code == "not_open"
    assert User.objects.filter(email="nora@office.example").count() == 1


def test_an_address_that_got_an_account_meanwhile_gets_no_second_one(ada: User) -> None:
    invitation, token = invite(ada)
    factories.make_user("Nora", email="nora@office.example")
    assert Client().post(page(token), PASSWORDS).status_code == 404
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_further_fields_give_no_rights(ada: User) -> None:
    _invitation, token = invite(ada)
    extra = {"is_administrator": "on", "may_create_engagements": "on", "email": "x@y.example"}
    Client().post(page(token), PASSWORDS | extra)
    user = User.objects.get(name="Nora New")
    assert (user.email, user.is_administrator, user.may_create_engagements) == (
        "nora@office.example",
        False,
        False,
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("short", "short"),
        ("password1234", "password1234"),
        ("nora@office.example", "nora@office.example"),
        (CHOSEN, f"{CHOSEN}!"),
        ("", ""),
        ("x" * 129, "x" * 129),
    ],
    ids=["short", "common", "own address", "different", "empty", "too long"],
)
def test_a_bad_password_leaves_the_invitation_open(ada: User, first: str, second: str) -> None:
    _invitation, token = invite(ada)
    client = Client()
    bad = client.post(page(token), {"password1": first, "password2": second})
    assert bad.status_code == 400
    assert User.objects.count() == 1
    assert client.post(page(token), PASSWORDS).status_code == 302


def test_somebody_who_is_signed_in_is_asked_to_sign_out_first(
    ada: User, sign_in: Callable[[User], Client]
) -> None:
    _invitation, token = invite(ada)
    client = sign_in(ada)
    assert client.get(page(token)).status_code == 200
    assert client.post(page(token), PASSWORDS).status_code == 409
    assert User.objects.count() == 1


def test_the_page_of_the_link_neither_passes_its_address_on_nor_is_kept(ada: User) -> None:
    response = Client().get(page(invite(ada)[1]))
    assert response["Referrer-Policy"] == "strict-origin"
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
