from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Timer
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import OperationalError, connection, connections

from engagements import clock, tasks
from engagements.actions import attending, sending
from engagements.models import AttendanceInterval, Mailing, OutgoingMail
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.conf import LazySettings
    from django.core.mail import EmailMessage

    from engagements.models import Registration

pytestmark = pytest.mark.django_db

NOW = factories.START
BROKEN = "tests.engagements.test_work.BrokenBackend"


class BrokenBackend(EmailBackend):
    """A mail server that is away, as smtplib tells of it."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        raise ConnectionRefusedError(111, "Connection refused")


@pytest.fixture(autouse=True)
def _delivery(settings: LazySettings) -> None:
    settings.MAIL_DELIVERY = True
    settings.DEFAULT_FROM_EMAIL = "no-reply@floor.example"
    settings.PUBLIC_URL = "https://floor.example"


def lay(to: str = "ana@example.org", **fields: object) -> OutgoingMail:
    values = {"template": "engagements/registered", "subject": "Your link", "body": "Here.\n"}
    times = {"created_at": NOW, "due_at": NOW}
    return OutgoingMail.objects.create(to=to, **(values | times | fields))


def sweep(at: timedelta = timedelta()) -> int:
    with clock.set_to(NOW + at):
        tasks.take_over_mail()
        return tasks.send_due_mail()


def test_due_mail_is_sent_once() -> None:
    row = lay()
    lay("later@example.org", due_at=NOW + timedelta(minutes=5))
    assert (sweep(), sweep()) == (1, 0)
    (message,) = mail.outbox
    assert (message.to, message.subject, message.body, message.from_email) == (
        ["ana@example.org"],
        "Your link",
        "Here.\n",
        "no-reply@floor.example",
    )
    assert (
        message.extra_headers["Message-ID"] == f"<mail-{row.pk}.20210414180000000000@floor.example>"
    )
    row.refresh_from_db()
    assert (row.state, row.sent_at, row.attempts) == ("sent", NOW, 1)


def test_without_a_mail_server_everything_stays(settings: LazySettings) -> None:
    settings.MAIL_DELIVERY = False
    row = lay()
    assert sweep() == 0
    row.refresh_from_db()
    assert (row.state, row.attempts, mail.outbox) == ("waiting", 0, [])


def test_a_failure_is_tried_again_ever_later_and_given_up_at_last(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = BROKEN
    row = lay()
    waits = []
    at = timedelta()
    while row.state == "waiting":
        assert sweep(at) == 1
        row.refresh_from_db()
        waits.append((row.due_at - NOW - at) // timedelta(minutes=1))
        at = row.due_at - NOW
    assert waits == [1, 5, 15, 60, 60, 60, 60, 60, 60, 60]
    assert (row.state, row.attempts) == ("failed", sending.MOST_ATTEMPTS)
    assert row.last_error == "ConnectionRefusedError: [Errno 111] Connection refused"
    assert sweep(at) == 0


def test_after_ten_minutes_without_a_server_the_mail_goes_once(settings: LazySettings) -> None:
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = BROKEN
    row = lay()
    for minute in range(10):
        sweep(timedelta(minutes=minute))
    settings.EMAIL_BACKEND = working
    for minute in range(10, 40):
        sweep(timedelta(minutes=minute))
    row.refresh_from_db()
    assert (row.state, row.last_error, len(mail.outbox)) == ("sent", "", 1)


def test_the_log_names_no_address(settings: LazySettings, caplog: pytest.LogCaptureFixture) -> None:
    settings.EMAIL_BACKEND = BROKEN
    row = lay("canary@example.org")
    sweep()
    assert [record.getMessage() for record in caplog.records] == [
        f"mail {row.pk} was not sent: ConnectionRefusedError"
    ]


def test_a_header_that_cannot_be_written_fails_and_holds_up_nobody() -> None:
    broken = lay(subject="Your\nlink")
    fine = lay("omar@example.org")
    assert sweep() == 2
    broken.refresh_from_db()
    fine.refresh_from_db()
    assert (broken.state, fine.state) == ("waiting", "sent")
    assert broken.last_error.startswith("BadHeaderError:")


@pytest.mark.parametrize("to", ["=1+1@b.org", '"<script>alert(1)</script>"@b.org'])
def test_strange_addresses_are_written_to(to: str) -> None:
    lay(to)
    sweep()
    assert [message.recipients() for message in mail.outbox] == [[to]]


def test_mail_of_a_killed_worker_is_taken_over_after_ten_minutes() -> None:
    row = lay()
    with clock.set_to(NOW):
        assert sending.take(row.pk) == row
        assert sending.take(row.pk) is None
    assert (sweep(timedelta(minutes=10)), mail.outbox) == (0, [])
    assert sweep(timedelta(minutes=10, seconds=1)) == 1
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("sent", 2)


def test_a_mail_that_kills_every_worker_is_given_up() -> None:
    row = lay(attempts=sending.MOST_ATTEMPTS, state="sending", taken_at=NOW)
    assert sweep(timedelta(minutes=11)) == 0
    row.refresh_from_db()
    assert (row.state, row.last_error) == ("failed", "the worker was stopped while sending")


def test_a_failure_told_late_does_not_disturb_who_took_over() -> None:
    row = lay()
    with clock.set_to(NOW):
        slow = sending.take(row.pk)
    assert slow is not None
    sweep(timedelta(minutes=11))
    sending.mark_failed(slow, error="late")
    slow.refresh_from_db()
    assert (slow.state, slow.last_error) == ("sent", "")


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_send_each_mail_once() -> None:
    for number in range(12):
        lay(f"person{number}@example.org")

    def take_all(_worker: int) -> list[int]:
        taken: list[int] = []
        try:
            taken.extend(pk for pk in sending.due(12) if sending.take(pk) is not None)
        finally:
            connections.close_all()
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [pk for pks in pool.map(take_all, range(4)) for pk in pks]
    assert sorted(taken) == sorted(OutgoingMail.objects.values_list("pk", flat=True))


def test_once_does_what_is_due_and_exits(ana: Registration) -> None:
    lay()
    lay("omar@example.org")
    with clock.set_to(NOW):
        attending.arrive(ana)
    call_command("work", once=True)
    assert sorted(message.to[0] for message in mail.outbox) == [
        "ana@example.org",
        "omar@example.org",
    ]
    assert AttendanceInterval.objects.get().closed_at == NOW


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_stops_when_told_and_leaves_signals_as_they_were(
    number: signal.Signals,
) -> None:
    lay()
    before = signal.getsignal(number)
    timer = Timer(0.3, os.kill, (os.getpid(), number))

    def start_once_sent(execute: Callable[..., Any], sql: str, given: Any, *more: Any) -> Any:
        if sql.startswith("UPDATE") and "sent" in given:
            timer.start()
        return execute(sql, given, *more)

    with connection.execute_wrapper(start_once_sent):
        call_command("work", every=60)
    timer.join()
    assert signal.getsignal(number) == before
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_faulty_mailing_does_not_stop_the_mail_of_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    engagement = factories.make_engagement()
    factories.make_registration(engagement, "Ana")
    Mailing.objects.create(
        engagement=engagement, occasion=Mailing.Occasion.MOVED, audience={"former": ["once", "Ana"]}
    )
    lay()

    def stop_once_sent(execute: Callable[..., Any], sql: str, given: Any, *more: Any) -> Any:
        if sql.startswith("UPDATE") and "sent" in given:
            os.kill(os.getpid(), signal.SIGTERM)
        return execute(sql, given, *more)

    with connection.execute_wrapper(stop_once_sent):
        call_command("work", every=0)
    assert [message.to for message in mail.outbox] == [["ana@example.org"]]
    (told,) = (record.getMessage() for record in caplog.records)
    assert told.startswith("background work failed: ValueError\n")
    assert "once" not in told


@pytest.mark.django_db(transaction=True)
def test_the_worker_outlives_a_database_that_is_away(caplog: pytest.LogCaptureFixture) -> None:
    lay()
    failures = iter([OperationalError("server closed the connection")])

    def fail_once(execute: Callable[..., Any], *call: Any) -> Any:
        for failure in failures:
            raise failure
        os.kill(os.getpid(), signal.SIGTERM)
        return execute(*call)

    with connection.execute_wrapper(fail_once):
        call_command("work", every=0)
    assert [record.getMessage() for record in caplog.records] == [
        "the database did not answer: OperationalError"
    ]
    call_command("work", once=True)
    assert len(mail.outbox) == 1
