"""The background worker: mail, tasks that pages ask for, and what is done by the clock."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import time
import traceback
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Final

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connections

from config.schedule import SCHEDULE, Timetable
from engagements import tasks

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable
    from types import FrameType

log = logging.getLogger(__name__)

SIGN_EVERY: Final = 10.0  # seconds
MAILS_AT_ONCE: Final = 50


class Command(BaseCommand):
    help = (
        "Background work: lays and sends due mail, runs tasks that pages ask for, and what is due "
        "by the clock. Runs until SIGTERM or SIGINT, and ends after the piece in hand. Several may "
        "run at once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then exit")
        parser.add_argument(
            "--every", type=float, default=2.0, metavar="SECONDS", help="pause between two rounds"
        )
        parser.add_argument(
            "--beside", type=int, metavar="PID", help="end as soon as this parent process has ended"
        )

    def handle(self, *, once: bool, every: float, beside: int | None, **options: Any) -> None:
        worker = Worker(every=every, beside=beside)
        if once:
            worker.once()
        else:
            worker.run()


class Worker:
    """Two threads: mail and the clock in the first, long tasks in the second, so neither waits."""

    def __init__(self, *, every: float, beside: int | None = None) -> None:
        self.every = every
        self.beside = beside
        self.name = f"{socket.gethostname()[:32]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.stop = Event()
        self.timetable = Timetable()
        self.signed_at = -SIGN_EVERY

    def once(self) -> None:
        for _expression, runs in SCHEDULE:
            runs()
        self._mail()
        while tasks.run_next_task(self.name):
            pass
        self._mail()

    def run(self) -> None:
        former = {
            number: signal.signal(number, self._on_signal)
            for number in (signal.SIGTERM, signal.SIGINT)
        }
        second = Thread(target=self._repeat, args=[self._tasks], name="tasks")
        second.start()
        try:
            self._repeat(self._round)
        finally:
            self.stop.set()
            second.join()
            _whatever_happens(lambda: tasks.sign_off(self.name))
            for number, handler in former.items():
                signal.signal(number, handler)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stop.set()

    def _repeat(self, work: Callable[[], None]) -> None:
        while not self._is_told():
            close_old_connections()
            _whatever_happens(work)
            self.stop.wait(self.every)
        if work == self._tasks:
            connections.close_all()

    def _is_told(self) -> bool:
        if self.beside is not None and os.getppid() != self.beside:
            self.stop.set()
        return self.stop.is_set()

    def _round(self) -> None:
        self._sign()
        for runs in self.timetable.due():
            if not self.stop.is_set():
                runs()
        self._mail()

    def _mail(self) -> None:
        tasks.lay_mailings(stop=self._sign_and_ask)
        while not self._sign_and_ask() and tasks.send_due_mail(
            MAILS_AT_ONCE, stop=self._sign_and_ask
        ):
            pass

    def _tasks(self) -> None:
        while not self.stop.is_set() and tasks.run_next_task(self.name):
            pass

    def _sign_and_ask(self) -> bool:
        self._sign()
        return self._is_told()

    def _sign(self) -> None:
        """A sign of life now and then, also in the middle of much mail."""
        if time.monotonic() - self.signed_at >= SIGN_EVERY:
            tasks.sign(self.name)
            self.signed_at = time.monotonic()


def _whatever_happens(work: Callable[[], None]) -> None:
    """A database that is away comes back, and one faulty row does not stop what others wait for."""
    try:
        work()
    except (OperationalError, InterfaceError) as error:
        log.warning("the database did not answer: %s", type(error).__name__)
    except Exception as error:  # noqa: BLE001 - whatever it was, the worker goes on
        # What the error says is left out: it may repeat somebody's words.
        where = "".join(traceback.format_tb(error.__traceback__))
        log.warning("background work failed: %s\n%s", type(error).__name__, where)
