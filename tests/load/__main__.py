"""`make bench`: what the live path costs today, over real sockets to a real server process.

    python -m tests.load            200 people in the room, 50 of them ask
    QUICK=1 python -m tests.load    60 and 20, for a look

Prints a table and asserts nothing. Traffic goes to loopback only and ends by itself.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import django

ROOT = Path(__file__).resolve().parents[2]

if TYPE_CHECKING:
    from collections.abc import Mapping


def main() -> None:
    quick = bool(os.environ.get("QUICK"))
    watchers, askers = (60, 20) if quick else (200, 50)
    with tempfile.TemporaryDirectory(prefix="openfloor-bench-") as directory:
        variables = _variables(directory)
        os.environ.update(variables)
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, check=True)
        server = _serve(variables)
        try:
            _measure(server.pid, watchers, askers)
        finally:
            server.terminate()
            server.wait(timeout=20)


def _variables(directory: str) -> dict[str, str]:
    port = str(_free_port())
    return {
        "OPENFLOOR_ENV": "demo",
        "OPENFLOOR_VAR": directory,
        "PORT": port,
        "LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _serve(variables: Mapping[str, str]) -> subprocess.Popen[bytes]:
    daphne = str(Path(sys.executable).with_name("daphne"))
    command = [daphne, "-v", "0", "-b", "127.0.0.1", "-p", variables["PORT"]]
    return subprocess.Popen(
        [*command, "config.asgi:application"], cwd=ROOT, env=os.environ | dict(variables)
    )


def _measure(server: int, watchers: int, askers: int) -> None:
    django.setup()
    crowd = importlib.import_module("tests.load.crowd")
    floor, tickets, desk_ticket = crowd.prepare(watchers)
    rows = asyncio.run(crowd.measure(server, floor, tickets, desk_ticket, askers))
    print(f"\nOpenfloor, {watchers} people in the room, one daphne process, SQLite\n")  # noqa: T201
    for name, figure in rows:
        print(f"  {name:<52}{figure:>14}")  # noqa: T201


if __name__ == "__main__":
    main()
