"""Where a readout's numbers come from, in the access matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from readouts.models import Readout
from readouts.queries import Drift
from tests.access_situation import PAST, REVIEW, Situation

if TYPE_CHECKING:
    from collections.abc import Mapping

ROWS = """
# how the published numbers were counted is for everybody, and of nothing else
  readout-counted                      +                 x
  readout-counted: in review           -                 x
  readout-version-counted              +                 x
  readout-version-counted: no such     -                 x
# the numbers of a draft are for who works on the engagement; who only clears it reads the text
  readout-figures                      sssss ++++ ---    x
  readout-figures: in clearance        sssss ++++ ---    x
  readout-figure                       sssss ++++ ---    x
  readout-figure: in clearance         sssss ++++ ---    x
  readout-figure: counted again        sssss ++++ ---    x
# an editor says why published figures stay
  readout-settle                       x                 sssss --+- ---
"""

CLEARING = {"slug": "clearing"}
JOINED = {"key": "joined"}

SITUATIONS: dict[str, Situation] = {
    "readout-counted": Situation(at=PAST),
    "readout-counted: in review": Situation(at=REVIEW),
    "readout-version-counted": Situation(at=PAST | {"number": 1}),
    "readout-version-counted: no such": Situation(at=PAST | {"number": 9}),
    "readout-figures": Situation(at=PAST),
    "readout-figures: in clearance": Situation(at=CLEARING),
    "readout-figure": Situation(at=PAST | JOINED),
    "readout-figure: in clearance": Situation(at=CLEARING | JOINED),
    "readout-figure: counted again": Situation(at=PAST | {"key": "questions"}),
    "readout-settle": Situation(
        at=PAST,
        sent={"reason": "A list that came late"},
        wrote=("readout.drift_settled",),
        changes={"readouts.readout"},
    ),
}


def lay(readouts: Mapping[str, Readout]) -> dict[str, Any]:
    """What is published of `past` would be counted otherwise now."""
    drift = [Drift("joined", "Joined", 1, 2).to_json()]
    Readout.objects.filter(pk=readouts["past"].pk).update(drift=drift)
    return {}
