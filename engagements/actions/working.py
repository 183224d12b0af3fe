"""The queue of tasks: rows of django-tasks, with what the library leaves to us.

A task that fails is due again later, a few times; one that a killed worker left running is taken
over. Whoever writes a task lets it run twice without harm.
"""

from __future__ import annotations

import traceback
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from engagements import clock
from engagements.models import Worker
from engagements.refusals import Refused

if TYPE_CHECKING:
    from datetime import datetime

BACK_OFF_SECONDS: Final = (10, 60, 300, 900)
"""Waits after the first failures."""

MOST_ATTEMPTS: Final = len(BACK_OFF_SECONDS) + 1

SILENCE: Final = timedelta(minutes=2)
"""A worker that gave no sign for so long was killed. It gives one every few seconds."""

KEPT: Final = timedelta(days=7)
KEPT_IF_FAILED: Final = timedelta(days=30)


def enqueue(task: str, *args: Any, run_after: datetime | None = None) -> str:
    """Lay a task into the queue, within the caller's transaction. Gives the id of its row.

    `task` is its full name, such as engagements.tasks.lists.read_list: tasks call actions, so an
    action cannot import one. The arguments are numbers and texts.
    """
    found = import_string(task)
    chosen = found.using(run_after=run_after) if run_after else found
    return str(chosen.enqueue(*args).id)


def sign(worker: str) -> None:
    """A sign of life of this worker."""
    now = clock.now()
    if not Worker.objects.filter(name=worker).update(seen_at=now):
        Worker.objects.bulk_create([Worker(name=worker)], ignore_conflicts=True)


def sign_off(worker: str) -> None:
    Worker.objects.filter(name=worker).delete()


def take(worker: str) -> DBTaskResult[..., Any] | None:
    """The next task that is due, for this worker alone, or None."""
    ready = DBTaskResult.objects.ready()
    for row in ready[:20]:
        # Of several workers that saw the row, one changes it.
        if DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.READY).update(
            status=TaskResultStatus.RUNNING,
            started_at=clock.now(),
            worker_ids=[*row.worker_ids, worker],
        ):
            row.refresh_from_db()
            return row
    return None


def finish(row: DBTaskResult[..., Any], *, result: object = None) -> bool:
    """Done. False when another worker has taken the task over meanwhile."""
    return bool(
        _attempt(row).update(
            status=TaskResultStatus.SUCCESSFUL,
            finished_at=clock.now(),
            return_value=result,
            exception_class_path="",
            traceback="",
        )
    )


def fail(row: DBTaskResult[..., Any], *, error: BaseException) -> bool:
    """Due again later; given up after `MOST_ATTEMPTS`, and at once when an action has refused.

    The row tells where it failed. What the error says is left out: it may repeat somebody's words.
    """
    where = "".join(traceback.format_tb(error.__traceback__))
    return _give_back(
        row,
        error=f"{type(error).__module__}.{type(error).__qualname__}",
        where=where,
        is_final=isinstance(error, Refused),
    )


def take_over() -> int:
    """Tasks of killed workers become due again. Returns how many."""
    alive = set(
        Worker.objects.filter(seen_at__gte=clock.now() - SILENCE).values_list("name", flat=True)
    )
    running = DBTaskResult.objects.running().filter(started_at__lt=clock.now() - SILENCE)
    left = [row for row in running if not alive.intersection(row.worker_ids[-1:])]
    return sum(_give_back(row, error="engagements.WorkerStopped") for row in left)


def prune() -> int:
    """Rows of tasks that ended long ago, and workers that are gone. Returns how many tasks."""
    now = clock.now()
    Worker.objects.filter(seen_at__lt=now - KEPT).delete()
    done, _each = DBTaskResult.objects.successful().filter(finished_at__lt=now - KEPT).delete()
    failed = DBTaskResult.objects.failed().filter(finished_at__lt=now - KEPT_IF_FAILED)
    return done + failed.delete()[0]


def _give_back(
    row: DBTaskResult[..., Any], *, error: str, where: str = "", is_final: bool = False
) -> bool:
    attempts = len(row.worker_ids)
    common: dict[str, Any] = {"exception_class_path": error, "traceback": where}
    if is_final or attempts >= MOST_ATTEMPTS:
        given_up = TaskResultStatus.FAILED
        return bool(_attempt(row).update(status=given_up, finished_at=clock.now(), **common))
    wait = timedelta(seconds=BACK_OFF_SECONDS[attempts - 1])
    return bool(
        _attempt(row).update(status=TaskResultStatus.READY, run_after=clock.now() + wait, **common)
    )


def _attempt(row: DBTaskResult[..., Any]) -> Any:
    """Only the attempt that is meant: by now another worker may have taken the task over."""
    return DBTaskResult.objects.filter(
        pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at
    )
