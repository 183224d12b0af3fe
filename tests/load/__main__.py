"""`make bench`: what the live path costs, beside an idiomatic server and a portable floor.

    python -m tests.load                    every row of the table of targets
    QUICK=1 python -m tests.load            up to 1,000 people, for a look in three minutes
    python -m tests.load --only asking      the measurements whose name has this word
    python -m tests.load --markdown FILE    also a section at the top of FILE

Each figure is taken in one run with what it is compared to: real server processes on one core, the
crowd (and PostgreSQL, with fsync on) on another, over loopback. Processor time is that of the
server's process; what *marginal* means is said in `rows`. The share of a core that the crowd's own
process took stands beside each figure: near 100%, the crowd was the bottleneck and not the server.
So does what others took of the machine meanwhile, databases among them: where that is much, times
on the clock are worth little.

Broadcasts come from the desk, which marks questions as answered and back; the other servers are
told by a frame to broadcast. Asserts nothing.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tests import services
from tests.load import machine, plans, report
from tests.load.bench import Bench, say
from tests.load.rows import Table
from tests.load.servers import ROOT

NOTE: Final = (
    "SQLite in WAL mode with synchronous FULL, PostgreSQL with fsync; uvicorn with "
    "websockets-sansio and uvloop unless daphne is named; in-memory channel layer; one worker."
)


def main() -> None:
    services.unwind_on_termination()
    options = _options()
    quick = bool(os.environ.get("QUICK"))
    day = datetime.now(UTC).date()
    command = "QUICK=1 make bench" if quick else "make bench"
    heading = f"{day}, {machine.description()}, `{command}`"
    wanted = [
        one
        for one in plans.measurements(quick=quick)
        if all(word in str(one) for word in options.only)
    ]
    say(f"{len(wanted)} measurements:")
    with tempfile.TemporaryDirectory(prefix="openfloor-bench-") as directory:
        bench = Bench(Path(directory))
        bench.prepare(max(one.people + one.stalled for one in wanted))
        for one in wanted:
            bench.measure(one)
    parts = list(Table(bench.results, quick=quick).parts())
    sys.stdout.write(report.as_text(heading, parts) + "\n")
    report.write_json(options.json, heading, parts, bench.results)
    sys.stdout.write(f"\nAll figures: {options.json}\n")
    if options.markdown:
        report.write_markdown(options.markdown, heading, NOTE, parts)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.load")
    parser.add_argument("--only", nargs="*", default=[], metavar="WORD")
    parser.add_argument("--json", type=Path, default=ROOT / "var" / "bench.json")
    parser.add_argument("--markdown", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
