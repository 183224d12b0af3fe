"""The demonstration, served as `make demo` serves it, and people who look at it in a browser."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
START_SECONDS = 600
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}

PRINT_LINKS = """
from django.urls import reverse
from config.demonstration import cast, others
from engagements.models import Registration
from engagements.outbox import absolute

people = Registration.objects.filter(engagement__slug=others.LIVE)
for one in people.exclude(email=cast.STAKEHOLDER.email).order_by("pk"):
    print(absolute(reverse("join", args=[one.token()])))
"""


@dataclass(frozen=True)
class Demonstration:
    address: str
    variables: dict[str, str]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium; it asks nobody outside for anything."""
    found = [os.environ.get("CHROMIUM"), *map(shutil.which, BROWSERS)]
    return browser_type_launch_args | {
        "executable_path": next(path for path in found if path),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
        ],
    }


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    """A fresh demonstration on a free port, with a data folder of its own."""
    port = str(_free_port())
    folder = tmp_path_factory.mktemp("demonstration")
    variables = {
        "OPENFLOOR_ENV": "demo",
        "OPENFLOOR_VAR": str(folder),
        "PORT": port,
        # One stakeholder plays in many tests: on a fast machine they meet within a minute.
        "QUESTIONS_A_MINUTE": "120",
    }
    served = Demonstration(f"http://127.0.0.1:{port}", os.environ | variables)
    log = folder / "demo.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", port],
            cwd=ROOT,
            env=served.variables,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(served.address, server, log)
        yield served
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=20)


@pytest.fixture(scope="session")
def site(demonstration: Demonstration) -> str:
    return demonstration.address


@pytest.fixture(scope="session")
def links(demonstration: Demonstration) -> dict[str, str]:
    """What one plays -> link, as `make demo` prints them."""
    printed = subprocess.run(
        [sys.executable, "manage.py", "demo_links"],
        cwd=ROOT,
        env=demonstration.variables,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = re.findall(r"^  an? ([a-z ]+?)(?: \(.*?\))?, .*:\n    (\S+)$", printed, re.MULTILINE)
    return dict(found)


@pytest.fixture(scope="session")
def neighbors(demonstration: Demonstration) -> Iterator[str]:
    """Links of the other stakeholders of the live engagement, handed out in turn."""
    printed = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", PRINT_LINKS],
        cwd=ROOT,
        env=demonstration.variables,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return itertools.cycle(printed.split())


@pytest.fixture
def person(browser: Browser, links: dict[str, str]) -> Iterator[Callable[..., Page]]:
    """Open a browser of one's own and enter by the link of a part, or by any link."""
    contexts: list[BrowserContext] = []

    def enter(part: str = "", **options: Any) -> Page:
        context = browser.new_context(**({"viewport": DESKTOP} | options))
        contexts.append(context)
        page = context.new_page()
        page.problems = []  # type: ignore[attr-defined]
        page.on("console", lambda m: _note(page, m.type, m.text))
        page.on("pageerror", lambda error: _note(page, "error", str(error)))
        if part:
            page.goto(links.get(part, part))
        return page

    yield enter
    for context in contexts:
        for page in context.pages:
            assert getattr(page, "problems", []) == []
        context.close()


def _note(page: Page, kind: str, text: str) -> None:
    """Keep what the browser complains about, refused pages and a cut connection aside."""
    expected = ("status of 4", "WebSocket connection", "ERR_INTERNET_DISCONNECTED", "ERR_FAILED")
    if kind == "error" and not any(words in text for words in expected):
        page.problems.append(text)  # type: ignore[attr-defined]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the demonstration did not start:\n{log.read_text(errors='replace')[-3000:]}")
