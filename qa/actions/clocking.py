"""The floor moves by the clock: each moment once, whoever looks first.

Who takes a question or a vote looks first, so nothing is taken after the closing moment even where
nobody else looks. The hubs look every few seconds, and the worker every minute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from engagements import audit, clock
from qa import events, queries, states

if TYPE_CHECKING:
    from datetime import datetime

    from engagements.models import User
    from qa.models import Floor

CLOCK = "clock"
"""Who did it, in the audit log."""


def advance(floor: Floor, now: datetime) -> bool:
    """Bring the floor to where its clock has it. Gives whether it moved.

    It must come from `events.lock` in this transaction. Where nothing is due this costs no query.
    """
    if floor.due(now) is None:
        return False
    # The engagement was read before the wait for the floor, and may have ended meanwhile.
    floor.engagement.refresh_from_db(fields=["state"])
    moment = floor.due(now)
    if moment is None:
        return False
    floor.clock_at = moment.at
    floor.save(update_fields=["clock_at"])
    return move(floor, moment.state, by=CLOCK)


def begin(floor: Floor, now: datetime) -> None:
    """The engagement starts. That ends the early window, and makes up for what passed before."""
    if floor.due(now) is not None:
        advance(floor, now)
    elif floor.early_opens_at is not None:
        move(floor, states.FLOOR_CLOSED, by=CLOCK)


def move(floor: Floor, state: str, *, by: User | str) -> bool:
    """Everybody is told, unless it stands there already. Gives whether it moved."""
    if floor.state == state:
        return False
    floor.state = state
    floor.save(update_fields=["state"])
    events.append_floor(floor)
    audit.record(f"floor.{state}", floor, by=by, engagement=floor.engagement)
    return True


@transaction.atomic
def look(floor_id: int) -> bool:
    """See `advance`."""
    return advance(events.lock(floor_id), clock.now())


def position(floor_id: int) -> queries.Position:
    """How far the floor has come, once its clock was looked at. Where nothing is due: one read."""
    found = queries.position(floor_id)
    return queries.position(floor_id) if found.is_clock_due and look(floor_id) else found


def look_at_all() -> int:
    """For the worker. Gives how many floors moved."""
    return sum(look(pk) for pk in queries.floors_due(clock.now()))
