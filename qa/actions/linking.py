"""Links by which a device opens screen or speaker view without a sign-in."""

from __future__ import annotations

import hashlib
import secrets
from functools import partial
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, clock
from engagements.refusals import NotAllowed, Refused
from qa import events, rules
from qa.models import ViewLink

if TYPE_CHECKING:
    from engagements.models import Speaker, User
    from qa.models import Floor

TOKEN_BYTES: Final = 32
MOST_OPEN: Final = 40
"""Of one engagement. Nobody knows any more which device of so many is which."""


@transaction.atomic
def make(
    floor: Floor, *, by: User, name: str, speaker: Speaker | None = None
) -> tuple[ViewLink, str]:
    """A link for a device, and its token, of which only the digest is stored.

    With a speaker it opens that speaker's view, else the big screen.
    """
    if not rules.may_link_devices(by, floor.engagement):
        raise NotAllowed("not_allowed", _("You do not moderate this engagement."))
    locked = events.lock(floor.pk)
    if not rules.is_staged(locked.engagement):
        raise Refused("not_live", _("This engagement is over. A link would open nothing."))
    if locked.view_links.filter(revoked_at=None).count() >= MOST_OPEN:
        raise Refused(
            "too_many",
            _("There are %(most)d links already. Revoke one first.") % {"most": MOST_OPEN},
        )
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = ViewLink.objects.create(
        floor=locked, name=name, speaker=speaker, made_by=by, token_digest=_digest(token)
    )
    audit.record(
        "device.linked", link, by=by, engagement=locked.engagement, speaker=link.speaker_id
    )
    return link, token


@transaction.atomic
def revoke(link: ViewLink, *, by: User) -> ViewLink:
    """Its device is out at once, on every process, and does not come back."""
    engagement = link.floor.engagement
    if not rules.may_link_devices(by, engagement):
        raise NotAllowed("not_allowed", _("You do not moderate this engagement."))
    standing = ViewLink.objects.filter(pk=link.pk, revoked_at=None)
    if not standing.update(revoked_at=clock.now(), revoked_by=by):
        raise Refused("already", _("This link was revoked already."))
    link.refresh_from_db()
    audit.record("device.revoked", link, by=by, engagement=engagement)
    transaction.on_commit(partial(events.tell_rights_ended, device=link.pk))
    return link


def link_for(token: str) -> ViewLink | None:
    """The link that this token opens now; None for whatever reason."""
    found = ViewLink.objects.select_related("floor__engagement", "speaker")
    link = found.filter(token_digest=_digest(token)).first()
    return link if link and rules.is_link_open(link) else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
