"""The life of an account: invited, opened, given rights, taken out."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from engagements import clock
from engagements.actions import accounts
from engagements.models import Agency, AuditEntry, Invitation, OutgoingMail, User
from engagements.refusals import NotAllowed, Refused
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


def refusal(error: pytest.ExceptionInfo[Refused]) -> str:
    return error.value.code


def facts(user: User) -> dict[str, Any]:
    return {
        "name": user.name,
        "email": user.email,
        "agency": user.agency,
        "administrator": user.is_administrator,
        "may_create": user.may_create_engagements,
        "active": user.is_active,
    }


def test_the_link_is_mailed_and_only_a_digest_is_kept(ada: User) -> None:
    invitation, token = invite(ada, email=" Nora@Office.Example ", may_create_engagements=True)
    mail = OutgoingMail.objects.get()
    assert (mail.template, mail.to) == ("engagements/invited", "nora@office.example")
    assert f"http://127.0.0.1:8000{page(token)}" in mail.body.splitlines()
    assert invitation.digest == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(Invitation.objects.values().get())
    assert token not in str(list(AuditEntry.objects.values()))
    assert len(token) >= 43  # 256 bits in base 64


def test_every_token_is_another(ada: User) -> None:
    tokens = {invite(ada, email=f"{n}@office.example")[1] for n in range(20)}
    assert len(tokens) == 20


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
    assert refusal(error) == "not_open"
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


def test_who_has_an_account_or_an_open_invitation_is_not_invited_again(ada: User) -> None:
    factories.make_user("Known")
    invite(ada)
    codes = []
    for email in ("KNOWN@office.example", "NORA@office.example"):
        with pytest.raises(Refused) as error:
            invite(ada, email=email)
        codes.append(refusal(error))
    assert codes == ["account_exists", "invited"]
    assert (Invitation.objects.count(), OutgoingMail.objects.count()) == (1, 1)


def test_a_liaison_is_not_invited_with_rights_in_the_office(ada: User) -> None:
    agency = factories.make_agency()
    with pytest.raises(Refused) as error:
        invite(ada, agency=agency, is_administrator=True)
    assert refusal(error) == "liaison"
    assert invite(ada, agency=agency)[0].agency == agency


def test_only_an_administrator_of_this_moment_manages_people(ada: User) -> None:
    other = factories.make_user("Other", is_administrator=True)
    subject = factories.make_user("Subject")
    invitation, _token = invite(ada)
    accounts.set_rights(other, by=ada, is_administrator=False, may_create_engagements=True)
    rights = {"is_administrator": True, "may_create_engagements": True}
    attempts: list[Callable[[], object]] = [
        # The object still says administrator, the database does not.
        lambda: invite(other, email="x@office.example"),
        lambda: accounts.resend(invitation, by=other),
        lambda: accounts.withdraw(invitation, by=other),
        lambda: accounts.set_rights(subject, by=other, **rights),
        lambda: accounts.deactivate(subject, by=other),
        lambda: accounts.reactivate(subject, by=other),
        lambda: accounts.move_liaison(subject, by=other, agency=factories.make_agency()),
    ]
    before = list(User.objects.values()), list(Invitation.objects.values())
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
    assert (list(User.objects.values()), list(Invitation.objects.values())) == before


def test_two_administrators_cannot_take_each_other_out(ada: User) -> None:
    other = factories.make_user("Other", is_administrator=True)
    accounts.deactivate(other, by=ada)
    with pytest.raises(NotAllowed):
        accounts.deactivate(ada, by=other)
    ada.refresh_from_db()
    assert ada.is_active


def test_nobody_changes_their_own_account(ada: User) -> None:
    for change in (
        lambda: accounts.set_rights(
            ada, by=ada, is_administrator=False, may_create_engagements=True
        ),
        lambda: accounts.deactivate(ada, by=ada),
        lambda: accounts.reactivate(ada, by=ada),
    ):
        with pytest.raises(Refused) as error:
            change()
        assert refusal(error) == "oneself"
    ada.refresh_from_db()
    assert (ada.is_active, ada.is_administrator, ada.may_create_engagements) == (True, True, False)


def test_rights_are_set_and_audited(ada: User) -> None:
    user = factories.make_user("Subject")
    changed = accounts.set_rights(user, by=ada, is_administrator=True, may_create_engagements=True)
    assert (changed.is_administrator, changed.may_create_engagements) == (True, True)
    entry = AuditEntry.objects.get(action="account.rights_set")
    assert (entry.actor, entry.subject, entry.detail) == (
        ada,
        f"engagements.user:{user.pk}",
        {"administrator": True, "may_create_engagements": True},
    )


def test_a_liaison_gets_another_agency_but_no_rights_in_the_office(ada: User, uma: User) -> None:
    eoir = factories.make_agency("EOIR")
    assert accounts.move_liaison(uma, by=ada, agency=eoir).agency == eoir
    with pytest.raises(Refused) as error:
        accounts.set_rights(uma, by=ada, is_administrator=True, may_create_engagements=False)
    assert refusal(error) == "liaison"
    with pytest.raises(Refused) as error:
        accounts.move_liaison(factories.make_user("Subject"), by=ada, agency=eoir)
    assert refusal(error) == "office"


def test_deactivating_ends_every_session_for_good(
    ada: User, sign_in: Callable[[User], Client]
) -> None:
    user = factories.make_user("Subject")
    desktop, phone, bystander = sign_in(user), sign_in(user), sign_in(ada)
    assert desktop.get(reverse("office")).status_code == 200
    accounts.deactivate(user, by=ada)
    assert Session.objects.count() == 1
    accounts.reactivate(user, by=ada)
    for client in (desktop, phone):
        response = client.get(reverse("office"))
        assert response["Location"] == f"{reverse('account_login')}?next={reverse('office')}"
    assert bystander.get(reverse("office")).status_code == 200
    assert AuditEntry.objects.get(action="account.deactivated").detail == {"sessions": 2}


def test_an_inactive_account_is_out_even_with_a_session(
    sign_in: Callable[[User], Client],
) -> None:
    user = factories.make_user("Subject")
    client = sign_in(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(reverse("office")).status_code == 302


def test_the_same_change_twice_is_refused(ada: User) -> None:
    user = factories.make_user("Subject")
    accounts.deactivate(user, by=ada)
    with pytest.raises(Refused) as error:
        accounts.deactivate(user, by=ada)
    assert refusal(error) == "already"
    accounts.reactivate(user, by=ada)
    with pytest.raises(Refused) as error:
        accounts.reactivate(user, by=ada)
    assert refusal(error) == "already"


def test_an_accepted_invitation_is_neither_sent_again_nor_withdrawn(ada: User) -> None:
    invitation, token = invite(ada)
    accounts.accept(token, password=CHOSEN)
    actions: list[Callable[..., object]] = [accounts.resend, accounts.withdraw]
    for action in actions:
        with pytest.raises(Refused) as error:
            action(invitation, by=ada)
        assert refusal(error) == "not_open"
    assert Invitation.objects.filter(pk=invitation.pk).exists()


def test_sending_again_renews_the_time_and_kills_the_former_link(ada: User) -> None:
    invitation, former = invite(ada)
    with clock.set_to(clock.now() + timedelta(days=30)):
        _renewed, token = accounts.resend(invitation, by=ada)
        assert accounts.invitation_for(former) is None
        assert accounts.invitation_for(token) == invitation


def test_no_name_or_address_is_in_the_audit(ada: User) -> None:
    invitation, token = invite(ada)
    accounts.accept(token, password=CHOSEN)
    log = str(list(AuditEntry.objects.values()))
    assert [word for word in ("nora", "Nora", invitation.digest) if word in log] == []
