"""The table, as text for the terminal, as JSON, and as a section of RESULTS.md."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from tests.load.bench import Results
    from tests.load.rows import Row

    Parts = list[tuple[str, list[Row]]]

TITLE: Final = "# Benchmark results, newest first\n"
VERDICTS: Final = {True: "met", False: "missed", None: ""}


def as_text(heading: str, parts: Parts) -> str:
    lines = [f"\n{heading}"]
    for part, rows in parts:
        lines.append(f"\n{part}")
        lines += [f"  {row.what:<58} {_figure(row)}".rstrip() for row in rows]
    return "\n".join(lines)


def _figure(row: Row) -> str:
    if not row.target:
        return row.figure
    return f"{row.figure:<24} {f'target {row.target}':<18} {VERDICTS[row.met]}"


def write_json(path: Path, heading: str, parts: Parts, results: Results) -> None:
    content = {
        "heading": heading,
        "rows": [{"part": part} | asdict(row) for part, rows in parts for row in rows],
        "measurements": results,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def write_markdown(path: Path, heading: str, note: str, parts: Parts) -> None:
    """Above the older sections of the file."""
    older = path.read_text().removeprefix(TITLE) if path.exists() else ""
    lines = [f"\n## {heading}\n", f"{note}\n", "| | | target | |", "|---|---|---|---|"]
    for part, rows in parts:
        lines.append(f"| **{part}** | | | |")
        lines += [
            f"| {row.what} | {row.figure} | {row.target} | {VERDICTS[row.met]} |" for row in rows
        ]
    path.write_text(TITLE + "\n".join(lines) + "\n" + older)
