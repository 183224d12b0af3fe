"""A hundred people for the last ten seats, and everything that frees seats at once.

`make test` runs this by itself (`tests/run.py`): it wants the machine's cores.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests import run

if TYPE_CHECKING:
    from pathlib import Path

SAVED_LATER = {"status": 503, "says so": True, "keeps the name": True, "then": 302}


def rushed(directory: Path, *options: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.faults.seats", *options]
    with run.child(command, directory, {}) as process:
        output, _ = process.communicate()
    assert process.returncode == 0, output
    report: dict[str, Any] = json.loads(output.splitlines()[-1])
    return report


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("options", "besides"),
    [
        pytest.param([], {"database away": SAVED_LATER}, id="three workers on PostgreSQL"),
        pytest.param(["--sqlite"], {}, id="one worker on SQLite"),
    ],
)
def test_there_are_never_more_people_than_seats(
    options: list[str], besides: dict[str, Any], tmp_path: Path
) -> None:
    report = rushed(tmp_path, *options)
    # Another number in each run; that somebody looked makes "too many people" worth something.
    seconds, looks = report["rush"].pop("seconds"), report.pop("looks")
    sys.stdout.write(f"100 registrations in {seconds} s, {looks} looks at the database\n")
    assert looks > 100
    assert report == {
        "rush": {
            "statuses": [302],
            "registered": 10,
            "waitlisted": 90,
            "mails": 100,
            "out of order": 0,
            "out of number": 0,
            "waited while seats were free": 0,
        },
        "mixed": {
            "statuses": [302],
            "capacity": 15,
            "registered": 15,
            "promoted": 11,
            "promoted and not told": 0,
            "told twice": 0,
            "waitlisted": 27,
            "cancelled": 6,
            "removed": 2,
            "overtaken": 0,
        },
        "too many people": 0,
        "fallen": [],
        **besides,
    }
