"""Scripts and server list the same questions for the same choice."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from qa import sifting, states

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

ZONE = "America/New_York"
RUN = """async ([questions, choices, zone]) => {
  const { sifted } = await import("/static/qa/desk-sift.js");
  return choices.map((chosen) => sifted(questions, chosen, zone).map((q) => q.number));
}"""
CHOICES: list[dict[str, str]] = [
    {},
    {"state": states.HELD},
    {"state": states.FOLLOW_UP},
    {"label": "3"},
    {"label": "none"},
    {"speaker": "2", "state": states.WAITING},
    {"speaker": "none"},
    {"category": "Attorney"},
    {"language": "es"},
    {"source": "phone"},
    {"flagged": "on"},
    {"since": "14:03"},
    {"until": "14:03"},
    {"since": "13:59", "until": "14:01"},
    {"q": "visa"},
    {"q": "VISA fee"},
    {"q": "#1"},
    {"q": "#1 visa"},
    {"q": "çédille"},
    {"q": "nothing of that kind"},
]


def questions(seed: int) -> list[dict[str, Any]]:
    chance = random.Random(seed)
    return [
        {
            "number": number,
            "state": chance.choice([states.WAITING, states.SHOWN, states.HELD]),
            "outcome": chance.choice([states.NO_OUTCOME, states.FOLLOW_UP]),
            "label": (label := chance.choice(["", "Fees"])),
            "label_id": 3 if label else None,
            "speaker": (speaker := chance.choice(["", "Dr. Vega"])),
            "speaker_id": 2 if speaker else None,
            "category": chance.choice(["Attorney", "Employer", ""]),
            "language": chance.choice(["en", "es", ""]),
            "source": chance.choice(["live", "phone"]),
            "findings": chance.choice([[], [], ["ssn"]]),
            "flagged_words": chance.choice([[], [], ["damn"]]),
            "asked_at": chance.choice(
                [
                    "2021-04-14T17:59:59+00:00",
                    "2021-04-14T18:01:00.250000+00:00",
                    "2021-04-14T18:03:59+00:00",
                    "2021-12-14T19:04:00+00:00",
                ]
            ),
            "text": chance.choice(["A visa?", "The FEE of a Visa?", "Una ÇÉDILLE?"]),
            "original_text": chance.choice(["", "visa"]),
            "note": chance.choice(["", "Ask about #1"]),
            "asker_name": "",
        }
        for number in range(1, 61)
    ]


def test_the_same_questions_in_both_places(person: Callable[..., Page], site: str) -> None:
    page = person()
    page.goto(f"{site}/static/qa/desk-sift.js")
    for seed in range(3):
        given = questions(seed)
        expected = [
            [question["number"] for question in sifting.sifted(given, chosen, ZONE)]
            for chosen in CHOICES
        ]
        assert page.evaluate(RUN, [given, CHOICES, ZONE]) == expected
        assert all(len(found) < 60 for found in expected[1:])
        assert sum(bool(found) for found in expected) >= len(CHOICES) - 3
