"""Tasks that pages have asked for are run, one after the other."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.db import InterfaceError, OperationalError
from django_tasks import TaskContext

from engagements.actions import working

if TYPE_CHECKING:
    from django_tasks_db.models import DBTaskResult

log = logging.getLogger(__name__)


def run_next_task(worker: str) -> bool:
    """Run the next task that is due. False when there is none.

    A task that fails is due again later; when the database is away, once it is back.
    """
    row = working.take(worker)
    if row is None:
        return False
    try:
        result = _call(row)
    except (OperationalError, InterfaceError):
        # Nothing can be noted now. The row stays with this worker until it is taken over.
        _note_if_possible(row)
        raise
    except Exception as error:  # noqa: BLE001 - whatever it was, the worker goes on
        is_noted = working.fail(row, error=error)
        log.warning("task %s of %s failed: %s", row.pk, row.task_path, type(error).__name__)
    else:
        is_noted = working.finish(row, result=result)
    if not is_noted:
        log.warning("task %s was taken over by another worker", row.pk)
    return True


def sign(worker: str) -> None:
    working.sign(worker)


def sign_off(worker: str) -> None:
    working.sign_off(worker)


def take_over_tasks() -> int:
    return working.take_over()


def prune_tasks() -> int:
    return working.prune()


def _call(row: DBTaskResult[..., Any]) -> object:
    given = row.args_kwargs
    if row.task.takes_context:
        context = TaskContext(task_result=row.task_result)  # type: ignore[arg-type]  # two packages
        return row.task.call(context, *given["args"], **given["kwargs"])
    return row.task.call(*given["args"], **given["kwargs"])


def _note_if_possible(row: DBTaskResult[..., Any]) -> None:
    try:
        working.fail(row, error=OperationalError())
    except (OperationalError, InterfaceError):
        log.warning("task %s could not be given back: the database is away", row.pk)
