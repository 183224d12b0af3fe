"""Make a draft from counted facts, and bring its facts up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit
from engagements.models import Engagement
from engagements.refusals import NotAllowed, Refused
from readouts import queries, rules
from readouts.actions import editing
from readouts.models import Readout

if TYPE_CHECKING:
    from engagements.models import User


@transaction.atomic
def draft(engagement: Engagement, *, by: User) -> Readout:
    """The one readout of an engagement that is over, with the facts as they stand now.

    A rehearsal has none.
    """
    if not rules.may_edit(by, engagement):
        raise NotAllowed("not_allowed", _("You do not edit this engagement's readout."))
    engagement = Engagement.objects.select_related("series", "agency").get(pk=engagement.pk)
    if engagement.is_rehearsal:
        raise Refused("rehearsal", _("This is a rehearsal: it has no readout."))
    if not engagement.is_over:
        raise Refused(
            "not_over",
            _("This engagement is %(state)s. Its readout is drafted when it has ended.")
            % {"state": engagement.get_state_display()},
        )
    facts = queries.gather(engagement)
    readout, is_new = Readout.objects.get_or_create(
        engagement=engagement, defaults={"facts": facts.to_json(), "last_editor": by}
    )
    if not is_new:
        raise Refused("already", _("This engagement has a readout already."))
    audit.record("readout.drafted", readout, by=by, engagement=engagement, **queries.figures(facts))
    return readout


@transaction.atomic
def refresh_facts(readout: Readout, *, by: User) -> Readout:
    """Count again. What the editors decided stays: whether the presentation will be posted."""
    editing.check_may_edit(readout, by)
    readout.refresh_from_db(fields=editing.REFRESHED)
    fresh = queries.fresh_facts(readout)
    editing.write(readout, by=by, revision=readout.revision, facts=fresh.to_json())
    audit.record(
        "readout.refreshed",
        readout,
        by=by,
        engagement=readout.engagement,
        **queries.figures(fresh),
    )
    return readout
