"""What a socket runs over: the ASGI application itself, or a real server over loopback."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from channels.testing import WebsocketCommunicator
from django.db import connection
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from config.asgi import application
from config.env import BASE_DIR
from tests import machine

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 8.0
"""Longest wait for a message: more than the four seconds after which a hub looks by itself."""

QUIET_SECONDS = 0.2
BUSY = """
    SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""

SERVE = {
    "uvicorn": (
        "import os, uvicorn; from config.serving import OPTIONS; "
        "uvicorn.run('config.asgi:application', port=int(os.environ['LISTEN']), **OPTIONS)"
    ),
    "daphne": (
        "import os, sys; from daphne.cli import CommandLineInterface; "
        "CommandLineInterface().run(['-v', '0', '-b', '127.0.0.1', '-p', os.environ['LISTEN'], "
        "'config.asgi:application'])"
    ),
}


_processes: dict[str, int] = {}


class Wire(Protocol):
    async def connect(self) -> bool: ...
    async def send(self, text: str) -> None: ...
    async def receive(self) -> str | int:
        """The next text, or the code that closes the socket."""
        ...

    async def leave(self) -> None: ...


class ApplicationWire:
    def __init__(self, path: str, origin: bytes | None) -> None:
        headers = [] if origin is None else [(b"origin", origin)]
        self._wire = WebsocketCommunicator(application, path, headers=headers)

    async def connect(self) -> bool:
        connected, _ = await self._wire.connect(timeout=SECONDS)
        return connected

    async def send(self, text: str) -> None:
        await self._wire.send_to(text_data=text)

    async def receive(self) -> str | int:
        output = await self._wire.receive_output(timeout=SECONDS)
        return int(output["code"]) if output["type"] == "websocket.close" else str(output["text"])

    async def leave(self) -> None:
        await self._wire.disconnect()


class NetworkWire:
    def __init__(self, server: str, path: str, origin: bytes | None) -> None:
        self._address = f"ws://{server}{path}"
        self._origin = None if origin is None else Origin(origin.decode())
        self._socket: ClientConnection | None = None

    async def connect(self) -> bool:
        with suppress(InvalidStatus):
            self._socket = await connect(
                self._address, origin=self._origin, compression=None, proxy=None, max_size=None
            )
        return self._socket is not None

    async def send(self, text: str) -> None:
        assert self._socket is not None
        # What the server has closed takes no more, and says so on receiving.
        with suppress(ConnectionClosed):
            await self._socket.send(text)

    async def receive(self) -> str | int:
        assert self._socket is not None
        try:
            return str(await self._socket.recv(decode=True))
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006

    async def leave(self) -> None:
        assert self._socket is not None
        await self._socket.close()


@contextmanager
def serving(kind: str) -> Iterator[str]:
    """A real server of this kind on the tests' own database. Gives its host and port."""
    listen = machine.free_port()
    variables = os.environ | _database() | {"LISTEN": str(listen), "LOG_LEVEL": "WARNING"}
    process = subprocess.Popen([sys.executable, "-c", SERVE[kind]], cwd=BASE_DIR, env=variables)
    server = f"127.0.0.1:{listen}"
    _processes[server] = process.pid
    try:
        machine.wait_for(listen, process)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=30)


def process_of(server: str) -> int:
    return _processes[server]


def _database() -> dict[str, str]:
    name: Any = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return {"DATABASE_URL": f"sqlite:///{name}"}
    return {"DATABASE_URL": urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()}


def wait_until_quiet() -> None:
    """Until a server has written down that the test's people left.

    PostgreSQL empties tables under locks that a transaction under way can turn into a deadlock;
    SQLite waits for its one writer by itself.
    """
    if connection.vendor == "sqlite":
        return
    quiet_since, until = time.monotonic(), time.monotonic() + SECONDS
    while time.monotonic() < min(until, quiet_since + QUIET_SECONDS):
        with connection.cursor() as cursor:
            cursor.execute(BUSY)
            if cursor.fetchone() is not None:
                quiet_since = time.monotonic()
