"""Take the word from a stakeholder, and give it back. The person is told both, at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, clock
from engagements.refusals import NotAllowed, Refused
from qa import events, rules
from qa.models import Silence

if TYPE_CHECKING:
    from engagements.models import Registration, User
    from qa.models import Floor, Question


@transaction.atomic
def silence(floor: Floor, *, by: User, registration: Registration, reason: str) -> Silence:
    """From now on the person reads and votes, and does not ask. What was asked stays."""
    locked = _lock(floor, by, registration)
    if locked.silences.filter(registration=registration, ended_at=None).exists():
        raise Refused("already", _("This person is silenced already."))
    made = Silence.objects.create(
        floor=locked, registration=registration, reason=reason, begun_by=by
    )
    audit.record(
        "registration.silenced",
        registration,
        by=by,
        engagement=locked.engagement,
        reason=audit.digest(reason),
    )
    events.standing_changed(locked, registration)
    return made


@transaction.atomic
def end_silence(floor: Floor, *, by: User, registration: Registration) -> Silence:
    """The person may ask again."""
    locked = _lock(floor, by, registration)
    found = locked.silences.filter(registration=registration, ended_at=None).first()
    if found is None:
        raise Refused("already", _("This person is not silenced."))
    found.ended_by, found.ended_at = by, clock.now()
    found.save(update_fields=["ended_by", "ended_at"])
    audit.record("registration.silence_ended", registration, by=by, engagement=locked.engagement)
    events.standing_changed(locked, registration)
    return found


@transaction.atomic
def look_up(floor: Floor, question: Question, *, by: User) -> None:
    """Somebody of the office is told who asked this question. Only kept on record."""
    if not rules.may_see_asker(by, floor.engagement):
        raise NotAllowed("not_allowed", _("You may not see who asked."))
    audit.record("question.asker_seen", question, by=by, engagement=floor.engagement)


def _lock(floor: Floor, by: User, registration: Registration) -> Floor:
    """The locked floor, so that a question that is asked meanwhile comes before or after."""
    if not rules.may_silence(by, floor.engagement):
        raise NotAllowed("not_allowed", _("You may not silence people here."))
    if registration.engagement_id != floor.engagement_id:
        raise NotAllowed("unknown_person", _("Nobody of that kind is registered here."))
    return events.lock(floor.pk)
