"""The life of an account: invited, opened, given rights, taken out."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse

from engagements import clock
from engagements.actions import accounts
from engagements.models import AuditEntry, Invitation, OutgoingMail, User
from engagements.refusals import NotAllowed, Refused
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db

CHOSEN = "seven quiet otters swim"


def invite(by: User, **changes: Any) -> tuple[Invitation, str]:
    given: dict[str, Any] = {"email": "nora@office.example", "name": "Nora New"}
    return accounts.invite(by=by, **(given | changes))


def refusal(error: pytest.ExceptionInfo[Refused]) -> str:
    return error.value.code


def test_the_link_is_mailed_and_only_a_digest_is_kept(ada: User) -> None:
    invitation, token = invite(ada, email=" Nora@Office.Example ", may_create_engagements=True)
    mail = OutgoingMail.objects.get()
    assert (mail.template, mail.to) == ("engagements/invited", "nora@office.example")
    link = settings.PUBLIC_URL + reverse("invitation", args=[token])
    assert link in mail.body.splitlines()
    assert invitation.digest == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(Invitation.objects.values().get())
    assert token not in str(list(AuditEntry.objects.values()))
    assert len(token) >= 43  # 256 bits in base 64


def test_every_token_is_another(ada: User) -> None:
    tokens = {invite(ada, email=f"{n}@office.example")[1] for n in range(20)}
    assert len(tokens) == 20


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
    changes: list[Callable[[], object]] = [
        lambda: accounts.set_rights(
            ada, by=ada, is_administrator=False, may_create_engagements=True
        ),
        lambda: accounts.deactivate(ada, by=ada),
        lambda: accounts.reactivate(ada, by=ada),
    ]
    for change in changes:
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


@pytest.mark.django_db(transaction=True)
def test_of_many_who_accept_at_once_one_gets_the_account(ada: User) -> None:
    _invitation, token = invite(ada)
    outcomes = at_once(lambda: accounts.accept(token, password=CHOSEN))
    assert sorted(outcomes) == ["done", "not_open", "not_open", "not_open"]
    assert User.objects.filter(email="nora@office.example").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_invitations_to_one_address_at_once_one_goes_out(ada: User) -> None:
    outcomes = at_once(lambda: invite(ada))
    assert sorted(outcomes) == ["done", "invited", "invited", "invited"]
    assert (Invitation.objects.count(), OutgoingMail.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_who_take_each_other_out_at_once_one_stays(ada: User) -> None:
    other = factories.make_user("Other", is_administrator=True)
    duels = iter([(ada, other), (other, ada)])

    def strike() -> None:
        victim, by = next(duels)
        accounts.deactivate(victim, by=by)

    outcomes = at_once(strike, threads=2)
    assert sorted(outcomes) == ["done", "not_allowed"]
    assert User.objects.filter(is_active=True, is_administrator=True).count() == 1


def at_once(action: Callable[[], object], *, threads: int = 4) -> list[str]:
    def outcome(_number: int) -> str:
        try:
            action()
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(outcome, range(threads)))
