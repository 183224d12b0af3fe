"""What reading the archive costs: to look through, to search, one engagement, feed and map.

    python -m tests.load.archive           1,000 engagements with a readout and 50,000 questions
    python -m tests.load.archive 100       fewer, for a quick look

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
    parser = argparse.ArgumentParser(prog="python -m tests.load.archive")
    parser.add_argument("readouts", nargs="?", type=int, default=1_000)
    readouts: int = parser.parse_args().readouts
    services.unwind_on_termination()
    with tempfile.TemporaryDirectory(prefix="openfloor-archive-") as directory:
        here = Path(directory)
        failed = _measure(readouts, here / "sqlite", {})
        with services.postgres(here / "postgres") as address:
            return _measure(readouts, here / "files", {"DATABASE_URL": address}) or failed


def _measure(readouts: int, var: Path, addresses: dict[str, str]) -> int:
    var.mkdir()
    # A process of its own: the settings read the environment once.
    return subprocess.run(
        [sys.executable, "-m", "tests.load.archived", str(readouts)],
        cwd=servers.ROOT,
        env=servers.environment(var, addresses),
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
