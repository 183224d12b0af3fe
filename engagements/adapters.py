"""How allauth behaves here: accounts by invitation, mail by the outbox, links to our origin."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.shortcuts import resolve_url
from django.urls import reverse

from engagements import outbox, rules
from engagements.actions import accounts

if TYPE_CHECKING:
    from allauth.account.models import EmailConfirmation
    from django.http import HttpRequest, HttpResponse

    from engagements.models import User

MAILS: Final = {
    "account/email/password_reset_key": "accounts/password_reset",
    "account/email/unknown_account": "accounts/unknown",
    "account/email/email_confirmation": "accounts/confirm_address",
    "account/email/email_confirmation_signup": "accounts/confirm_address",
}
"""allauth's mails that can occur here, apart from its notices of changes, and our texts."""

PROOFS: Final = frozenset({"password", "mfa"})


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: an account begins with an invitation."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        if rules.is_liaison(request.user):
            return reverse("agency")
        if rules.is_office(request.user):
            return reverse("office")
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        accounts.note_sign_in(user)
        response: HttpResponse = super().post_login(request, user, **options)
        return response

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """Signing in is a proof as fresh as proving oneself again.

        Otherwise whoever must set up a second factor would be asked for the password twice in a
        row: to sign in, and at once to set it up.
        """
        return super().is_reauthentication_required(app=app, **options) and not self._is_fresh()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        outbox.post(MAILS[template_prefix], to=email, **context)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Always, whatever `ACCOUNT_EMAIL_NOTIFICATIONS` says, and with an entry in the audit."""
        accounts.tell_of_change(user, change=template_prefix.rpartition("/")[2], to=email or "")

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _dash, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return outbox.absolute(path)

    def get_email_confirmation_url(
        self, request: HttpRequest, emailconfirmation: EmailConfirmation
    ) -> str:
        return outbox.absolute(reverse("account_confirm_email", args=[emailconfirmation.key]))

    def _is_fresh(self) -> bool:
        since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        records = get_authentication_records(self.request, self.request.user)
        return any(record["method"] in PROOFS and record["at"] > since for record in records)
