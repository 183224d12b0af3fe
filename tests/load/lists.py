"""What a long attendance list costs: uploaded, read, matched, counted, and corrected.

    python -m tests.load.lists             50,000 rows against 10,000 registrants
    python -m tests.load.lists 5000        fewer rows, for a quick look

In a database of its own, on SQLite. Prints a table and asserts nothing.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.load import servers


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load.lists")
    parser.add_argument("rows", nargs="?", type=int, default=50_000)
    rows: int = parser.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="openfloor-lists-") as directory:
        # A process of its own: the settings read the environment once.
        return subprocess.run(
            [sys.executable, "-m", "tests.load.listed", str(rows)],
            cwd=servers.ROOT,
            env=servers.environment(Path(directory), {}),
            check=False,
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
