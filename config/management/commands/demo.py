"""`make demo`: an empty database is filled with the demonstration, then the server starts."""

from __future__ import annotations

import errno
import io
import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daphne.endpoints import build_endpoint_description_strings
from daphne.server import Server
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from twisted.internet import reactor

from config.asgi import application
from config.env import BASE_DIR
from engagements.tasks import close_lost_presence

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator

    from django.core.management.base import OutputWrapper

HOST = "127.0.0.1"
SQLITE_FILES = ("", "-wal", "-shm")
LONGEST_GOODBYE = 20  # seconds, for the piece that the worker has in hand


class Command(BaseCommand):
    help = "Migrate, fill an empty database with the demonstration, and serve it on 127.0.0.1."
    requires_system_checks = ("staticfiles",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="8000 when left out")
        parser.add_argument("--fresh", action="store_true", help="throw the old data away first")

    def handle(self, *args: Any, port: int, fresh: bool, **options: Any) -> None:
        if settings.OPENFLOOR_ENV != "demo":
            raise CommandError("The demonstration never runs with OPENFLOOR_ENV=production.")
        refuse_taken_port(HOST, port)
        if fresh:
            _forget_database()
        links = prepare(self.stdout)
        connections.close_all()
        with worker_beside():
            self._serve(port, links)

    def _serve(self, port: int, links: str) -> None:
        def tell() -> None:
            self.stdout.write(links)
            self.stdout.write(f"Openfloor answers at {settings.PUBLIC_URL}/  (Ctrl-C ends it)")
            self.stdout.flush()

        Server(
            application=application,
            endpoints=build_endpoint_description_strings(host=HOST, port=port),
            # Only a running reactor takes signals; daphne calls back just before it runs.
            ready_callable=partial(reactor.callWhenRunning, tell),
            verbosity=0,
            server_name="openfloor",
        ).run()
        self.stdout.write("Stopped. The data are kept; `make demo` goes on with them.")


def prepare(stdout: OutputWrapper) -> str:
    """The demonstration's database, up to date and filled. Gives the links of its people."""
    stdout.write("Preparing the database ...")
    call_command("migrate", verbosity=0)
    call_command("seed_demo", if_empty=True)
    close_lost_presence()
    links = io.StringIO()
    call_command("demo_links", stdout=links)
    return links.getvalue()


@contextmanager
def worker_beside() -> Iterator[None]:
    """Background work in a process of its own, which ends with this one, also when it is killed."""
    command = [sys.executable, "manage.py", "work", "--beside", str(os.getpid())]
    worker = subprocess.Popen(command, cwd=BASE_DIR, stdin=subprocess.DEVNULL)  # noqa: S603 - ours
    try:
        yield
    finally:
        worker.terminate()
        try:
            worker.wait(LONGEST_GOODBYE)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()


def refuse_taken_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        # As the server does: a port that was used a moment ago counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            if getattr(error, "errno", None) == errno.EADDRINUSE:
                reason = f"Port {port} is taken by another program."
            else:
                reason = f"Port {port} cannot be used ({error})."
            raise CommandError(f"{reason} Choose another one: PORT={port + 1}") from error


def _forget_database() -> None:
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        raise CommandError(
            "Starting over throws only the demonstration's own SQLite file away. "
            "Empty the database that DATABASE_URL names yourself."
        )
    connections.close_all()
    for suffix in SQLITE_FILES:
        Path(f"{database['NAME']}{suffix}").unlink(missing_ok=True)
