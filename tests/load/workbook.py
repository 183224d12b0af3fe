"""What the workbook of a long list costs, written row by row and, beside it, held as a whole.

    python -m tests.load.workbook          10,000 questions, and twice as many
    python -m tests.load.workbook 2000     fewer, for a quick look

Each line in a process of its own, so that its peak of memory is its own. Stores nothing, prints a
table and asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from tests.load import machine, servers

ROW_BY_ROW: Final = "workbook, row by row"
AS_A_WHOLE: Final = "workbook, as a whole"
OTHERS: Final = ("CSV", "JSON")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load.workbook")
    parser.add_argument("questions", nargs="?", type=int, default=10_000)
    questions: int = parser.parse_args().questions
    write = sys.stdout.write
    write(f"{machine.description()}\n\n")
    write(f"{'format':<24} {'questions':>10} {'s':>7} {'CPU s':>7} {'MiB more':>9} {'kB':>8}\n")
    told: dict[tuple[str, int], dict[str, Any]] = {}
    for number in (questions, 2 * questions):
        for format_ in (ROW_BY_ROW, AS_A_WHOLE, *OTHERS):
            one = told[format_, number] = _measured(format_, number)
            write(f"{format_:<24} {number:>10,} {one['seconds']:>7.1f} {one['worked']:>7.1f} ")
            write(f"{one['more'] / 2**20:>9.0f} {one['size'] / 1000:>8,.0f}\n")
    for number in (questions, 2 * questions):
        rows, whole = told[ROW_BY_ROW, number], told[AS_A_WHOLE, number]
        memory = whole["more"] / max(rows["more"], 2**20)
        write(
            f"\n{number:,} questions: as a whole takes {whole['worked'] / rows['worked']:.1f} "
            f"times the processor and {memory:.1f} times the memory"
        )
    write("\n\n")
    return 0


def _measured(format_: str, questions: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="openfloor-workbook-") as directory:
        # A process of its own: the settings read the environment once, and peaks only grow.
        done = subprocess.run(
            [sys.executable, "-m", "tests.load.written", format_, str(questions)],
            cwd=servers.ROOT,
            env=servers.environment(Path(directory), {}),
            stdout=subprocess.PIPE,
            check=True,
        )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    sys.exit(main())
