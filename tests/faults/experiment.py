"""The promise under faults: what was acknowledged is stored, once, in order, and its readers know.

    python -m tests.faults.experiment [--sqlite] [--seed N] [--asks 1000] [--seconds 40]

Servers are killed while writers ask, and a part of the acknowledgements gets lost on the way. Then
everything heals, and what people know is held against what is stored. Prints one line of JSON; the
status is 1 when any count is not 0. The same seed gives the same plan and the same people, but not
the same race.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from tests import services
from tests.faults import cluster, plan
from tests.faults.conduct import conduct
from tests.faults.script import Script

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.faults.cluster import Cluster, Server

WRITERS: Final = 40
LOSS: Final = 0.08
RECORD: Final = re.compile(r"\[(?:warning|error|critical)\s*\] (\S+(?: [^\s\[:]+)*)")
COLORS: Final = re.compile(r"\x1b\[[0-9;]*m")


def main() -> int:
    services.unwind_on_termination()
    options = _options()
    with cluster.running(is_sqlite=options.sqlite) as servers:
        report = report_on(servers, options)
    sys.stdout.write(f"{json.dumps(report)}\n")
    return int(any(report["counts"].values()) or bool(report["fallen"]))


def report_on(servers: Cluster, options: argparse.Namespace) -> dict[str, Any]:
    script = Script(
        seed=options.seed,
        asks=options.asks or (200 if options.sqlite else 1000),
        writers=WRITERS,
        seconds=options.seconds or (12.0 if options.sqlite else 40.0),
        loss=LOSS,
        ports=tuple(worker.port for worker in servers.workers),
        has_last_words=not options.sqlite,
    )
    faults = plan.faults(
        plan.SQLITE if options.sqlite else plan.ALL,
        script.seconds,
        len(servers.workers),
        random.Random(options.seed),
    )
    return {
        "seed": options.seed,
        **conduct(servers, script, faults),
        "fallen": servers.fallen,
        "logged": _logged(servers.workers),
    }


def _logged(workers: Iterable[Server]) -> Counter[str]:
    """What the workers complained of, by the names of their records."""
    return Counter(
        name
        for worker in workers
        for name in RECORD.findall(COLORS.sub("", worker.log.read_text(errors="replace")))
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sqlite", action="store_true", help="one worker on SQLite")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--asks", type=int, help="1000 when left out, on SQLite 200; in whole shares of 40 writers"
    )
    parser.add_argument("--seconds", type=float, help="of asking: 40 when left out, on SQLite 12")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
