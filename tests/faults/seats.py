"""Seats under a rush: never more people than seats, and the waitlist in the order of arrival.

    python -m tests.faults.seats [--sqlite]

Starts the servers; this module then runs again as another process beside them, and lets people
register. Prints one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from tests import run, services
from tests.faults import cluster
from tests.faults.visitor import Answer, Visitor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.faults.cluster import Cluster

PEOPLE: Final = 100
SECONDS: Final = 120
TYPED: Final = {"name": "Late & Lost", "email": "late@public.example", "category": "attorney"}


def main() -> int:
    services.unwind_on_termination()
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sqlite", action="store_true", help="one worker on SQLite")
    options = parser.parse_args()
    with cluster.running(is_sqlite=options.sqlite) as servers:
        report = _people(servers)
        if not options.sqlite:
            report["database away"] = _while_the_database_is_away(servers)
        report["fallen"] = servers.fallen
    sys.stdout.write(f"{json.dumps(report)}\n")
    return 0


def _people(servers: Cluster) -> dict[str, Any]:
    """What `tests.faults.rush` reports, a process with the settings of these servers."""
    ports = [str(worker.port) for worker in servers.workers]
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.rush", *ports],
        cwd=run.ROOT,
        env=servers.variables | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        stdout=subprocess.PIPE,
        text=True,
        timeout=SECONDS,
        check=True,
    )
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return report


def _while_the_database_is_away(servers: Cluster) -> dict[str, Any]:
    """Somebody sends the form, reads that it was not saved, and sends it again from there."""
    late = Visitor(servers.workers[0].port)
    late.get("/engagements/rush/register/")
    database = servers.servers["postgres"]
    database.stop(signal.SIGINT)
    refused = late.post("/engagements/rush/register/", **TYPED, consent="on")
    database.start()
    saved = _eventually(lambda: late.post("/engagements/rush/register/", **TYPED, consent="on"))
    return {
        "status": refused.status,
        "says so": "Not saved" in refused.text,
        "keeps the name": 'value="Late &amp; Lost"' in refused.text,
        "then": saved.status,
    }


def _eventually(send: Callable[[], Answer]) -> Answer:
    until = time.monotonic() + SECONDS
    while (answer := send()).status >= 500 and time.monotonic() < until:
        time.sleep(0.1)
    return answer


@contextmanager
def together(number: int) -> Iterator[Callable[..., Any]]:
    """Gives what runs functions at the same moment, in as many threads."""
    gate = threading.Barrier(number)

    def at_once(work: Callable[[], Any]) -> Any:
        gate.wait(SECONDS)
        return work()

    with ThreadPoolExecutor(number) as pool:
        yield lambda works: list(pool.map(at_once, works))


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
