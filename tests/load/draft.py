"""From "end" pressed to a complete draft, with everybody who came and all that they asked.

    python -m tests.load.draft             10,000 attendees and 5,000 questions
    python -m tests.load.draft 1000        fewer, for a quick look

In databases of its own, on SQLite and on PostgreSQL. Prints a table and asserts nothing.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import services
from tests.load import servers


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load.draft")
    parser.add_argument("people", nargs="?", type=int, default=10_000)
    people: int = parser.parse_args().people
    services.unwind_on_termination()
    with tempfile.TemporaryDirectory(prefix="openfloor-draft-") as directory:
        here = Path(directory)
        failed = _measure(people, here / "sqlite", {})
        with services.postgres(here / "postgres") as address:
            return _measure(people, here / "files", {"DATABASE_URL": address}) or failed


def _measure(people: int, var: Path, addresses: dict[str, str]) -> int:
    var.mkdir()
    # A process of its own: the settings read the environment once.
    return subprocess.run(
        [sys.executable, "-m", "tests.load.drafted", str(people)],
        cwd=servers.ROOT,
        env=servers.environment(var, addresses),
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
