"""The editor's parts in the access matrix: how a text reads, and remarks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from readouts.actions import commenting
from tests.access_situation import DRAFTING, Situation

if TYPE_CHECKING:
    from engagements.models import User
    from readouts.models import Readout

ROWS = """
# a look at a text that is not saved: nothing is written
  readout-section                      x                 sssss --r- ---
# whoever works on the engagement reads the draft and says something about it
  readout-comment                      x                 sssss ++++ ---
  readout-comment-settle               x                 sssss ++++ ---
  readout-comment-settle: elsewhere    x                 sssss rrrr ---
"""

COMMENT = "readouts.comment"
REMARK = DRAFTING | {"pk": "@remark"}

SITUATIONS: dict[str, Situation] = {
    "readout-section": Situation(at=DRAFTING, sent={"name": "summary", "text": "{{joined}}"}),
    "readout-comment": Situation(
        at=DRAFTING,
        sent={"section": "summary", "text": "Who said that?"},
        wrote=("readout.commented",),
        changes={COMMENT},
    ),
    "readout-comment-settle": Situation(
        at=REMARK, wrote=("readout.comment_settled",), changes={COMMENT}
    ),
    "readout-comment-settle: elsewhere": Situation(at={"slug": "review", "pk": "@remark"}),
}


def lay(readouts: dict[str, Readout], *, editor: User) -> dict[str, Any]:
    """A remark that is open."""
    made = commenting.comment(readouts["drafting"], by=editor, section="closing", text="Really?")
    return {"remark": made.pk}
