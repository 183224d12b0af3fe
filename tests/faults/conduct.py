"""Let people take part in another process, and let the faults happen while they do."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from tests import run
from tests.faults import plan
from tests.faults.plan import Fault
from tests.faults.script import ACKNOWLEDGED, BEGUN, LAST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.faults.cluster import Cluster
    from tests.faults.script import Script

MOST_SECONDS: Final = 240.0
"""For people to say something else than that they were acknowledged."""

AIM_SECONDS: Final = 2.0
"""For an acknowledgement to come; a fault happens without one then."""


class People:
    """The process of `tests.faults.play`, heard by a thread of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._said: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._news = threading.Condition()
        self._port = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def expect(self) -> str:
        """The next thing they say; an empty text when they have ended."""
        return self._said.get(timeout=MOST_SECONDS)

    def answer(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def wait_for_acknowledgement(self, ports: set[int]) -> None:
        """Return at the very moment at which one of these has acknowledged."""
        until = time.monotonic() + AIM_SECONDS
        with self._news:
            while self._news.wait(max(0.0, until - time.monotonic())):
                if self._port in ports:
                    return

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            what, _, port = line.strip().partition(" ")
            if what == ACKNOWLEDGED:
                with self._news:
                    self._port = int(port)
                    self._news.notify_all()
            else:
                self._said.put(line.strip())
        self._said.put("")


@contextmanager
def taking_part(servers: Cluster, script: Script) -> Iterator[People]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.play", script.as_json()],
        cwd=run.ROOT,
        env=servers.variables | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        try:
            yield People(process)
        finally:
            process.terminate()


def conduct(servers: Cluster, script: Script, faults: Sequence[Fault]) -> dict[str, Any]:
    """What people found in the end, with the faults that happened and their times."""
    with taking_part(servers, script) as people, ThreadPoolExecutor(len(faults) + 1) as pool:
        if people.expect() != BEGUN:
            raise RuntimeError("people did not come in")
        misfortune = Misfortune(servers, people)
        happening = [pool.submit(misfortune.befall, fault) for fault in faults]
        said = people.expect()
        if said == LAST:
            happening.append(pool.submit(misfortune.take_the_announcements_away))
            said = people.expect()
        happened = [each.result() for each in happening]
    if not said:
        raise RuntimeError("people have left")
    found: dict[str, Any] = json.loads(said)
    return found | {"faults": sorted(happened, key=lambda one: float(one["at"]))}


class Misfortune:
    """Lets faults happen, from now on, and tells of them: seconds from the first ask."""

    def __init__(self, servers: Cluster, people: People) -> None:
        self._servers = servers
        self._people = people
        self._began = time.monotonic()

    def befall(self, fault: Fault) -> dict[str, Any]:
        time.sleep(max(0.0, self._began + fault.at - time.monotonic()))
        ports = self._servers.ports_of(fault.server)
        at = self._servers.servers[fault.server].suffer(
            fault, aim=lambda: self._people.wait_for_acknowledgement(ports)
        )
        return self._told(fault, at)

    def take_the_announcements_away(self) -> dict[str, Any]:
        """While the last thing is done: only who looks by himself finds it."""
        server, how = plan.LAST
        fault = Fault(server=server, how=how, at=0.0, away=plan.LAST_WORDS)
        at = self._servers.servers[server].suffer(fault, aim=lambda: None, gone=self._people.answer)
        return self._told(fault, at)

    def _told(self, fault: Fault, at: float) -> dict[str, Any]:
        return {
            "server": fault.server,
            "signal": fault.how.name,
            "at": round(at - self._began, 1),
            "back": round(time.monotonic() - self._began, 1),
        }
