"""The first administrator, who invites everybody else."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit
from engagements.models import Office, User
from engagements.refusals import Refused


@transaction.atomic
def found(*, email: str, name: str, password: str) -> User:
    """An administrator for an office that has none. Refused as soon as there is one."""
    Office.objects.select_for_update().get()
    if User.objects.filter(is_administrator=True, is_active=True).exists():
        raise Refused(
            "already", _("There is an administrator already, who can invite more people.")
        )
    if User.objects.filter(email__iexact=email).exists():
        raise Refused("account_exists", _("There is an account with this address already."))
    user = User.objects.create_user(
        email, password, name=name, is_administrator=True, may_create_engagements=True
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    audit.record("account.founded", user, by="command line")
    return user
