"""`make check`: everything that can be said about the code without running it; a line per tool."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.run import ROOT, environment, say

TOOLS: Final = Path(sys.executable).parent
MANAGE: Final = (sys.executable, "manage.py")
LONGEST: Final = 10_000  # characters shown of what one tool says
TEMPLATES: Final = tuple(str(path) for path in sorted((ROOT / "templates").rglob("*.html")))
PRODUCTION: Final = {
    "OPENFLOOR_ENV": "production",
    "SECRET_KEY": "only-for-this-check-0123456789-abcdefghijklmnopqrstuvwxyz",
    "PUBLIC_URL": "https://openfloor.example.gov",
    "DATABASE_URL": "postgresql://openfloor@127.0.0.1/openfloor",
    "MAIL_URL": "smtp+tls://openfloor@mail.example.gov:587",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "WORKERS": "2",
}


@dataclass(frozen=True, slots=True)
class Tool:
    name: str
    command: tuple[str, ...]
    variables: dict[str, str] = field(default_factory=dict)


def tools() -> list[Tool]:
    return [
        Tool("types (mypy --strict)", (str(TOOLS / "mypy"), "--no-error-summary")),
        Tool("style (ruff check)", (str(TOOLS / "ruff"), "check", "--quiet", ".")),
        Tool("format (ruff format)", (str(TOOLS / "ruff"), "format", "--check", "--quiet", ".")),
        Tool("import contracts", (str(TOOLS / "lint-imports"), "--no-cache")),
        Tool("migrations", (*MANAGE, "makemigrations", "--check", "--dry-run")),
        Tool("template style (djade)", (str(TOOLS / "djade"), "--check", *TEMPLATES)),
        Tool("templates compile", (sys.executable, "-m", "tests.templates")),
        Tool(
            "deployment settings",
            (*MANAGE, "check", "--deploy", "--fail-level", "WARNING"),
            PRODUCTION,
        ),
    ]


def main() -> int:
    with (
        tempfile.TemporaryDirectory(prefix="openfloor-check-") as directory,
        ThreadPoolExecutor(os.cpu_count()) as pool,
    ):
        own = Path(directory)
        # In the order of the list, each as soon as it is done.
        faults = [say_result(*pair) for pair in pool.map(lambda tool: used(tool, own), tools())]
    return int(any(faults))


def used(tool: Tool, own: Path) -> tuple[Tool, subprocess.CompletedProcess[str]]:
    done = subprocess.run(
        tool.command,
        cwd=ROOT,
        env=environment(own) | tool.variables,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return tool, done


def say_result(tool: Tool, done: subprocess.CompletedProcess[str]) -> bool:
    faulty = done.returncode != 0
    say(f"{'FAULT' if faulty else 'ok':5}  {tool.name}")
    if faulty:
        say(done.stdout.rstrip()[:LONGEST])
    return faulty


if __name__ == "__main__":
    sys.exit(main())
