"""The background worker: sends due mail and closes lost presence, until it is told to stop."""

from __future__ import annotations

import logging
import signal
from threading import Event
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections

from engagements import tasks

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from types import FrameType

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Background work: sends due mail and closes presence that a killed server left open. "
        "Runs until SIGTERM or SIGINT. Several may run at once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then exit")
        parser.add_argument(
            "--every", type=float, default=2.0, metavar="SECONDS", help="pause between two rounds"
        )

    def handle(self, *, once: bool, every: float, **options: Any) -> None:
        stop = Event()
        if once:
            _round(stop)
            return

        def on_signal(_number: int, _frame: FrameType | None) -> None:
            stop.set()

        former = {
            number: signal.signal(number, on_signal) for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            while not stop.is_set():
                _round_whatever_happens(stop)
                stop.wait(every)
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)


def _round_whatever_happens(stop: Event) -> None:
    """A database that is away comes back; the worker is still there then."""
    close_old_connections()
    try:
        _round(stop)
    except (OperationalError, InterfaceError) as error:
        log.warning("the database did not answer: %s", type(error).__name__)


def _round(stop: Event) -> None:
    # One mail at a time, so that a stop waits for no more than one.
    while not stop.is_set() and tasks.send_due_mail(limit=1):
        pass
    tasks.close_lost_presence()
