"""Signing in, signing out and forgetting: allauth with our adapter and settings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import allauth
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings as configured
from django.contrib.auth.hashers import get_hasher
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from engagements.actions.accounts import CHANGES
from engagements.adapters import MAILS
from engagements.models import AuditEntry, OutgoingMail, User
from tests import factories
from tests.factories import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django import Settings

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"
LINK = re.compile(rf"^{re.escape(configured.PUBLIC_URL)}(/\S+)$", re.MULTILINE)
NEW = "nine grey herons stand"


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def nora() -> User:
    return factories.make_user("Nora")


def sign_in_by_form(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post(LOGIN, {"login": email, "password": password})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def answer(response: Any) -> tuple[int, str, str]:
    """What a stranger sees, without the form's token and the address just typed."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", response.content.decode())
    body = re.sub(r"[\w.]+@[\w.]+", "ADDRESS", body)
    return response.status_code, response.get("Location", ""), body


def test_nobody_signs_up(nora: User) -> None:
    client = Client()
    sent = {"email": "eve@public.example", "password1": NEW, "password2": NEW}
    for response in (client.get("/accounts/signup/"), client.post("/accounts/signup/", sent)):
        assert response.status_code == 200
        assert "Accounts are by invitation" in response.content.decode()
    assert list(User.objects.all()) == [nora]
    assert OutgoingMail.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "page"), [("nora", "office"), ("uma", "agency")], ids=["office", "liaison"]
)
def test_everybody_begins_on_their_own_page(
    request: pytest.FixtureRequest, name: str, page: str
) -> None:
    user: User = request.getfixturevalue(name)
    client = Client()
    response = sign_in_by_form(client, user.email.upper())
    assert (response.status_code, response["Location"]) == (302, reverse(page))
    assert AuditEntry.objects.get().action == "account.signed_in"


def test_signing_in_leads_back_but_never_to_another_site(nora: User) -> None:
    sent = {"login": nora.email, "password": PASSWORD}
    inside = Client().post(LOGIN, sent | {"next": "/office/audit/"})
    assert inside["Location"] == "/office/audit/"
    for outside in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        assert Client().post(LOGIN, sent | {"next": outside})["Location"] == reverse("office")


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(nora: User) -> None:
    inactive = factories.make_user("Inactive", is_active=False)
    answers = {
        answer(sign_in_by_form(Client(), email, "a wrong pass phrase"))
        for email in (nora.email, inactive.email, "eve@public.example")
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 200


def test_an_unknown_address_costs_as_much_hashing_as_a_wrong_password(
    nora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    hasher = type(get_hasher())
    encode = hasher.encode

    def counting(self: Any, *args: Any) -> str:
        hashed.append("once")
        encoded: str = encode(self, *args)
        return encoded

    monkeypatch.setattr(hasher, "encode", counting)
    counts = []
    for email in (nora.email, "eve@public.example"):
        hashed.clear()
        sign_in_by_form(Client(), email, "a wrong pass phrase")
        counts.append(len(hashed))
    assert counts[0] == counts[1]


def test_forgetting_is_answered_alike_and_mailed_either_way(nora: User) -> None:
    answers = {
        answer(Client().post(RESET, {"email": email}))
        for email in (nora.email, "eve@public.example")
    }
    assert answers == {(302, "/accounts/password/reset/done/", "")}
    assert list(OutgoingMail.objects.order_by("pk").values_list("template", "to")) == [
        ("accounts/password_reset", nora.email),
        ("accounts/unknown", "eve@public.example"),
    ]


def test_an_inactive_account_neither_signs_in_nor_gets_a_link() -> None:
    user = factories.make_user("Inactive", is_active=False)
    client = Client()
    response = sign_in_by_form(client, user.email)
    assert (response["Location"], is_signed_in(client)) == ("/accounts/inactive/", False)
    Client().post(RESET, {"email": user.email})
    assert OutgoingMail.objects.get().template == "accounts/unknown"


def test_links_in_mails_have_our_origin_whatever_host_was_asked(nora: User) -> None:
    Client().post(RESET, {"email": nora.email}, headers={"host": "localhost"})
    poisoned = {"host": "127.0.0.1", "x-forwarded-host": "evil.example"}
    Client().post(RESET, {"email": nora.email}, headers=poisoned)
    foreign = Client().post(RESET, {"email": nora.email}, headers={"host": "evil.example"})
    assert foreign.status_code == 400
    bodies = list(OutgoingMail.objects.values_list("body", flat=True))
    assert [len(LINK.findall(body)) for body in bodies] == [1, 1]
    assert [body for body in bodies if "//localhost" in body or "evil" in body] == []


def test_the_link_in_the_mail_sets_a_new_password_once(nora: User) -> None:
    Client().post(RESET, {"email": nora.email})
    link = LINK.findall(OutgoingMail.objects.get().body)[0]
    client = Client()
    form = client.get(link)["Location"]
    client.post(form, {"password1": NEW, "password2": NEW})
    nora.refresh_from_db()
    assert nora.check_password(NEW)
    again = Client().get(link)
    assert "new password" in again.content.decode().lower()
    assert "password1" not in again.content.decode()
    assert AuditEntry.objects.get().action == "account.password_reset"
    assert OutgoingMail.objects.first().template == "accounts/changed"  # type: ignore[union-attr]


def test_a_session_gets_another_key_at_signing_in(nora: User) -> None:
    client = Client()
    client.get("/accounts/signup/")
    session = client.session
    session["planted"] = "by an attacker"
    session.save()
    fixed = str(session.session_key)
    client.cookies[configured.SESSION_COOKIE_NAME] = fixed
    sign_in_by_form(client, nora.email)
    assert is_signed_in(client)
    assert client.session.session_key != fixed
    assert not type(session)().exists(fixed)


def test_another_password_ends_the_other_sessions(nora: User) -> None:
    here, elsewhere = Client(), Client()
    sign_in_by_form(here, nora.email)
    sign_in_by_form(elsewhere, nora.email)
    here.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
    )
    assert here.get(reverse("office")).status_code == 200
    assert elsewhere.get(reverse("office")).status_code == 302
    mail = OutgoingMail.objects.get()
    assert (mail.to, str(CHANGES["password_changed"]) in mail.body) == (nora.email, True)
    assert "account.password_changed" in AuditEntry.objects.values_list("action", flat=True)


def test_after_five_failures_an_account_is_closed_for_a_while_from_every_address(
    nora: User,
) -> None:
    for number in range(8):
        Client().post(
            LOGIN,
            {"login": nora.email, "password": "a wrong pass phrase"},
            headers={"x-forwarded-for": f"203.0.113.{number}"},
        )
    client = Client()
    sign_in_by_form(client, nora.email)
    assert not is_signed_in(client)


def test_signing_out_needs_a_form(nora: User) -> None:
    client = Client()
    sign_in_by_form(client, nora.email)
    client.get("/accounts/logout/")
    assert is_signed_in(client)
    client.post("/accounts/logout/")
    assert not is_signed_in(client)


def test_a_second_factor_is_set_up_and_then_asked_for(nora: User) -> None:
    client = Client()
    sign_in_by_form(client, nora.email)
    page = client.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200
    secret = client.session["mfa.totp.secret"]
    counter = next(yield_hotp_counters_from_time())
    code = format_hotp_value(hotp_value(secret, counter))
    client.post("/accounts/2fa/totp/activate/", {"code": code})
    assert Authenticator.objects.filter(user=nora, type="totp").count() == 1
    client.post("/accounts/logout/")
    assert sign_in_by_form(client, nora.email)["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_signed_in(client)
    assert client.get(reverse("office")).status_code == 302


def test_somebody_who_only_has_the_cookie_proves_themselves_before_a_second_factor(
    nora: User, sign_in: Callable[[User], Client]
) -> None:
    response = sign_in(nora).get("/accounts/2fa/totp/activate/")
    assert response["Location"].startswith("/accounts/reauthenticate/")


def test_another_address_is_used_once_it_is_confirmed(nora: User) -> None:
    client = Client()
    sign_in_by_form(client, nora.email)
    client.post("/accounts/email/", {"action_add": "", "email": "nora@new.example"})
    mail = OutgoingMail.objects.get()
    assert (mail.template, mail.to) == ("accounts/confirm_address", "nora@new.example")
    nora.refresh_from_db()
    assert nora.email == "nora@office.example"
    client.post(LINK.findall(mail.body)[0])
    nora.refresh_from_db()
    assert nora.email == "nora@new.example"
    assert EmailAddress.objects.get(user=nora).email == "nora@new.example"
    told = OutgoingMail.objects.filter(template="accounts/changed")
    assert "nora@office.example" in told.values_list("to", flat=True)


def test_every_mail_that_allauth_can_send_here_has_our_words() -> None:
    used: set[str] = set()
    for app in ("account", "mfa"):
        for module in (Path(allauth.__file__).parent / app).rglob("*.py"):
            used |= set(re.findall(r'"((?:account|mfa)/email/\w+)"', module.read_text()))
    # Features that are switched off: signing up, codes by mail, security keys.
    off = {"account_already_exists", "login_code", "password_reset_code"}
    off |= {"webauthn_added", "webauthn_removed"}
    ours = {prefix.rpartition("/")[2] for prefix in MAILS} | set(CHANGES)
    assert {prefix.rpartition("/")[2] for prefix in used} - off == ours


def test_where_a_second_factor_is_required_every_page_waits_for_it(
    nora: User, uma: User, settings: Settings
) -> None:
    settings.MFA_REQUIRED = True
    for user, page in ((nora, reverse("office")), (uma, reverse("agency"))):
        client = Client()
        assert sign_in_by_form(client, user.email)["Location"] == page
        waiting = client.get(page)
        assert (waiting.status_code, waiting["Location"]) == (302, reverse("mfa_activate_totp"))
        assert client.get(waiting["Location"]).status_code == 200
        Authenticator.objects.create(user=user, type="totp", data={})
        assert client.get(page).status_code == 200
