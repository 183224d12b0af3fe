"""What it costs to publish a readout with all its files.

    python -m tests.load.publication       a summary of 60,000 characters, 200 sample questions

In a database of its own, on SQLite. Prints a table and asserts nothing.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.load import servers


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="openfloor-publication-") as directory:
        # A process of its own: the settings read the environment once.
        return subprocess.run(
            [sys.executable, "-m", "tests.load.published"],
            cwd=servers.ROOT,
            env=servers.environment(Path(directory), {}),
            check=False,
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
