"""What the room tells a stakeholder beside the questions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from django.db.models import Max

from engagements import clock
from qa import states

if TYPE_CHECKING:
    from engagements.models import Registration
    from qa.models import Floor


def seconds_to_wait(floor: Floor, registration: Registration) -> int:
    """Until slow mode lets this stakeholder ask again; 0 for at once."""
    if not floor.seconds_between:
        return 0
    asked = floor.questions.filter(asker=registration).aggregate(last=Max("asked_at"))["last"]
    if asked is None:
        return 0
    passed: float = (clock.now() - asked).total_seconds()
    return max(0, math.ceil(floor.seconds_between - passed))


def questions_left(floor: Floor, registration: Registration) -> int | None:
    """Of those that one person may ask here; None where there is no such limit."""
    if floor.most_each is None:
        return None
    asked = floor.questions.filter(asker=registration).exclude(state=states.WITHDRAWN)
    return max(0, floor.most_each - asked.count())
