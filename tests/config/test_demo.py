from __future__ import annotations

import signal
import socket
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command

from config.env import BASE_DIR
from tests import machine
from tests.run import environment

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings


def demo(own: Path) -> subprocess.Popen[str]:
    port = str(machine.free_port())
    return subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", port],
        cwd=BASE_DIR,
        env=environment(own) | {"PORT": port},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def until_it_answers(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("Openfloor answers at "):
            return lines
    pytest.fail("".join(lines))


def users(var: Path) -> int:
    database = sqlite3.connect(var / "db.sqlite3")
    try:
        (found,) = database.execute("SELECT count(*) FROM engagements_user").fetchone()
    finally:
        database.close()
    return int(found)


@pytest.mark.timeout(400)  # a slow machine needs a minute to tell the story
def test_it_fills_an_empty_database_answers_ends_when_told_and_goes_on(tmp_path: Path) -> None:
    told, counts = [], []
    for ending in (signal.SIGTERM, signal.SIGINT):
        with demo(tmp_path) as process:
            told.append("".join(until_it_answers(process)))
            process.send_signal(ending)
            rest, _ = process.communicate()
        counts.append(users(tmp_path / "var"))
        assert rest.splitlines()[-1].startswith("Stopped.")
        assert process.returncode == 0

    assert [text.count("/demo/enter/") for text in told] == [6, 6]
    assert [text.count("/join/") for text in told] == [1, 1]
    assert ["828 stakeholders" in text for text in told] == [True, False]
    assert counts == [counts[0], counts[0]]


def test_a_taken_port_is_told_before_anything_is_done() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(CommandError) as caught:
            call_command("demo", port=port, fresh=True)

    assert str(caught.value) == (
        f"Port {port} is taken by another program. Choose another one: make demo PORT={port + 1}"
    )


def test_it_never_runs_in_production(settings: Settings) -> None:
    settings.OPENFLOOR_ENV = "production"

    with pytest.raises(CommandError) as caught:
        call_command("demo", port=machine.free_port())

    assert str(caught.value) == ("The demonstration never runs with OPENFLOOR_ENV=production.")
