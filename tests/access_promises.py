"""What agencies still owe, for the access matrix: the counts for everybody, and the office's."""

from __future__ import annotations

from typing import Any

ROWS = """
  answered                             +                 x
# an account of the office sees what belongs to its own engagements there, perhaps nothing
  promises                             sssss ++++ +--    x
  promises-file                        sssss ++++ +--    x
  promise-questions                    sssss ++++ ---    x
  promise-questions: recalled          sssss ---- ---    x
"""

SITUATIONS: dict[str, dict[str, Any]] = {
    "promise-questions": {"at": {"pk": "@forwarding"}},
    "promise-questions: recalled": {"at": {"pk": "@recalled"}},
}
"""What makes a `Situation`, by address."""
