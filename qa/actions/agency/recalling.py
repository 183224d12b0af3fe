"""Take back a list that was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, clock, outbox
from engagements.files.text import clean_line
from engagements.refusals import NotAllowed, Refused
from qa import rules, states
from qa.actions.agency import extending, hooks
from qa.models import Forwarding, Webhook
from qa.queries.agency import forwardings

if TYPE_CHECKING:
    from engagements.models import User

LONGEST_REASON: Final = 500


@transaction.atomic
def recall(forwarding: Forwarding, *, by: User, reason: str) -> Forwarding:
    """The agency can no longer open it, and its liaisons and systems are told why.

    What was downloaded stays on record. A list that it had superseded stays superseded.
    """
    if not rules.may_forward(by, forwarding.engagement):
        raise NotAllowed("not_allowed", _("You do not forward lists of this engagement."))
    reason = clean_line(reason)
    if not reason:
        raise Refused("reason", _("Please say why the list is recalled."))
    if len(reason) > LONGEST_REASON:
        words = _("A reason takes at most %(most)d characters.")
        raise Refused("too_long", words % {"most": LONGEST_REASON})
    changed = Forwarding.objects.filter(pk=forwarding.pk, state__in=states.REACHED_AGENCY).update(
        state=states.FORWARDING_RECALLED,
        recall_reason=reason,
        recalled_by=by,
        recalled_at=clock.now(),
    )
    if not changed:
        raise Refused("already", _("This list was recalled before."))
    forwarding.refresh_from_db()
    audit.record(
        "forwarding.recalled",
        forwarding,
        by=by,
        engagement=forwarding.engagement,
        number=forwarding.number,
        reason=audit.digest(reason),
    )
    extending.close(forwarding, by=by)
    hooks.lay(forwarding.agency, Webhook.Event.RECALLED, forwarding=forwarding)
    for liaison in forwardings.leads_of(forwarding.agency):
        outbox.post(
            "qa/recalled",
            to=liaison.email,
            engagement=forwarding.engagement,
            name=liaison.name,
            forwarding=forwarding,
        )
    return forwarding
