"""Find published numbers that are others now, and tell the editors. The public page stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements import audit, clock, outbox
from engagements.files.text import clean_line
from engagements.models import Membership, Role
from engagements.refusals import NotAllowed, Refused
from readouts import queries, rules
from readouts.models import Readout

if TYPE_CHECKING:
    from engagements.models import User
    from readouts.queries import Drift

SYSTEM: Final = "look at published figures"
LONGEST_REASON: Final = 300
AT_ONCE: Final = 20


def look() -> int:
    """Look at readouts of whose engagement the log tells news. Gives how many drifted anew.

    A few at a time, so that the worker gets on with everything else; the next run takes the others.
    """
    waiting = queries.with_news().order_by("pk").values_list("pk", flat=True)
    return sum(look_at(pk) for pk in list(waiting[:AT_ONCE]))


def look_anew() -> int:
    """Have every readout in force looked at again: what changed rows without the log is found too.

    Gives how many `look` takes up, a few at a time.
    """
    return queries.in_force().update(looked_at_entry=0)


@transaction.atomic
def look_at(pk: int) -> bool:
    """Compare what is published with what would be counted now, and keep what differs.

    True when something differs that did not before: the editors are written to, once.
    """
    readout = queries.in_force().select_for_update(of=("self",)).filter(pk=pk).first()
    version = queries.latest_in_force(readout) if readout else None
    if readout is None or version is None:
        return False
    looked_at = queries.last_entry(readout.engagement)
    version.readout = readout
    try:
        found = queries.find_drift(version)
    except ValueError:
        # Somebody is changing rows now; their entry in the log brings the next look.
        found = queries.drift_of(readout)
    if found == queries.drift_of(readout):
        Readout.objects.filter(pk=pk).update(looked_at_entry=looked_at)
        return False
    return _keep(readout, found, looked_at=looked_at)


@transaction.atomic
def settle(readout: Readout, *, by: User, reason: str) -> Readout:
    """Leave the published numbers as they are, although others are counted now, for a reason.

    Another drift opens the matter again.
    """
    if not rules.may_edit(by, readout.engagement):
        raise NotAllowed("not_allowed", _("You do not edit this engagement's readout."))
    reason = clean_line(reason)
    if not reason:
        raise Refused("empty", _("Please say why the published figures stay as they are."))
    if len(reason) > LONGEST_REASON:
        raise Refused(
            "too_long",
            _("The reason has %(length)d characters; %(most)d are possible.")
            % {"length": len(reason), "most": LONGEST_REASON},
        )
    readout.refresh_from_db(fields=["drift"])
    found = queries.drift_of(readout)
    if not found or queries.settled(readout):
        raise Refused("nothing_open", _("No difference waits for a decision."))
    note = {"settled": by.pk, "reason": reason, "at": clock.now().isoformat()}
    before, after = readout.drift, [*readout.drift, note]
    if not Readout.objects.filter(pk=readout.pk, drift=before).update(drift=after):
        raise Refused("overtaken", _("The figures changed again. Please look at them anew."))
    readout.drift = after
    audit.record(
        "readout.drift_settled",
        readout,
        by=by,
        engagement=readout.engagement,
        figures=[one.key for one in found],
        reason=audit.digest(reason),
    )
    return readout


def _keep(readout: Readout, found: list[Drift], *, looked_at: int) -> bool:
    """Our own entry brings one more look, which finds what others did while this one counted."""
    audit.record(
        "readout.drifted" if found else "readout.drift_gone",
        readout,
        by=SYSTEM,
        engagement=readout.engagement,
        figures={one.key: [one.was, one.now] for one in found},
    )
    Readout.objects.filter(pk=readout.pk).update(
        drift=[one.to_json() for one in found],
        drift_found_at=clock.now() if found else None,
        looked_at_entry=looked_at,
    )
    if found:
        _tell_editors(readout, found)
    return bool(found)


def _tell_editors(readout: Readout, found: list[Drift]) -> None:
    editors = Membership.objects.filter(
        engagement=readout.engagement, role=Role.EDITOR, user__is_active=True
    )
    for membership in editors.select_related("user"):
        outbox.post(
            "readouts/drifted",
            to=membership.user.email,
            name=membership.user.name,
            title=readout.engagement.full_title,
            drift=[str(one) for one in found],
            link=outbox.absolute(reverse("readout-edit", args=[readout.engagement.slug])),
        )
