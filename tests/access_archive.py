"""The archive in the access matrix: everybody reads what was published, and nothing else."""

from __future__ import annotations

from tests.access_situation import PAST, REVIEW, Situation

ROWS = """
  archive                              +                 x
  archive-feed                         +                 x
  sitemap                              +                 x
  sitemap-part                         +                 x
  robots                               +                 x
# questions become public with the readout: before that, for nobody at this address
  public-questions                     +                 x
  public-questions: in review          -                 x
  public-questions: draft              -                 x
"""

SITUATIONS = {
    "sitemap-part": Situation(at={"part": 1}),
    "public-questions": Situation(at=PAST),
    "public-questions: in review": Situation(at=REVIEW),
    "public-questions: draft": Situation(at={"slug": "plan"}),
}
