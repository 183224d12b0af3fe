"""Questions after the end, by the personal link, until a time that the office has set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import clock
from engagements.refusals import Refused
from qa import events
from qa.actions.asking import Ask, Intake, take_in
from qa.models import Question

if TYPE_CHECKING:
    from engagements.models import Registration
    from qa.models import Floor


class LateIntake(Intake):
    """The floor is closed, and the window for late questions decides instead."""

    source = Question.Source.LATE

    def shut(self) -> Refused | None:
        if self.floor.takes_late(self.now):
            return None
        return Refused(
            "late_closed",
            _("No more questions are taken for this engagement. Your question was not saved."),
        )


@transaction.atomic
def ask(floor: Floor, *, by: Registration, **asked: Any) -> Question:
    """Store a question, waiting for a moderator. As `asking.ask` in everything but the window."""
    locked = events.lock(floor.pk)
    locked.engagement.refresh_from_db(fields=["state"])
    asks = [Ask(by.pk, **asked)]
    outcome = take_in(LateIntake(locked, asks, clock.now()), asks)[0]
    if isinstance(outcome, Refused):
        raise outcome
    return outcome
