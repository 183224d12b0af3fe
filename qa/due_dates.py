"""When somebody is reminded of the due date of a list, and told that it went by. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

MORNING: Final = time(9)
"""Of the engagement's own day, so that the mail lies there when work begins."""

AGAIN: Final = 14
"""Days after which what is overdue is told once more, and so on until it is answered."""

LATE: Final = timedelta(days=7)
"""A step that nobody took for so long, since no worker ran, is left for the next one."""

REMINDED: Final = (-7, -1, 0, 1, 7)
"""To the agency: days after the due date, the ones before it negative; then again and again."""

ESCALATED: Final = (1,)
"""To the office."""


class Step(NamedTuple):
    """Days before the due date (negative: after it), and the moment, which is aware."""

    days: int
    at: datetime


def step(due_on: date, steps: Sequence[int], *, now: datetime, since: datetime) -> Step | None:
    """The latest step that has come, or None where there is none to take.

    `now` is aware, in the zone of the engagement. What came before `since`, when the due date was
    set, is not made up: whoever heard of the date then needs no reminder that it is near. Only the
    latest counts, so a worker that stood still sends one mail and not all that it missed.
    """
    today = now.date() if now.time() >= MORNING else now.date() - timedelta(days=1)
    gone = (today - due_on).days
    if gone < steps[0]:
        return None
    last = steps[-1]
    after = last + AGAIN * ((gone - last) // AGAIN) if gone >= last else _latest(steps, gone)
    at = datetime.combine(due_on + timedelta(days=after), MORNING, tzinfo=now.tzinfo)
    if at <= since or now - at > LATE:
        return None
    return Step(-after, at)


def days_left(due_on: date, now: datetime) -> int:
    """Whole days until the due date, negative when it went by. `now` is in the engagement's zone,
    and the day itself counts as none."""
    return (due_on - now.date()).days


def _latest(steps: Sequence[int], gone: int) -> int:
    return max(one for one in steps if one <= gone)
