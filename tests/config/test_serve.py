"""`make serve`: uvicorn answers pages, takes a signal, and says what stands in the way."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.request
from typing import TYPE_CHECKING

from config.env import BASE_DIR
from tests import machine
from tests.check import PRODUCTION
from tests.run import environment

if TYPE_CHECKING:
    from pathlib import Path


def serve(own: Path, port: int, **variables: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)],
        cwd=BASE_DIR,
        env=environment(own) | {"PORT": str(port)} | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_the_demonstration_is_served_until_it_is_told_to_stop(tmp_path: Path) -> None:
    port = machine.free_port()
    server = serve(tmp_path, port)
    try:
        machine.wait_for(port, server, seconds=110)
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/engagements/contact-center/", timeout=60
        ) as page:
            assert page.status == 200
            assert "server" not in page.headers
    finally:
        server.send_signal(signal.SIGTERM)
        said, complained = server.communicate(timeout=30)
    assert server.returncode in {0, -signal.SIGTERM}
    assert b"with 1 process" in said
    assert b"Traceback" not in complained


def test_a_taken_port_is_told_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = serve(tmp_path, port)
        _said, complained = server.communicate(timeout=60)
    assert server.returncode == 1
    assert complained.decode().strip().endswith(f"Choose another one: PORT={port + 1}")
    assert "is taken by another program" in complained.decode()


def test_production_is_not_served_on_a_database_that_is_not_up_to_date(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    server = serve(
        tmp_path, machine.free_port(), **PRODUCTION | {"DATABASE_URL": url, "WORKERS": "1"}
    )
    _said, complained = server.communicate(timeout=60)
    assert server.returncode == 1
    assert "First: manage.py migrate" in complained.decode()
