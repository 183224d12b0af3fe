"""Make a draft from counted facts, and bring its facts up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, clock
from engagements.models import Engagement
from engagements.refusals import NotAllowed, Refused
from readouts import queries, rules
from readouts.actions import editing
from readouts.models import Readout

if TYPE_CHECKING:
    from collections.abc import Callable

    from engagements.models import User
    from readouts.facts import Facts
    from readouts.provenance import Provenance


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
    facts, provenance = _agreeing(lambda: queries.traced(engagement))
    readout, is_new = Readout.objects.get_or_create(
        engagement=engagement, defaults=_counted(facts, provenance) | {"last_editor": by}
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
    fresh, provenance = _agreeing(lambda: queries.traced_anew(readout))
    editing.write(readout, by=by, revision=readout.revision, **_counted(fresh, provenance))
    audit.record(
        "readout.refreshed",
        readout,
        by=by,
        engagement=readout.engagement,
        **queries.figures(fresh),
    )
    return readout


def _agreeing(
    count: Callable[[], tuple[Facts, list[Provenance]]],
) -> tuple[Facts, list[Provenance]]:
    """The figures and where they come from. Refuses figures that contradict each other."""
    try:
        return count()
    except ValueError as contradiction:
        raise Refused(
            "contradiction",
            _("The figures contradict each other: %(how)s. Somebody may be changing them now.")
            % {"how": contradiction},
        ) from contradiction


def _counted(facts: Facts, provenance: list[Provenance]) -> dict[str, Any]:
    """The columns that change together."""
    return {
        "facts": facts.to_json(),
        "provenance": [entry.to_json() for entry in provenance],
        "counted_at": clock.now(),
    }
