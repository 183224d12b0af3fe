"""Workers in processes of their own, killed in the middle of much mail."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.db import connection, connections

from config.env import BASE_DIR
from engagements import clock
from engagements.actions import mailing, sending
from engagements.models import Mailing, OutgoingMail, Registration, Worker
from tests import factories
from tests.mailbox import Mailbox, listening

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engagements.models import Engagement

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

PEOPLE = 2_000
PATIENCE = 280  # seconds


def environment(port: int) -> dict[str, str]:
    """That of this process, with its test database and the mailbox."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        url = f"sqlite:///{name}"
    else:
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    return os.environ | {"DATABASE_URL": url, "MAIL_URL": f"smtp://127.0.0.1:{port}"}


@contextmanager
def worker(port: int, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "work", "--every", "0.1", *options],
        cwd=BASE_DIR,
        env=environment(port),
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        _out, said = process.communicate(timeout=30)
        assert b"Traceback" not in said, said.decode()


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def crowd(engagement: Engagement, people: int = PEOPLE) -> None:
    category, notice = factories.category(), factories.make_registration(engagement, "X").notice
    Registration.objects.all().delete()
    Registration.objects.bulk_create(
        Registration(
            engagement=engagement,
            name=f"Person {number}",
            email=f"p{number}@public.example",
            email_key=f"p{number}@public.example",
            category=category,
            notice=notice,
        )
        for number in range(people)
    )


def mails() -> int:
    return OutgoingMail.objects.count()


def sent() -> int:
    return OutgoingMail.objects.filter(state="sent").count()


def age() -> None:
    """Time passes for what the killed worker had in hand."""
    past = clock.now() - 2 * sending.LEFT_LYING
    Mailing.objects.filter(state="laying").update(laid_at=past)
    OutgoingMail.objects.filter(state="sending").update(taken_at=past)


def test_a_worker_killed_while_laying_and_sending_loses_nothing(engagement: Engagement) -> None:
    crowd(engagement)
    Mailing.objects.create(engagement=engagement, occasion="moved")
    mailbox = Mailbox()
    with listening(mailbox) as port:
        with worker(port) as first:
            until(lambda: 0 < mails() < PEOPLE)
            first.kill()
            first.wait()
        laid_at_death = mails()
        assert laid_at_death % mailing.PIECE == 0
        assert Mailing.objects.get().state == "laying"
        age()

        with worker(port) as second:
            until(lambda: sent() > 100)
            second.kill()
            second.wait()
        in_hand = OutgoingMail.objects.filter(state="sending").count()
        assert in_hand <= 1
        age()

        with worker(port):
            until(lambda: sent() == PEOPLE)

    assert mails() == PEOPLE
    times = Counter(mailbox.to)
    assert len(times) == PEOPLE
    # At least once: the mail that was in hand may come twice, and says so by its Message-ID.
    twice = [to for to, number in times.items() if number > 1]
    assert len(twice) <= in_hand
    numbers = [message["Message-ID"] for message in mailbox.messages()]
    assert len(set(numbers)) == PEOPLE


def test_two_workers_at_once_send_each_mail_once(engagement: Engagement) -> None:
    crowd(engagement, 400)
    Mailing.objects.create(engagement=engagement, occasion="moved")
    mailbox = Mailbox(delay=0.002)
    with listening(mailbox) as port, worker(port), worker(port):
        until(lambda: sent() == 400)
    assert Counter(Counter(mailbox.to).values()) == {1: 400}


def test_a_worker_that_is_told_to_stop_finishes_the_mail_in_hand(engagement: Engagement) -> None:
    crowd(engagement, 300)
    Mailing.objects.create(engagement=engagement, occasion="moved")
    mailbox = Mailbox(delay=0.01)
    with listening(mailbox) as port:
        with worker(port) as process:
            until(lambda: sent() > 5)
            assert Worker.objects.count() == 1
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        assert 5 < sent() < 300
        assert OutgoingMail.objects.filter(state="sending").count() == 0
        assert Worker.objects.count() == 0
        assert len(mailbox.to) == sent()


def test_a_worker_beside_another_process_ends_with_it(engagement: Engagement) -> None:
    script = (
        "import subprocess, sys, os, time\n"
        "made = subprocess.Popen([sys.executable, 'manage.py', 'work', '--every', '0.1',"
        " '--beside', str(os.getpid())])\n"
        "print(made.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=BASE_DIR, env=environment(1), stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline()
        until(lambda: Worker.objects.count() == 1)
        parent.kill()
    # It signs off when it ends by itself.
    until(lambda: Worker.objects.count() == 0)
    connections.close_all()
