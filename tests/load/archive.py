"""What reading the archive costs: to look through, to search, one engagement, feed and map.

    python -m tests.load.archive           1,000 engagements with a readout and 50,000 questions
    python -m tests.load.archive 100       fewer, for a quick look

In databases of its own, on SQLite and on PostgreSQL. Prints a table and asserts nothing.
"""

from __future__ import annotations

import sys

from tests.load import apart

if __name__ == "__main__":
    sys.exit(
        apart.on_both("tests.load.archive", "tests.load.archived", what="readouts", most=1_000)
    )
