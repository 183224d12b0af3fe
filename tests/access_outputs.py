"""The letterhead in the access matrix."""

from __future__ import annotations

from tests.access_situation import Situation

ROWS = """
# the letterhead is a word of the office
  letterhead                           sssss ---+ ---    sssss ---+ ---
"""

SITUATIONS: dict[str, Situation] = {
    "letterhead": Situation(
        sent={"address": "1 Main Street", "website": "https://office.example/"},
        wrote=("office.edited",),
        changes={"engagements.office"},
    ),
}
