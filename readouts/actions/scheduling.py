"""Publish at a set time. Until then the public knows nothing; then only what was seen goes out."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from engagements import audit, clock
from engagements.refusals import Refused
from readouts import queries, rules, states
from readouts.actions import clearing, editing, freezing, moving, publishing
from readouts.models import Readout

if TYPE_CHECKING:
    from datetime import datetime

    from engagements.models import User
    from readouts.queries.clearance import Clearance

CLOCK: Final = "clock"
"""Who did it, in the audit log."""

FAILED: Final = "failed"
"""Why it was not published, in the audit log, where an error stood in the way."""

FARTHEST: Final = timedelta(days=366)

logger = logging.getLogger(__name__)


def schedule(readout: Readout, *, by: User, at: datetime, revision: int, digest: str) -> Readout:
    """As `publishing.publish`, but later: everything that it asks for is asked now and then.

    Sets another time where one is set already. Raises Refused for a time that has passed.
    """

    def act(written: freezing.Written) -> Readout:
        clearance = _checked(readout, by=by, at=at, revision=revision, digest=digest)
        freezing.check(readout, written)
        plan = {"publish_at": at, "publish_by": by, "publish_digest": clearance.digest}
        Readout.objects.filter(pk=readout.pk).update(**plan)
        readout.refresh_from_db(fields=editing.REFRESHED)
        audit.record(
            "readout.schedule",
            readout,
            by=by,
            engagement=readout.engagement,
            publish_at=at.isoformat(),
            digest=clearance.digest,
        )
        return readout

    _checked(readout, by=by, at=at, revision=revision, digest=digest)
    return freezing.with_files(readout, act)


def _checked(readout: Readout, *, by: User, at: datetime, revision: int, digest: str) -> Clearance:
    """Of what may be published now and at that time. Raises Refused."""
    readout.refresh_from_db(fields=editing.REFRESHED)
    moving.check_is_second_person(readout, by)
    if readout.state == states.IN_REVIEW and readout.revision != revision:
        raise editing.Overtaken(readout)
    _check_time(at)
    publishing.check_words(readout)
    clearance = queries.clearance_of(readout)
    moving.check_digest(clearance.digest, digest)
    if readout.state != states.IN_REVIEW:
        raise Refused("wrong_state", moving.explain(readout, "publish"))
    publishing.check_is_cleared(clearance)
    return clearance


@transaction.atomic
def unschedule(readout: Readout, *, by: User) -> Readout:
    """Take it off the clock; it stays in review. Any reviewer may."""
    if not rules.may_review(by, readout.engagement):
        raise moving.not_a_reviewer()
    if not _take_off(readout):
        raise Refused("not_scheduled", _("No time is set for this readout any more."))
    audit.record("readout.unschedule", readout, by=by, engagement=readout.engagement)
    return readout


def publish_due() -> int:
    """Publish what is due. May run on several workers at once; gives how many it published."""
    now = clock.now()
    due = Readout.objects.filter(state=states.IN_REVIEW, publish_at__lte=now)
    published = 0
    for readout in due.select_related("engagement__series", "publish_by").order_by("publish_at"):
        try:
            published += _publish(readout)
        except Exception:
            # One that fails must not hold up the others.
            logger.exception("readout %s could not be published by the clock", readout.pk)
    return published


def _publish(readout: Readout) -> bool:
    """Whether this look published it. What was refused, or failed, is taken off the clock, and
    told. While the database cannot be written, the next look tries again."""
    by = readout.publish_by
    if by is None:
        return False
    planned_at, revision, digest = readout.publish_at, readout.revision, readout.publish_digest
    try:
        publishing.publish(readout, by=by, revision=revision, digest=digest, planned_at=planned_at)
    except Refused as refused:
        _give_up(readout, by, planned_at=planned_at, code=refused.code, reason=str(refused))
        return False
    except OperationalError:
        raise
    except Exception:
        reason = _("An error of the system stood in the way. Its log says more.")
        _give_up(readout, by, planned_at=planned_at, code=FAILED, reason=reason)
        raise
    return True


@transaction.atomic
def _give_up(
    readout: Readout, by: User, *, planned_at: datetime | None, code: str, reason: str
) -> None:
    if not _take_off(readout, planned_at=planned_at):
        return  # Another worker, or somebody, was here first.
    audit.record(
        "readout.not_published",
        readout,
        by=CLOCK,
        engagement=readout.engagement,
        reason=code,
    )
    clearing.tell_not_published(readout, by, reason=reason)


def _take_off(readout: Readout, *, planned_at: datetime | None = None) -> bool:
    rows = Readout.objects.filter(pk=readout.pk, state=states.IN_REVIEW, publish_at__isnull=False)
    if planned_at is not None:
        rows = rows.filter(publish_at=planned_at)
    changed = rows.update(publish_at=None, publish_by=None, publish_digest="")
    readout.refresh_from_db(fields=editing.REFRESHED)
    return bool(changed)


def _check_time(at: datetime) -> None:
    now = clock.now()
    if at <= now:
        raise Refused("past", _("That time has passed. Set a later one, or publish now."))
    if at > now + FARTHEST:
        raise Refused("too_far", _("A readout can be set to be published within a year."))
