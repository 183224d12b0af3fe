"""Server processes: started on a core of their own, and always ended."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.machine import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT: Final = Path(__file__).resolve().parents[2]
START_SECONDS: Final = 180
STOP_SECONDS: Final = 10
OURS: Final = "ours"
IDIOMATIC: Final = "idiomatic"
FLOOR: Final = "floor"
BARE: Final = "uvicorn alone"
UVICORN: Final = "uvicorn"
DAPHNE: Final = "daphne"
APPLICATIONS: Final = {
    OURS: "config.asgi:application",
    IDIOMATIC: "tests.load.idiomatic:application",
    BARE: "tests.load.floor:application",
}
UVICORN_OPTIONS: Final = (
    "--ws websockets-sansio --loop uvloop --backlog 4096 --ws-per-message-deflate false "
    "--ws-max-size 65536 --lifespan off --log-level warning --no-access-log"
).split()
# Limits are counted as ever, but a bench is far above what one person may do.
NO_LIMITS: Final = {
    "QUESTIONS_A_MINUTE": "1000000",
    "MESSAGES_A_MINUTE": "1000000",
    "SOCKETS_EACH": "20000",
}
# Whoever measures has an own Openfloor, perhaps; the bench must not see its environment.
FOREIGN: Final = (
    "OPENFLOOR_", "DATABASE_URL", "REDIS_", "SECRET_KEY", "PUBLIC_URL", "MAIL_", "WORKERS",
    "WEB_CONCURRENCY",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Server:
    pid: int
    port: int


def environment(var: Path, addresses: Mapping[str, str], port: int = 8000) -> dict[str, str]:
    """For a server, and for the process that fills its database."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)}
    own = {
        "OPENFLOOR_ENV": "demo",
        "OPENFLOOR_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "LOG_LEVEL": "WARNING",
        "PORT": str(port),
    }
    return inherited | own | NO_LIMITS | dict(addresses)


@contextmanager
def running(
    system: str, server: str, var: Path, addresses: Mapping[str, str], core: int | None
) -> Iterator[Server]:
    port = free_port()
    with (var / f"server-{port}.log").open("wb") as log:
        process = subprocess.Popen(
            _command(system, server, port),
            cwd=ROOT,
            env=environment(var, addresses, port),
            stdout=log,
            stderr=log,
        )
        try:
            if core is not None:
                # Early enough for the threads that it has yet to start.
                os.sched_setaffinity(process.pid, {core})
            _wait_for(port, process)
            yield Server(process.pid, port)
        finally:
            _end(process)


def _command(system: str, server: str, port: int) -> list[str]:
    if system == FLOOR:
        return [sys.executable, "-m", "tests.load.floor", str(port)]
    application = APPLICATIONS[system]
    if server == DAPHNE:
        options = ["-v", "0", "-b", "127.0.0.1", "-p", str(port), application]
        return [sys.executable, "-m", "daphne", *options]
    options = [application, "--host", "127.0.0.1", "--port", str(port), *UVICORN_OPTIONS]
    return [sys.executable, "-m", "uvicorn", *options]


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise TimeoutError(f"{process.args!r} does not answer")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
