"""`make serve`: the server as production runs it, on uvicorn."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from config.health import pending_migrations
from config.management.commands.demo import HOST, prepare, refuse_taken_port, worker_beside
from config.serving import OPTIONS

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = (
        "Serve pages, sockets and static files on uvicorn, with as many processes as "
        "WEB_CONCURRENCY says. In the demonstration its database is prepared first."
    )
    requires_system_checks = ("staticfiles",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=HOST, help=f"{HOST} when left out")
        parser.add_argument("--port", type=int, default=8000, help="8000 when left out")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        refuse_taken_port(host, port)
        links = prepare(self.stdout) if settings.OPENFLOOR_ENV == "demo" else ""
        if pending_migrations():
            raise CommandError("The database is not up to date. First: manage.py migrate")
        connections.close_all()
        self.stdout.write(links)
        self.stdout.write(
            f"uvicorn serves {settings.PUBLIC_URL}/ with {settings.WORKERS} "
            f"process{'es' if settings.WORKERS > 1 else ''}  (Ctrl-C ends it)"
        )
        self.stdout.flush()
        # In production the worker is a service of its own.
        beside = worker_beside() if settings.OPENFLOOR_ENV == "demo" else nullcontext()
        with beside:
            uvicorn.run(
                "config.asgi:application",
                host=host,
                port=port,
                workers=settings.WORKERS,
                **OPTIONS,
            )
