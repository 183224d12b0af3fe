"""One measurement: a fresh database, a server on its core, a crowd on the other."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import psycopg

from tests import services
from tests.load import machine, servers
from tests.load.servers import BARE, FLOOR, IDIOMATIC, ROOT, UVICORN

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SQLITE: Final = "SQLite"
POSTGRES: Final = "PostgreSQL"
STEP_SECONDS: Final = 150
KNOW_NOBODY: Final = {FLOOR, BARE}
SPARE_FILES: Final = 500
DISTURBED: Final = 0.15
"""Part of a core that others may take before it is said."""
# Under this many connections its listening queue of 50 does not overflow.
DAPHNE_IN_FLIGHT: Final = 30
MOST_IN_FLIGHT: Final = 3000

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """`steps` follow the entering of `people`, which is always measured as `connect`."""

    system: str
    people: int
    steps: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    server: str = UVICORN
    database: str = SQLITE
    workers: int = 1
    stalled: int = 0
    name: str = ""

    def __str__(self) -> str:
        parts = [
            self.name,
            self.system,
            "" if self.system in KNOW_NOBODY else self.server,
            f"{self.people:,} people",
        ]
        parts += [self.database if self.database != SQLITE else ""]
        parts += [f"{self.workers} workers" if self.workers > 1 else ""]
        parts += [f"{self.stalled} stalled" if self.stalled else ""]
        return ", ".join(filter(None, parts))


# What was measured, by the words for it, then by step.
Results = dict[str, dict[str, Figures]]


class Bench:
    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.files = machine.raise_file_limit()
        self.results: Results = {}
        self._turn = 0
        self._template = directory / "template"
        *self._server_cores, last = machine.cores()
        if self._server_cores:
            # Clients and databases inherit it.
            os.sched_setaffinity(0, {last})

    def prepare(self, people: int) -> None:
        """A database that each measurement gets a copy of."""
        self._template.mkdir()
        self._data(self._template, {}, "fill", str(people))

    def prepare_poll(self) -> None:
        """After `prepare`: a poll is open in each copy."""
        self._data(self._template, {}, "poll")

    def measure(self, wanted: Measurement) -> None:
        """Lays the figures of each step down in `results`; nothing for what failed."""
        if wanted.people + SPARE_FILES > self.files:
            say(f"  {wanted}: left out, only {self.files} files may be open (ulimit -n)")
            return
        started = time.monotonic()
        try:
            figures = self._measure(wanted)
        except (subprocess.SubprocessError, OSError, services.NoServer) as error:
            figures = {}
            say(f"  {wanted}: failed, {error}")
        self.results[str(wanted)] = figures
        _tell_of_trouble(wanted, figures)
        say(f"  {wanted}: {time.monotonic() - started:.0f} s")

    def _measure(self, wanted: Measurement) -> dict[str, Figures]:
        self._turn += 1
        var = self.directory / str(self._turn)
        shutil.copytree(self._template, var)
        with ExitStack() as stack:
            addresses = self._addresses(wanted, stack, var)
            if wanted.stalled:
                self._data(var, addresses, "long")
            running = [
                stack.enter_context(
                    servers.running(
                        wanted.system, wanted.server, var, addresses, self._core(worker)
                    )
                )
                for worker in range(wanted.workers)
            ]
            doors = {}
            if wanted.system not in KNOW_NOBODY:
                people = str(wanted.people + wanted.stalled)
                doors = json.loads(self._data(var, addresses, "doors", people))
            return _load(_plan(wanted, running, doors))

    def _core(self, worker: int) -> int | None:
        """Workers share a core where there are too few; processor time is counted all the same."""
        cores = self._server_cores
        return cores[worker % len(cores)] if cores else None

    def _addresses(self, wanted: Measurement, stack: ExitStack, var: Path) -> dict[str, str]:
        addresses = {}
        if wanted.workers > 1:
            addresses["REDIS_URL"] = stack.enter_context(services.redis(var / "redis"))
        if wanted.database == POSTGRES:
            var.chmod(0o755)
            url = stack.enter_context(services.postgres(var / "postgres"))
            _be_safe(url)
            addresses["DATABASE_URL"] = url
            self._data(var, addresses, "fill", str(wanted.people))
        return addresses

    def _data(self, var: Path, addresses: Mapping[str, str], *task: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "tests.load.data", *task],
            cwd=ROOT,
            env=servers.environment(var, addresses),
            stdout=subprocess.PIPE,
            check=True,
            timeout=STEP_SECONDS,
            text=True,
        ).stdout


def _tell_of_trouble(wanted: Measurement, figures: Mapping[str, Figures]) -> None:
    for name, step in figures.items():
        # PostgreSQL is among the others.
        if step.get("others_share", 0) > DISTURBED and wanted.database == SQLITE:
            share = f"{step['others_share']:.0%} of a core"
            say(f"  {wanted}, {name}: other processes took {share} meanwhile")
        for trouble in ("failures", "refused", "closed"):
            if step.get(trouble):
                say(f"  {wanted}, {name}: {trouble} {step[trouble]}")


def _be_safe(url: str) -> None:
    """Tests switch off what makes a commit survive a power cut; here it is what is measured."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = on")
        connection.execute("SELECT pg_reload_conf()")


def _plan(wanted: Measurement, running: list[servers.Server], doors: Figures) -> Figures:
    people = [
        _socket(wanted.system, "room", running[turn % len(running)].port, doors, turn)
        for turn in range(wanted.people + wanted.stalled)
    ]
    in_flight = MOST_IN_FLIGHT if wanted.server == UVICORN else DAPHNE_IN_FLIGHT
    return {
        "servers": [one.pid for one in running],
        "system": wanted.system,
        "watchers": people[: wanted.people],
        "stalled": people[wanted.people :],
        "control": _socket(wanted.system, "desk", running[0].port, doors, -1),
        "steps": {"connect": {"do": "connect", "in_flight": in_flight}} | dict(wanted.steps),
        "limit": STEP_SECONDS,
    }


def _socket(system: str, audience: str, port: int, doors: Figures, turn: int) -> Figures:
    """How one socket opens: with a ticket, with a cookie, or just so."""
    plan = {"port": port, "path": f"/{audience}/", "cookie": "", "enter": ""}
    if system == IDIOMATIC:
        return plan | {"cookie": doors["cookies"][turn]}
    if system in KNOW_NOBODY:
        return plan | {"enter": json.dumps({"id": 1, "do": "enter"})}
    ticket = doors["desk"] if audience == "desk" else doors["tickets"][turn]
    enter = json.dumps({"id": 1, "do": "enter", "ticket": ticket})
    return plan | {"path": f"/live/v1/{audience}/{doors['slug']}/", "enter": enter}


def _load(plan: Figures) -> dict[str, Figures]:
    loaded = subprocess.run(
        [sys.executable, "-m", "tests.load.client"],
        cwd=ROOT,
        input=json.dumps(plan),
        stdout=subprocess.PIPE,
        check=True,
        timeout=STEP_SECONDS * len(plan["steps"]),
        text=True,
    )
    figures: dict[str, Figures] = json.loads(loaded.stdout)
    return figures


def say(text: str) -> None:
    """For whoever watches; the table alone goes to stdout."""
    sys.stderr.write(f"{text}\n")
