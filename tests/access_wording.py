"""The office's house wordings, for the access matrix: how their pages are used, and a wording."""

from __future__ import annotations

from typing import Any

from readouts.models import HouseWording

HOUSE_WORDING = "readouts.housewording"

ROWS = """
# who edits readouts anywhere reads the wordings; administrators change them
  wordings                             sssss --++ +--    sssss ---+ ---
  wording-original                     sssss --++ +--    x
  wording                              sssss --++ +--    sssss ---+ ---
# a look at phrases that are not saved: whoever sees it, nothing is written
  wording-preview                      x                 sssss --rr r--
  wording-usual                        x                 sssss ---+ ---
  wording-restore                      x                 sssss ---+ ---
  wording-remove                       x                 sssss ---+ ---
"""

SITUATIONS: dict[str, dict[str, Any]] = {
    "wordings": {
        "sent": {"name": "Sessions", "language": "en"},
        "wrote": ("wording.added",),
        "changes": {HOUSE_WORDING},
    },
    "wording": {
        "at": {"pk": "@wording"},
        "sent": {
            "*": "@wording-sent",
        },
        "wrote": ("wording.edited",),
        "changes": {HOUSE_WORDING},
    },
    "wording-preview": {"sent": {"*": "@wording-sent"}},
    "wording-usual": {
        "sent": {"wording": "@wording"},
        "wrote": ("wording.made_usual",),
        "changes": {HOUSE_WORDING},
    },
    "wording-restore": {
        "at": {"pk": "@wording"},
        "sent": {"revision": "1"},
        "wrote": ("wording.restored",),
        "changes": {HOUSE_WORDING},
    },
    "wording-remove": {
        "at": {"pk": "@wording"},
        "wrote": ("wording.removed",),
        "changes": {HOUSE_WORDING},
    },
}
"""What makes a `Situation`, by address."""


def lay() -> dict[str, Any]:
    """A wording of the office, and its form as a browser sends it with one phrase changed."""
    made = HouseWording.objects.create(name="Ours", language="en")
    sent = {"name": "Ours", "language": "en", "revision": "1", "label": "Recap"}
    return {"wording": made.pk, "wording-sent": sent | HABITS}


HABITS = {
    "attendance_by": "shares",
    "questions_by": "count",
    "answered_by": "could",
    "promise_by": "list",
    "subject": "questions",
    "percent_by": "sign",
    "numbers_by": "figures",
    "thousands": ",",
}
