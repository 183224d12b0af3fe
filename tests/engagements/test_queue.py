"""Tasks that pages ask for: run once, tried again, taken over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connections, transaction
from django.template import Context, Template
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from config.schedule import SCHEDULE, Timetable
from engagements import clock, tasks
from engagements.actions import working
from engagements.models import AuditEntry, Mailing, Office, Worker
from engagements.refusals import Refused
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engagements.models import Engagement

pytestmark = pytest.mark.django_db

NOW = factories.START
HERE = "tests.engagements.test_queue"

ran: list[Any] = []
faults: list[BaseException] = []


@task
def note(word: str) -> str:
    """Fails with each of the faults in turn, then does its work."""
    if faults:
        raise faults.pop(0)
    ran.append(word)
    return word.upper()


@task(takes_context=True)
def note_attempt(context: Any) -> None:
    ran.append(context.attempt)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    ran.clear()
    faults.clear()
    with clock.set_to(NOW):
        yield


def laid(word: str = "a") -> DBTaskResult[..., Any]:
    pk = working.enqueue(f"{HERE}.note", word)
    DBTaskResult.objects.update(enqueued_at=NOW)
    return DBTaskResult.objects.get(pk=pk)


def later(row: DBTaskResult[..., Any], **times: float) -> None:
    """Time passes for the row, which the library holds against the server's own clock."""
    DBTaskResult.objects.filter(pk=row.pk).update(run_after=NOW - timedelta(**times))


def test_a_task_runs_once_and_keeps_its_result() -> None:
    row = laid()
    assert [tasks.run_next_task("w1"), tasks.run_next_task("w1")] == [True, False]
    row.refresh_from_db()
    assert (ran, row.status, row.return_value, row.worker_ids) == (["a"], "SUCCESSFUL", "A", ["w1"])


def test_a_task_that_asks_for_it_is_told_its_attempt() -> None:
    working.enqueue(f"{HERE}.note_attempt")
    tasks.run_next_task("w1")
    assert ran == [1]


def test_a_task_is_laid_with_the_transaction_that_asks_for_it() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        laid()
        raise ZeroDivisionError
    assert DBTaskResult.objects.count() == 0


def test_a_task_may_wait() -> None:
    working.enqueue(f"{HERE}.note", "a", run_after=NOW + timedelta(days=30_000))
    assert tasks.run_next_task("w1") is False


def test_a_task_that_fails_is_tried_again_ever_later_and_given_up(
    caplog: pytest.LogCaptureFixture,
) -> None:
    faults.extend(ValueError("secret words") for _attempt in range(working.MOST_ATTEMPTS))
    row = laid()
    waits = []
    while row.status == "READY":
        assert tasks.run_next_task("w1")
        row.refresh_from_db()
        waits.append((row.run_after - NOW).total_seconds())
        later(row)
    assert waits[:-1] == list(working.BACK_OFF_SECONDS)
    assert (row.status, len(row.worker_ids), ran) == ("FAILED", working.MOST_ATTEMPTS, [])
    assert row.exception_class_path == "builtins.ValueError"
    assert "in note" in row.traceback
    assert "secret" not in row.traceback + caplog.text


def test_a_task_that_fails_once_succeeds_the_next_time() -> None:
    faults.append(ValueError("x"))
    row = laid()
    tasks.run_next_task("w1")
    later(row)
    assert tasks.run_next_task("w1")
    row.refresh_from_db()
    assert (ran, row.status, row.traceback) == (["a"], "SUCCESSFUL", "")


def test_what_an_action_refuses_is_not_tried_again() -> None:
    faults.append(Refused("no", "It is not possible."))
    row = laid()
    tasks.run_next_task("w1")
    row.refresh_from_db()
    assert (row.status, len(row.worker_ids)) == ("FAILED", 1)


def test_a_database_that_is_away_stops_the_round_and_gives_the_task_back() -> None:
    faults.append(OperationalError("server closed the connection"))
    row = laid()
    with pytest.raises(OperationalError):
        tasks.run_next_task("w1")
    row.refresh_from_db()
    assert row.status == "READY"
    later(row)
    assert tasks.run_next_task("w1")
    assert ran == ["a"]


def test_the_task_of_a_killed_worker_is_taken_over() -> None:
    working.sign("killed")
    row = laid()
    assert working.take("killed") == row
    silent = NOW + working.SILENCE
    with clock.set_to(silent):
        assert tasks.take_over_tasks() == 0
    with clock.set_to(silent + timedelta(seconds=1)):
        assert tasks.take_over_tasks() == 1
    later(row)
    assert tasks.run_next_task("w2")
    row.refresh_from_db()
    assert (ran, row.worker_ids) == (["a"], ["killed", "w2"])


def test_a_long_task_of_a_living_worker_is_left_alone() -> None:
    working.sign("slow")
    laid()
    working.take("slow")
    with clock.set_to(NOW + timedelta(hours=3)):
        working.sign("slow")
        assert tasks.take_over_tasks() == 0


def test_who_was_taken_over_does_not_disturb_who_took_over() -> None:
    laid()
    slow = working.take("slow")
    assert slow is not None
    with clock.set_to(NOW + timedelta(hours=1)):
        tasks.take_over_tasks()
    later(slow)
    with clock.set_to(NOW + timedelta(hours=2)):
        assert tasks.run_next_task("w2")
    assert working.finish(slow, result="late") is False
    assert working.fail(slow, error=ValueError()) is False
    slow.refresh_from_db()
    assert (slow.status, slow.return_value) == ("SUCCESSFUL", "A")


def test_a_task_that_kills_every_worker_is_given_up() -> None:
    row = laid()
    for attempt in range(working.MOST_ATTEMPTS):
        assert working.take(f"w{attempt}") is not None
        with clock.set_to(NOW + timedelta(hours=1)):
            tasks.take_over_tasks()
        later(row)
    row.refresh_from_db()
    assert (row.status, row.exception_class_path) == ("FAILED", "engagements.WorkerStopped")


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_run_each_task_once() -> None:
    for number in range(12):
        laid(str(number))

    def work(worker: int) -> None:
        try:
            while tasks.run_next_task(f"w{worker}"):
                pass
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert sorted(ran, key=int) == [str(number) for number in range(12)]
    assert {len(row.worker_ids) for row in DBTaskResult.objects.all()} == {1}


def test_old_rows_are_pruned() -> None:
    ages = {"SUCCESSFUL": (6, 8), "FAILED": (29, 31), "READY": (99,)}
    for status, days in ages.items():
        for age in days:
            finished = NOW - timedelta(days=age)
            DBTaskResult.objects.filter(pk=laid().pk).update(status=status, finished_at=finished)
    Worker.objects.create(name="old", seen_at=NOW - timedelta(days=8))
    working.sign("new")
    assert tasks.prune_tasks() == 2
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == [
        "FAILED",
        "READY",
        "SUCCESSFUL",
    ]
    assert [worker.name for worker in Worker.objects.all()] == ["new"]


def test_once_runs_tasks_too_and_lays_mailings(engagement: Engagement) -> None:
    factories.make_registration(engagement, "Ana")
    Mailing.objects.create(engagement=engagement, occasion="moved")
    laid()
    call_command("work", once=True)
    assert ran == ["a"]
    assert AuditEntry.objects.filter(action="mailing.laid").count() == 1


def test_the_timetable_tells_what_is_due() -> None:
    table = Timetable(NOW)
    assert table.due(NOW) == []
    assert table.due(NOW + timedelta(seconds=5)) == [tasks.close_lost_presence]
    # What was missed is made up once.
    assert table.due(NOW + timedelta(days=400)) == [runs for _expression, runs in SCHEDULE]
    assert table.due(NOW + timedelta(days=400, seconds=1)) == []
    # A clock that was set back does not stop it for as long as it went back.
    assert table.due(NOW) == [runs for _expression, runs in SCHEDULE]
    assert table.due(NOW + timedelta(seconds=1)) == []


def notice() -> str:
    return Template("{% load work %}{% worker_notice %}").render(Context()).strip()


def test_staff_are_told_when_work_waits_and_no_worker_is_seen() -> None:
    assert Office.objects.exists()
    assert notice() == ""
    laid()
    with clock.set_to(NOW + timedelta(minutes=4)):
        assert "No worker has ever been seen here." in notice()
        working.sign("w1")
        assert notice() == ""
    with clock.set_to(NOW + timedelta(minutes=9)):
        assert "No worker has been seen for" in notice()
    working.sign_off("w1")
    with clock.set_to(NOW + timedelta(minutes=2)):
        assert notice() == ""
