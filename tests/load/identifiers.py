"""What the identifier gate finds, and what it costs each question.

    python -m tests.load.identifiers                          the facts of the tests
    python -m tests.load.identifiers SAMPLES.json             an office's own samples besides
    python -m tests.load.identifiers SAMPLES.json ASKED.jsonl and what it flags of real questions

SAMPLES has `must_find` (each with `text` and `kind`) and `must_not_find` (texts); ASKED has one
object with `question` on each line. Prints a table and asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
import timeit
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from qa.identifiers import find
from tests.qa.test_identifiers import FOUND, NOT_FOUND

if TYPE_CHECKING:
    from collections.abc import Sequence

HOSTILE = ("1 ", "a@", "@", "4111 ", "123-45-", "1/1/", "(at)", "a.", "born 1", "240-555-")
LONGEST = 2_000
OF_CONTEXT = "_ctx"
"""Ends the name of a kind in samples that tell the patterns with context apart."""


class Sample(NamedTuple):
    text: str
    kind: str


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load.identifiers")
    parser.add_argument("samples", nargs="?", type=Path)
    parser.add_argument("asked", nargs="?", type=Path)
    given = parser.parse_args()
    yes = [Sample(sentence.format(words), kind) for kind, sentence, words in FOUND]
    no = list(NOT_FOUND)
    if given.samples:
        samples = json.loads(given.samples.read_text())
        yes += [
            Sample(one["text"], one["kind"].removesuffix(OF_CONTEXT))
            for one in samples["must_find"]
        ]
        no += samples["must_not_find"]
    _tell_quality(yes, no)
    lines = given.asked.read_text().splitlines() if given.asked else []
    asked = [json.loads(line)["question"] for line in lines]
    if asked:
        flagged = [text for text in asked if find(text)]
        _say("real questions flagged", f"{len(flagged)} of {len(asked)}")
        for text in flagged:
            _say("", f"{[one.kind for one in find(text)]} {text[:80]}")
    _tell_cost("a question without", asked or [text for text in no if text])
    _tell_cost("a question with one", [one.text for one in yes])
    _tell_cost(f"{LONGEST:,} hostile characters", [_long(piece) for piece in HOSTILE], repeat=3)
    return 0


def _tell_quality(yes: Sequence[Sample], no: Sequence[str]) -> None:
    found = [one for one in yes if any(hit.kind == one.kind for hit in find(one.text))]
    false = [text for text in no if find(text)]
    flags = len(found) + len(false)
    _say("recall", f"{len(found)} of {len(yes)}")
    _say("precision", f"{len(found)} of {flags} flags; false alarms: {len(false)} of {len(no)}")
    for missed in set(yes) - set(found):
        _say("missed", f"{missed.kind} in {missed.text!r}")
    for text in false:
        _say("false alarm", repr(text))


def _tell_cost(what: str, texts: Sequence[str], *, repeat: int = 200) -> None:
    costs = sorted(_cost(text, repeat) for text in texts)
    median, most = statistics.median(costs), costs[-1]
    _say(what, f"median {median:,.0f} µs, at most {most:,.0f} µs ({len(texts)} texts)")


def _cost(text: str, repeat: int) -> float:
    """Microseconds of the processor, whatever else the machine does meanwhile."""
    took = timeit.timeit(lambda: find(text), timer=time.process_time, number=repeat)
    return took / repeat * 1e6


def _long(piece: str) -> str:
    return (piece * LONGEST)[:LONGEST]


def _say(name: str, value: str) -> None:
    sys.stdout.write(f"{name:<28} {value}\n")


if __name__ == "__main__":
    sys.exit(main())
