"""What is sent in every measurement: questions of an ordinary length, the same for all systems."""

from __future__ import annotations

import json
from typing import Any, Final

OPTIONS: Final = ("Very well", "Well", "Badly", "Not at all")
SHOWN: Final = 50
"""Questions in a snapshot."""

TEXT: Final = (
    "When a case is transferred from one field office to another, which of the two will answer "
    "an inquiry about it, and how long should a representative wait before asking again? (%03d)"
)
"""Real questions run from 96 to 219 characters; with its envelope an event has some 300 bytes."""

LONG_TEXT: Final = TEXT + " Context." * 180
"""Fills the buffers of somebody who does not read within seconds; 2,000 characters are allowed."""

QUESTION: Final = {"outcome": "none", "shown_at": "2021-04-14T18:06:10+00:00"}


def encode(message: dict[str, Any]) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode()


def event(number: int) -> dict[str, Any]:
    """The change of one shown question, in the form of docs/live-protocol.md."""
    question = {"number": number % SHOWN + 1, "text": TEXT % number} | QUESTION
    changed = {"type": "question", "question": question}
    return {"type": "events", "after": number - 1, "number": number, "events": [changed]}


def count(number: int, votes: int) -> dict[str, Any]:
    return {"type": "counts", "votes": {str(number): votes}}


def entered(questions: list[dict[str, Any]], votes: dict[str, int]) -> dict[str, Any]:
    """The reply to `enter`: a snapshot from which numbers go on."""
    snapshot = {
        "type": "snapshot",
        "epoch": "9f2c41d0a87be365",
        "number": 0,
        "engagement": "live",
        "floor": "open",
        "voting": "public",
        "questions": questions,
        "announcements": [],
        "mark": 0,
        "votes": votes,
    }
    return {"re": 1, "ok": {"news": snapshot, "people": 1}}


def questions() -> list[dict[str, Any]]:
    return [{"number": one, "text": TEXT % one} | QUESTION for one in range(1, SHOWN + 1)]
