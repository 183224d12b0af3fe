"""Servers are killed in the middle of a thousand asks, and nothing that was promised is broken.

`make test` runs this by itself (`tests/run.py`): it wants the machine's cores.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests import run
from tests.faults import plan, verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def conducted(directory: Path, *options: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.faults.experiment", *options]
    with run.child(command, directory, {}) as process:
        output, _ = process.communicate()
    assert process.returncode in {0, 1}, output
    report: dict[str, Any] = json.loads(output.splitlines()[-1])
    return report


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("options", "asks", "faults", "after"),
    [
        pytest.param([], 1000, plan.ALL, [plan.LAST], id="three workers, PostgreSQL and Valkey"),
        pytest.param(["--sqlite"], 200, plan.SQLITE, [], id="one worker on SQLite"),
    ],
)
def test_what_was_acknowledged_is_stored_once_in_order_and_told(
    options: list[str], asks: int, faults: Sequence[Any], after: list[Any], tmp_path: Path
) -> None:
    report = conducted(tmp_path, *options)

    assert (report["examples"], report["counts"]) == ({}, dict.fromkeys(verdict.CHECKS, 0))
    assert (report["asked"], report["acknowledged"], report["refused"]) == (asks, asks, {})
    assert report["fallen"] == []
    # The experiment was one: all this happened, and while people asked.
    happened = [(one["server"].partition("-")[0], one["signal"]) for one in report["faults"]]
    assert Counter(happened) == Counter((server, how.name) for server, how in [*faults, *after])
    assert all(one["at"] < report["seconds"] for one in report["faults"][: len(faults)])
    assert report["replies_lost"] > asks * 0.04
    assert report["shown"] > asks * 0.4
