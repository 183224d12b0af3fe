"""What suggests likely duplicates: words, and meaning where the extra `semantic` is installed.

    python -m tests.load.likeness                 made-up pairs among the demonstration's questions
    python -m tests.load.likeness ASKED.jsonl     among an office's own, an object with `question`
                                                  on each line

Prints a table and asserts nothing. Suggested pairs among the questions count as false, though some
are worth a look: the number by which two measures are compared.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rapidfuzz.utils import default_process

from qa import likeness, minilm, semantics
from tests.load.machine import memory
from tests.load.paraphrases import DIFFERENT, HELD_BACK, PARAPHRASES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DEMONSTRATION: Final = Path("config/demonstration/questions.json")
LONGEST: Final = ("Why was my request for a travel document denied? " * 50)[:2_000]
SETS: Final = {"paraphrases": PARAPHRASES, "held back": HELD_BACK, "asks something else": DIFFERENT}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load.likeness")
    parser.add_argument("asked", nargs="?", type=Path)
    given = parser.parse_args()
    asked = _asked(given.asked)
    pairs = list(combinations(asked, 2))
    _say("questions", f"{len(asked)}, {len(pairs):,} pairs")
    words = _Measure("words", _by_words, pairs)
    words.tell(likeness.LEAST)
    if not minilm.is_installed():
        _say("meaning", "not measured: the extra is not installed (make semantic)")
        return 0
    cosine = _Cosines([*asked, *(text for some in SETS.values() for pair in some for text in pair)])
    meaning = _Measure("meaning", cosine, pairs)
    meaning.tell(meaning.least_for(words.suggested(likeness.LEAST)))
    both = _Measure("both", _union(cosine), pairs)
    both.tell(likeness.LEAST)
    words.tell(words.least_for(both.suggested(likeness.LEAST)))
    cosine.tell_cost()
    return 0


class _Measure:
    """A likeness, and what it says of all pairs of questions."""

    def __init__(
        self, name: str, alike: Callable[[str, str], float], pairs: Sequence[tuple[str, str]]
    ) -> None:
        self.name = name
        self.alike = alike
        self.all = sorted((alike(one, other) for one, other in pairs), reverse=True)

    def suggested(self, least: float) -> int:
        return sum(one >= least for one in self.all)

    def least_for(self, count: int) -> float:
        """The threshold from which on so many pairs are suggested."""
        return self.all[count - 1]

    def tell(self, least: float) -> None:
        found = ", ".join(
            f"{name} {sum(self.alike(*pair) >= least for pair in some)} of {len(some)}"
            for name, some in SETS.items()
        )
        _say(f"{self.name} from {least:.3f}", f"{self.suggested(least)} false; {found}")


class _Cosines:
    """All texts read once; what that took."""

    def __init__(self, texts: Sequence[str]) -> None:
        before = memory(os.getpid())
        begun = time.process_time()
        self._model = minilm.MiniLM()
        self._loading = time.process_time() - begun
        self._loaded = memory(os.getpid()) - before
        begun = time.process_time()
        self._known: dict[str, Any] = dict(
            zip(texts, self._model.vectors(list(texts)), strict=True)
        )
        self._reading = (time.process_time() - begun) / len(texts)
        self._read = memory(os.getpid()) - before

    def __call__(self, one: str, other: str) -> float:
        return self._model.cosines(self._known[one], [self._known[other]])[0]

    def tell_cost(self) -> None:
        begun = time.process_time()
        self._model.vectors([LONGEST])
        longest = time.process_time() - begun
        _say("loading", f"{self._loading:.1f} s of the processor, {self._loaded / 2**20:.0f} MiB")
        _say("1,000 texts", f"{self._reading * 1e6:,.0f} ms of the processor")
        _say("one of 2,000 characters", f"{longest * 1e3:.0f} ms")
        _say("memory with all texts read", f"{self._read / 2**20:.0f} MiB")


def _asked(path: Path | None) -> list[str]:
    if path is not None:
        texts = [json.loads(line)["question"] for line in path.read_text().splitlines()]
    else:
        told = json.loads(DEMONSTRATION.read_text())
        texts = [one["text"] for some in told.values() for one in some]
    return list(dict.fromkeys(texts))


def _by_words(one: str, other: str) -> float:
    return likeness.likeness(default_process(one), default_process(other))


def _union(cosine: Callable[[str, str], float]) -> Callable[[str, str], float]:
    """On the scale of likeness, as the desk shows it."""

    def alike(one: str, other: str) -> float:
        near = cosine(one, other)
        by_meaning = semantics.as_likeness(near) if near >= semantics.LEAST else 0.0
        return max(_by_words(one, other), by_meaning)

    return alike


def _say(name: str, value: str) -> None:
    sys.stdout.write(f"{name:<28} {value}\n")


if __name__ == "__main__":
    sys.exit(main())
