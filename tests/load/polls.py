"""What a burst of answers to a poll costs: 500 people, everybody sees the results.

    python -m tests.load.polls [PEOPLE]

As `make bench`: a real server process, over loopback, SQLite with synchronous FULL. Processor time
is that of the server's process, for storing, counting and telling together.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests import services
from tests.load import machine
from tests.load.bench import Bench, Measurement
from tests.load.servers import OURS

if TYPE_CHECKING:
    from collections.abc import Sequence

PEOPLE: Final = 500
STEPS: Final = {"answers": {"do": "answers", "seconds": 1.0, "limit": 60}}


def main(arguments: Sequence[str]) -> None:
    services.unwind_on_termination()
    people = int(arguments[0]) if arguments else PEOPLE
    with tempfile.TemporaryDirectory(prefix="openfloor-polls-") as directory:
        bench = Bench(Path(directory))
        bench.prepare(people)
        bench.prepare_poll()
        bench.measure(Measurement(system=OURS, people=people, steps=STEPS))
    sys.stdout.write(f"{machine.description()}\n")
    for name, steps in bench.results.items():
        sys.stdout.write(f"{name}: {_line(steps['answers'])}\n")


def _line(step: dict[str, Any]) -> str:
    """One row in words."""
    each = step["server_cpu"] / step["answers"] * 1000
    return (
        f"{step['answers']} answers, {step['acknowledged']} acknowledged, "
        f"{each:.2f} ms of server CPU each, p50 {step['p50']:.0f} ms, p99 {step['p99']:.0f} ms, "
        f"{step['frames'] / step['people']:.1f} frames per client in {step['seconds']:.1f} s; "
        f"others took {step['others_share']:.0%} of a core"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
