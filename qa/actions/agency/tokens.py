"""Tokens for an agency's programs: made, used, revoked. Whoever has one acts for its maker."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from engagements import audit, clock
from engagements.files.text import clean_line
from engagements.refusals import NotAllowed, Refused
from qa import rules
from qa.models import ApiToken

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.db.models import QuerySet

    from engagements.models import User

PREFIX: Final = "ofl_"
"""So that a token which lies where it should not is known for what it is."""

BYTES: Final = 32
HINT: Final = len(PREFIX) + 4
LONGEST_LIFE: Final = timedelta(days=365)
MOST: Final = 20
"""Tokens of one agency at a time."""

NOTED_EVERY: Final = timedelta(minutes=1)
"""So often the time of the last use is written down; more often would be a write for each read."""

_TOKEN: Final = re.compile(PREFIX + r"[A-Za-z0-9_-]{43}")


class MadeToken(NamedTuple):
    """`text` is what a program sends. It is nowhere else, and cannot be had again."""

    token: ApiToken
    text: str


@transaction.atomic
def make(*, by: User, name: str, scopes: Collection[str], days: int) -> MadeToken:
    """A token for programs of the agency that `by` is a liaison of, for so many days."""
    agency = by.agency
    if agency is None or not rules.may_integrate(by):
        raise NotAllowed("not_allowed", _("You make no tokens for this agency."))
    name = clean_line(name)
    if not name:
        raise Refused("name", _("Give the token a name, such as the program that gets it."))
    unknown = set(scopes) - set(ApiToken.Scope.values)
    if unknown or not scopes:
        raise Refused("scopes", _("Choose at least one thing that the token may do."))
    if not 1 <= days <= LONGEST_LIFE.days:
        raise Refused("days", _("A token lasts for a year at most."))
    type(agency).objects.select_for_update().get(pk=agency.pk)
    if in_force().filter(agency=agency).count() >= MOST:
        raise Refused("many", _("The agency has too many tokens. Revoke one first."))
    text = PREFIX + secrets.token_urlsafe(BYTES)
    now = clock.now()
    token = ApiToken.objects.create(
        agency=agency,
        name=name[:120],
        scopes=[scope for scope in ApiToken.Scope.values if scope in scopes],
        digest=_digest(text),
        hint=text[:HINT],
        made_by=by,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    audit.record("token.made", token, by=by, agency=agency.pk, scopes=token.scopes, days=days)
    return MadeToken(token, text)


@transaction.atomic
def revoke(token: ApiToken, *, by: User) -> ApiToken:
    """It opens nothing any more, at once. What came by it stays on record."""
    if not rules.may_decide_about_integration(by, token.agency_id):
        raise NotAllowed("not_allowed", _("There is no such token."))
    changed = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(
        revoked_at=clock.now(), revoked_by=by
    )
    if not changed:
        raise Refused("already", _("This token was revoked before."))
    token.refresh_from_db()
    audit.record("token.revoked", token, by=by, agency=token.agency_id)
    return token


def use(text: str) -> ApiToken | None:
    """The token that this text is, if it opens anything now. Notes that it was used.

    None for every other text, for whatever reason. A token counts as long as its maker is a
    liaison of its agency.
    """
    if not _TOKEN.fullmatch(text):
        return None
    found = in_force().filter(digest=_digest(text)).select_related("agency", "made_by").first()
    if found is None or not _still_speaks_for(found):
        return None
    now = clock.now()
    if found.used_at is None or found.used_at <= now - NOTED_EVERY:
        _note(found, now)
    return found


def in_force() -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(Q(revoked_at=None) & Q(expires_at__gt=clock.now()))


def _still_speaks_for(token: ApiToken) -> bool:
    maker = token.made_by
    return rules.may_integrate(maker) and maker.agency_id == token.agency_id


def _note(token: ApiToken, now: datetime) -> None:
    ApiToken.objects.filter(pk=token.pk).update(used_at=now)
    token.used_at = now


def _digest(text: str) -> str:
    # No slow hash: there is nothing to guess in 256 random bits.
    return hashlib.sha256(text.encode()).hexdigest()
