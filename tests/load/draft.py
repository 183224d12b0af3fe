"""From "end" pressed to a complete draft, with everybody who came and all that they asked.

    python -m tests.load.draft             10,000 attendees and 5,000 questions
    python -m tests.load.draft 1000        fewer, for a quick look

In databases of its own, on SQLite and on PostgreSQL. Prints a table and asserts nothing.
"""

from __future__ import annotations

import sys

from tests.load import apart

if __name__ == "__main__":
    sys.exit(apart.on_both("tests.load.draft", "tests.load.drafted", what="people", most=10_000))
