"""What the office's pages cost with ten thousand people.

    python -m tests.load.people            10,000 registrants, in a database of its own
    python -m tests.load.people 1000       fewer, for a quick look

Prints a table and asserts one thing: that no list asks the database ten times.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.load import servers


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load.people")
    parser.add_argument("people", nargs="?", type=int, default=10_000)
    people: int = parser.parse_args().people
    with tempfile.TemporaryDirectory(prefix="openfloor-people-") as directory:
        # A process of its own: the settings read the environment once.
        return subprocess.run(
            [sys.executable, "-m", "tests.load.office", str(people)],
            cwd=servers.ROOT,
            env=servers.environment(Path(directory), {}),
            check=False,
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
