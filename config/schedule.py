"""What the worker does by the clock, as cron expressions in UTC with seconds in front.

Each of these looks for rows that are due, so it may run on several workers at once, and a run that
was missed is made up by the next one. What a page asks for is a task in the queue instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from cronsim import CronSim

import qa.tasks
import readouts.tasks
from engagements import tasks

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEDULE: Final[tuple[tuple[str, Callable[[], object]], ...]] = (
    ("*/5 * * * * *", tasks.close_lost_presence),
    ("*/15 * * * * *", tasks.take_over_mail),
    ("*/15 * * * * *", tasks.take_over_tasks),
    ("0 * * * * *", qa.tasks.move_floors),
    ("*/10 * * * * *", qa.tasks.lay_answer_mails),
    ("*/10 * * * * *", qa.tasks.tell_webhooks),
    ("*/30 * * * * *", qa.tasks.take_over_deliveries),
    ("45 27 4 * * *", qa.tasks.prune_deliveries),
    ("35 0,15,30,45 * * * *", qa.tasks.remind_of_due_dates),
    ("30 */10 * * * *", tasks.expire_unconfirmed),
    ("45 17 * * * *", tasks.prune_tasks),
    ("*/10 * * * * *", readouts.tasks.publish_due),
    ("10 * * * * *", readouts.tasks.watch_figures),
    ("10 35 4 * * *", readouts.tasks.watch_all_figures),
    ("20 * * * * *", readouts.tasks.follow_commitments),
    ("40 5 12-20 * * *", readouts.tasks.remind_of_commitments),
    ("25 * * * * *", readouts.tasks.renew_search),
    ("50 47 3 * * *", readouts.tasks.renew_all_search),
)


@dataclass
class Entry:
    """A line of the schedule, and when it is due next."""

    expression: str
    runs: Callable[[], object]
    asked_at: datetime
    due_at: datetime

    @classmethod
    def of(cls, expression: str, runs: Callable[[], object], now: datetime) -> Entry:
        return cls(expression, runs, now, next(CronSim(expression, now)))

    def take(self, now: datetime) -> bool:
        """Whether it is due. Moments that went by count as one; so does a clock that went back."""
        is_due = self.due_at <= now or now < self.asked_at
        if is_due:
            self.due_at = next(CronSim(self.expression, now))
        self.asked_at = now
        return is_due


class Timetable:
    """The schedule as one worker goes through it."""

    def __init__(self, now: datetime | None = None) -> None:
        start = now or datetime.now(UTC)
        self.entries = [Entry.of(expression, runs, start) for expression, runs in SCHEDULE]

    def due(self, now: datetime | None = None) -> list[Callable[[], object]]:
        moment = now or datetime.now(UTC)
        return [entry.runs for entry in self.entries if entry.take(moment)]
