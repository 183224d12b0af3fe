"""What a long list costs that comes back: read, looked through, and taken over.

    python -m tests.load.upload             10,000 answers
    python -m tests.load.upload 1000        fewer, for a quick look

In databases of its own, on SQLite and on PostgreSQL. Prints a table and asserts nothing.
"""

from __future__ import annotations

import sys

from tests.load import apart

if __name__ == "__main__":
    sys.exit(apart.on_both("tests.load.upload", "tests.load.uploaded", what="answers", most=10_000))
