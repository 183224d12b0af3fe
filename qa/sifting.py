"""Which questions of the desk somebody asked for. Pure; `static/qa/desk-sift.js` sifts alike."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from qa import states

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

NONE: Final = "none"
"""Chosen where a question should have no label, or no speaker."""

ASIDE: Final = frozenset({states.HELD, states.DISMISSED, states.MERGED, states.WITHDRAWN})
"""States of the desk's third list."""


def sifted(
    questions: Iterable[dict[str, Any]], chosen: Mapping[str, str], zone: str
) -> list[dict[str, Any]]:
    """Those that fit all that is chosen; `zone` is the one in which times of day are meant."""
    wanted = {name: value for name, value in chosen.items() if value}
    tests = [_TESTS[name] for name in wanted if name in _TESTS]
    values = [wanted[name] for name in wanted if name in _TESTS]
    fits = list(zip(tests, values, strict=True))
    return [q for q in questions if all(test(q, value, zone) for test, value in fits)]


def time_of_day(moment: str, zone: str) -> str:
    """`14:05`, on a wall clock of the zone."""
    return datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)).strftime("%H:%M")


def _is_in(question: dict[str, Any], state: str, _zone: str) -> bool:
    return state in (question["state"], question["outcome"])


def _is_of(field: str) -> Callable[[dict[str, Any], str, str], bool]:
    def test(question: dict[str, Any], value: str, _zone: str) -> bool:
        held = question[field]
        return not held if value == NONE else str(held) == value

    return test


def _is_flagged(question: dict[str, Any], _on: str, _zone: str) -> bool:
    return bool(question["findings"] or question["flagged_words"])


def _is_since(question: dict[str, Any], at: str, zone: str) -> bool:
    return bool(question["asked_at"]) and time_of_day(question["asked_at"], zone) >= at


def _is_until(question: dict[str, Any], at: str, zone: str) -> bool:
    return bool(question["asked_at"]) and time_of_day(question["asked_at"], zone) <= at


def _has_words(question: dict[str, Any], words: str, _zone: str) -> bool:
    number = f"#{question['number']}"
    names = ("text", "original_text", "note", "asker_name", "category", "label", "speaker")
    held = "\n".join([number, *(question[name] for name in names)]).lower()
    return all(_is_said(word, held, number) for word in words.lower().split())


def _is_said(word: str, held: str, number: str) -> bool:
    """A number is meant as a whole: #1 is not #12."""
    return word == number if word[0] == "#" and word[1:].isdigit() else word in held


_TESTS: Final[dict[str, Callable[[dict[str, Any], str, str], bool]]] = {
    "state": _is_in,
    "label": _is_of("label_id"),
    "speaker": _is_of("speaker_id"),
    "category": _is_of("category"),
    "language": _is_of("language"),
    "source": _is_of("source"),
    "flagged": _is_flagged,
    "since": _is_since,
    "until": _is_until,
    "q": _has_words,
}
