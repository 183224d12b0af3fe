"""`manage.py rehearse` against a real server."""

from __future__ import annotations

import os
import pty
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from config.env import BASE_DIR
from tests import machine
from tests.run import environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


SEED = """
from datetime import timedelta
from engagements import clock
from engagements.actions import running
from engagements.models import Agency, User
running.create(
    by=User.objects.create_user("cora@office.example", name="Cora", may_create_engagements=True),
    slug="dress", title="Dress", about="it", is_rehearsal=True,
    agency=Agency.objects.create(name="An agency", short_name="AA"),
    starts_at=clock.now(), ends_at=clock.now() + timedelta(hours=1),
)
"""
TABLES = ("engagements_registration", "engagements_attendance", "qa_question", "qa_vote")
WHOLE = "In the database: every acknowledged question exactly once, in the order of the numbers."


class House:
    """A directory with its own database, and a port on which its server answers when it runs."""

    def __init__(self, own: Path) -> None:
        port = machine.free_port()
        self.database = own / "var" / "db.sqlite3"
        self.port = str(port)
        self.environment = environment(own) | {"PORT": self.port, "LOG_LEVEL": "WARNING"}
        for arguments in (["migrate", "-v0"], ["shell", "-v0", "-c", SEED]):
            subprocess.run(self.manage(*arguments), cwd=BASE_DIR, env=self.environment, check=True)

    def manage(self, *arguments: str) -> list[str]:
        return [sys.executable, "manage.py", *arguments]

    def rehearse(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.manage("rehearse", "dress", *arguments),
            cwd=BASE_DIR,
            text=True,
            **{
                "env": self.environment,
                "stdout": subprocess.PIPE,
                "stderr": subprocess.PIPE,
                **options,
            },
        )

    @contextmanager
    def server(self) -> Iterator[subprocess.Popen[str]]:
        command = [sys.executable, "-m", "uvicorn", "config.asgi:application", "--lifespan", "off"]
        options = ["--port", self.port, "--ws", "websockets-sansio", "--no-access-log"]
        with subprocess.Popen(
            [*command, *options],
            cwd=BASE_DIR,
            env=self.environment,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stderr is not None
            assert any("Uvicorn running on" in line for line in process.stderr)
            try:
                yield process
            finally:
                process.kill()

    def rows(self) -> list[int]:
        with closing(sqlite3.connect(self.database)) as database:
            return [
                database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES
            ]


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def figures(report: str) -> dict[str, int]:
    """The rows of the report: what is counted, and how many."""
    rows = re.findall(r"^  (\D+?(?:[\d,]+)?)\s{2,}([\d,]+)(?:  .*)?$", report, re.MULTILINE)
    return {name: int(figure.replace(",", "")) for name, figure in rows}


def test_it_plays_an_hour_reports_and_leaves_nothing_behind(house: House) -> None:
    with house.server():
        with house.rehearse("--attendees", "6", "--questions", "4", "--minutes", "0.05") as played:
            report, problem = played.communicate()
        assert (played.returncode, problem) == (0, "")
        rows = house.rows()
        with house.rehearse("--remove") as removing:
            removed, _ = removing.communicate()

    told = figures(report)
    shown, voted = told["shown"], told["Votes acknowledged"]
    assert told == {
        "In the room at the end, of 6": 6,
        "Questions asked": 4,
        "acknowledged": 4,
        "shown": shown,
        f"delivered, of {6 * shown}": 6 * shown,
        "Votes acknowledged": voted,
        "Refusals": 0,
        "Reconnects": 0,
        "Questions lost": 0,
        "Deliveries lost": 0,
    }
    assert re.search(r"acknowledged +4  p50 \d+ ms, p99 [\d,]+ ms\n", report)
    assert WHOLE in report
    assert rows == [6, 6, 4, voted]
    assert removed.startswith(
        f"Removed: 6 registrations, 6 of them joined, 4 questions, {voted} votes, "
    )
    assert (removing.returncode, house.rows()) == (0, [0, 0, 0, 0])


def test_a_server_that_is_killed_and_comes_back_has_lost_nothing(house: House) -> None:
    asking_long = ("--attendees", "6", "--questions", "30", "--minutes", "0.15")
    with ExitStack() as servers:
        server = servers.enter_context(house.server())
        with house.rehearse(*asking_long) as played:
            assert played.stdout is not None
            assert "connected" in played.stdout.readline()
            server.kill()
            servers.enter_context(house.server())
            report, problem = played.communicate()

    assert (played.returncode, problem, WHOLE in report) == (0, "", True)
    told = figures(report)
    assert (told["acknowledged"], told["Questions lost"], told["Deliveries lost"]) == (30, 0, 0)
    assert told["Reconnects"] >= 6
    assert house.rows()[2] == 30


def test_what_is_lost_is_told_on_the_terminal_and_by_its_status(house: House) -> None:
    here, there = pty.openpty()
    with house.server() as server, os.fdopen(here, "rb", buffering=0) as terminal:
        played = house.rehearse(
            "--attendees", "6", "--questions", "200", "--minutes", "1", stdout=there
        )
        os.close(there)
        until(terminal, rb"\r0:\d\d  6 connected, [1-9]\d* asked")
        server.kill()
        until(terminal, rb"\r0:\d\d  0 connected, (\d+) asked, (?!\1 )\d+ acknowledged")
        played.send_signal(signal.SIGINT)
        report = rest(terminal)
        assert played.stderr is not None
        problem = played.stderr.read()
        played.stderr.close()

    told = figures(report)
    assert (played.wait(), problem) == (
        1,
        "CommandError: Something was lost; the report says what.\n",
    )
    assert told["Questions lost"] > 0
    assert told["Questions asked"] == told["acknowledged"] + told["Questions lost"] < 200


def test_it_does_not_begin_against_a_server_of_another_installation(house: House) -> None:
    url = f"http://127.0.0.1:{house.port}"
    others = {"SECRET_KEY": "another key " * 6, "PORT": str(machine.free_port())}
    said = []
    with house.server():
        for name, value in others.items():
            foreign = house.environment | {name: value}
            with house.rehearse("--url", url, env=foreign) as refused:
                said.append(refused.communicate()[1])
            assert refused.returncode == 1

    assert [sentence.partition(url)[2] for sentence in said] == [
        " does not let us in. It must run with the SECRET_KEY and the database of this command.\n",
        f" does not let pages of http://127.0.0.1:{others['PORT']} in.\n",
    ]
    assert house.rows() == [0, 0, 0, 0]


def until(terminal: Any, pattern: bytes) -> None:
    seen = b""
    while not re.search(pattern, seen):
        seen += terminal.read(1024)


def rest(terminal: Any) -> str:
    seen = b""
    try:
        while piece := terminal.read(1024):
            seen += piece
    except OSError:
        """Linux: nobody holds the other end any more."""
    return seen.decode().replace("\r\n", "\n")
