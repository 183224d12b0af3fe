"""Accounts: offered by invitation, given rights, taken out and let in again."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements import audit, clock, outbox, rules, signals
from engagements.models import Agency, Invitation, Office, User
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LIFETIME = timedelta(days=7)
TOKEN_BYTES = 32

CHANGES: dict[str, _StrPromise] = {
    "password_changed": gettext_lazy("The password was changed."),
    "password_reset": gettext_lazy("The password was reset by a link from a mail."),
    "password_set": gettext_lazy("A password was set."),
    "email_changed": gettext_lazy("The e-mail address for signing in was changed."),
    "email_deleted": gettext_lazy("An e-mail address was removed."),
    "totp_activated": gettext_lazy("An authenticator app was set up."),
    "totp_deactivated": gettext_lazy("The authenticator app was removed."),
    "recovery_codes_generated": gettext_lazy("New recovery codes were made."),
}
"""What the owner of an account is told by mail. The keys are those of allauth's notices."""


@transaction.atomic
def invite(
    *,
    by: User,
    email: str,
    name: str,
    agency: Agency | None = None,
    is_administrator: bool = False,
    may_create_engagements: bool = False,
    is_contributor: bool = False,
) -> tuple[Invitation, str]:
    """Offer an account of the office, or of one agency, and mail the link.

    By an administrator; to an account of the own agency also by a lead of it. Returns the
    invitation and its token, of which only the digest is stored.
    """
    _take_turn_for(agency, by)
    email = email.strip().lower()
    if agency is not None and (is_administrator or may_create_engagements):
        raise Refused("liaison", _("A liaison of an agency has no rights in the office."))
    if agency is None and is_contributor:
        raise Refused("office", _("A contributor belongs to an agency."))
    _check_unknown(email)
    if Invitation.objects.filter(email=email, accepted_at=None).exists():
        raise Refused(
            "invited",
            _("%(email)s has been invited already. You can send that invitation again.")
            % {"email": email},
        )
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation = Invitation.objects.create(
        email=email,
        name=name,
        agency=agency,
        is_administrator=is_administrator,
        may_create_engagements=may_create_engagements,
        is_contributor=is_contributor,
        digest=_digest(token),
        invited_by=by,
        expires_at=clock.now() + LIFETIME,
    )
    _send(invitation, token)
    audit.record("account.invited", invitation, by=by, **_rights(invitation))
    return invitation, token


@transaction.atomic
def resend(invitation: Invitation, *, by: User) -> tuple[Invitation, str]:
    """A new link for the same invitation, good for the whole time again. The old one is dead."""
    _take_turn_for(invitation.agency, by)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    now = clock.now()
    changed = Invitation.objects.filter(pk=invitation.pk, accepted_at=None).update(
        digest=_digest(token), invited_by=by, invited_at=now, expires_at=now + LIFETIME
    )
    if not changed:
        raise _no_longer_open()
    renewed = Invitation.objects.select_related("agency", "invited_by").get(pk=invitation.pk)
    _check_unknown(renewed.email)
    _send(renewed, token)
    audit.record("account.invited_again", renewed, by=by, **_rights(renewed))
    return renewed, token


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User) -> None:
    """Forget an invitation that nobody has accepted. Its link is dead."""
    _take_turn_for(invitation.agency, by)
    removed, _rows = Invitation.objects.filter(pk=invitation.pk, accepted_at=None).delete()
    if not removed:
        raise _no_longer_open()
    audit.record("account.invitation_withdrawn", invitation, by=by)


def invitation_for(token: str) -> Invitation | None:
    """The invitation that this token opens now, or None, for whatever reason.

    An invitation counts only as long as whoever gave it might give it now: an administrator, or
    a lead of the same agency.
    """
    by_lead = Q(invited_by__agency=F("agency"), invited_by__is_contributor=False)
    return (
        Invitation.objects.filter(
            Q(invited_by__is_administrator=True) | by_lead,
            digest=_digest(token),
            accepted_at=None,
            expires_at__gt=clock.now(),
            invited_by__is_active=True,
        )
        .select_related("agency", "invited_by")
        .first()
    )


@transaction.atomic
def accept(token: str, *, password: str) -> User:
    """Use the invitation up and open its account. The invitation proves the e-mail address.

    The password comes validated from `AcceptForm`.
    """
    _lock()
    invitation = invitation_for(token)
    # The condition, not the look before it, decides between two who come at once.
    if invitation is None or not Invitation.objects.filter(
        pk=invitation.pk, digest=invitation.digest, accepted_at=None
    ).update(accepted_at=clock.now()):
        raise _no_longer_open()
    _check_unknown(invitation.email)
    user = User.objects.create_user(
        invitation.email,
        password,
        name=invitation.name,
        agency=invitation.agency,
        is_administrator=invitation.is_administrator,
        may_create_engagements=invitation.may_create_engagements,
        is_contributor=invitation.is_contributor,
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    audit.record("account.opened", user, by=user, invitation=invitation.pk, **_rights(invitation))
    return user


@transaction.atomic
def set_rights(
    user: User, *, by: User, is_administrator: bool, may_create_engagements: bool
) -> User:
    """The rights of somebody of the office. Never one's own, so one administrator always stays."""
    _take_turn(by)
    _check_other(user, by)
    changed = User.objects.filter(pk=user.pk, agency=None).update(
        is_administrator=is_administrator, may_create_engagements=may_create_engagements
    )
    if not changed:
        raise Refused("liaison", _("A liaison of an agency has no rights in the office."))
    audit.record(
        "account.rights_set",
        user,
        by=by,
        administrator=is_administrator,
        may_create_engagements=may_create_engagements,
    )
    signals.rights_ended.send(User, account=user.pk)
    return User.objects.get(pk=user.pk)


@transaction.atomic
def move_liaison(user: User, *, by: User, agency: Agency) -> User:
    """From now on the liaison sees what went to this agency, and nothing of the former one."""
    _take_turn(by)
    _check_other(user, by)
    changed = User.objects.filter(pk=user.pk, agency__isnull=False).update(agency=agency)
    if not changed:
        raise Refused("office", _("This is an account of the office, not of an agency."))
    audit.record("account.agency_set", user, by=by, agency=agency.pk)
    signals.rights_ended.send(User, account=user.pk)
    return User.objects.select_related("agency").get(pk=user.pk)


@transaction.atomic
def set_contributor(user: User, *, by: User, is_contributor: bool) -> User:
    """Whether somebody of an agency sees only what is assigned. A lead makes a contributor of the
    own agency a liaison like herself; the other way is for administrators."""
    _take_turn_over(user, by, is_for_leads=not is_contributor)
    _check_other(user, by)
    changed = User.objects.filter(
        pk=user.pk, agency__isnull=False, is_contributor=not is_contributor
    ).update(is_contributor=is_contributor)
    if not changed:
        raise Refused("already", _("This account has these rights already."))
    audit.record("account.contributor_set", user, by=by, contributor=is_contributor)
    signals.rights_ended.send(User, account=user.pk)
    return User.objects.select_related("agency").get(pk=user.pk)


@transaction.atomic
def deactivate(user: User, *, by: User) -> User:
    """Nobody signs in with the account from now on, and its sessions are over for good.

    By an administrator; a contributor's also by a lead of the same agency.
    """
    _take_turn_over(user, by)
    _check_other(user, by)
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        raise Refused("already", _("This account is inactive already."))
    audit.record("account.deactivated", user, by=by, sessions=_end_sessions(user))
    signals.rights_ended.send(User, account=user.pk)
    return User.objects.get(pk=user.pk)


@transaction.atomic
def reactivate(user: User, *, by: User) -> User:
    """Password and second factor are as they were. By whoever may deactivate it."""
    _take_turn_over(user, by)
    _check_other(user, by)
    if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        raise Refused("already", _("This account is active already."))
    audit.record("account.reactivated", user, by=by)
    return User.objects.get(pk=user.pk)


def note_sign_in(user: User) -> None:
    audit.record("account.signed_in", user, by=user)


@transaction.atomic
def tell_of_change(user: User, *, change: str, to: str = "") -> None:
    """Audit a change to how somebody signs in, and mail it to the owner: to `to`, if it is given.

    `change` is one of `CHANGES`.
    """
    audit.record(f"account.{change}", user, by=user)
    outbox.post("accounts/changed", to=to or user.email, name=user.name, change=CHANGES[change])


def _take_turn(by: User) -> None:
    """One change to accounts at a time, by somebody who is an administrator at that moment.

    So two administrators cannot take each other's rights away, nor invite the same person twice.
    """
    _lock()
    if not rules.may_manage_people(User.objects.get(pk=by.pk)):
        raise NotAllowed("not_allowed", _("You may not manage people."))


def _take_turn_for(agency: Agency | None, by: User) -> None:
    """The same for an account of this agency, which its leads may offer, too."""
    if agency is None:
        _take_turn(by)
        return
    _lock()
    if not rules.may_invite_colleague(User.objects.get(pk=by.pk), agency):
        raise NotAllowed("not_allowed", _("You may not manage people."))


def _take_turn_over(user: User, by: User, *, is_for_leads: bool = True) -> None:
    """The same for an account that there is. A lead has a say over contributors alone, so that no
    lead shuts out another."""
    _lock()
    subject = User.objects.select_related("agency").get(pk=user.pk)
    actor = User.objects.get(pk=by.pk)
    if rules.may_manage_people(actor):
        return
    is_own = subject.agency is not None and rules.leads(actor, subject.agency)
    if not (is_own and subject.is_contributor and is_for_leads):
        raise NotAllowed("not_allowed", _("You may not manage people."))


def _lock() -> None:
    Office.objects.select_for_update().get()


def _check_other(user: User, by: User) -> None:
    if user.pk == by.pk:
        raise Refused(
            "oneself",
            _("You cannot change your own account here. Please ask another administrator."),
        )


def _check_unknown(email: str) -> None:
    if (
        User.objects.filter(email__iexact=email).exists()
        or EmailAddress.objects.filter(email__iexact=email, verified=True).exists()
    ):
        raise Refused(
            "account_exists",
            _("There is an account with the address %(email)s already.") % {"email": email},
        )


def _no_longer_open() -> Refused:
    return Refused(
        "not_open",
        _("This invitation is no longer open: it was accepted, replaced or withdrawn meanwhile."),
    )


def _send(invitation: Invitation, token: str) -> None:
    outbox.post(
        "engagements/invited",
        to=invitation.email,
        invitation=invitation,
        link=outbox.absolute(reverse("invitation", args=[token])),
    )


def _rights(invitation: Invitation) -> dict[str, Any]:
    return {
        "agency": invitation.agency_id,
        "administrator": invitation.is_administrator,
        "may_create_engagements": invitation.may_create_engagements,
        "contributor": invitation.is_contributor,
    }


def _end_sessions(user: User) -> int:
    """Sessions hold their account in their data only, so each that is still good is looked at."""
    good = Session.objects.filter(expire_date__gt=clock.now())
    own = [
        session.pk
        for session in good.iterator()
        if session.get_decoded().get(SESSION_KEY) == str(user.pk)
    ]
    return Session.objects.filter(pk__in=own).delete()[0]


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
