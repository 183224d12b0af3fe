"""What a mailing to many costs: ten thousand reminders laid, and sent to a server in this machine.

python -m tests.load.mails            10,000 people, in a database of its own
python -m tests.load.mails 1000       fewer, for a quick look
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.load import servers


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load.mails")
    parser.add_argument("people", nargs="?", type=int, default=10_000)
    people: int = parser.parse_args().people
    with tempfile.TemporaryDirectory(prefix="openfloor-mails-") as directory:
        # A process of its own: the settings read the environment once.
        return subprocess.run(
            [sys.executable, "-m", "tests.load.postman", str(people)],
            cwd=servers.ROOT,
            env=servers.environment(Path(directory), {}),
            check=False,
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
