"""Commitments and what the office remembers, for the access matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from readouts.actions import following, remembering
from readouts.models import Recurrence
from tests import factories

if TYPE_CHECKING:
    from engagements.models import Engagement

ROWS = """
# an account of the office sees what belongs to its own engagements there, perhaps nothing
  commitments                          sssss ++++ +--    x
  commitment                           sssss ++++ ---    x
  commitment-new                       sssss --++ ---    sssss --++ ---
  commitment-assign                    x                 sssss --++ ---
  commitment-keep                      x                 sssss --++ ---
# its owner says that it was kept, without being an editor
  commitment-keep: own                 x                 sssss +-++ ---
  commitment-drop                      x                 sssss --++ ---
  commitment-reopen                    x                 sssss --++ ---
  memory                               sssss ++++ +--    x
  memory-sheet                         sssss ++++ +--    x
  recurring-questions                  sssss ++++ +--    x
  recurring-find                       sssss ++++ +--    x
  recurring-note                       x                 sssss --++ ---
  recurring-question                   sssss ++++ ---    x
  recurring-rename                     x                 sssss --++ ---
  recurring-forget                     x                 sssss --++ ---
"""

COMMITMENT = {"readouts.commitment"}
RECURRENCE = {"readouts.recurrence"}
RECURRING = {"readouts.recurringquestion"}

SITUATIONS: dict[str, dict[str, Any]] = {
    "commitment": {"at": {"pk": "@commitment"}},
    "commitment-new": {
        "at": {"slug": "past"},
        "sent": {"text": "We will call."},
        "wrote": ("commitment.made",),
        "changes": COMMITMENT,
    },
    "commitment-assign": {
        "at": {"pk": "@commitment"},
        "sent": {"text": "We will write.", "due_on": "2021-05-01", "revision": 1},
        "wrote": ("commitment.assigned",),
        "changes": COMMITMENT,
    },
    "commitment-keep": {
        "at": {"pk": "@commitment"},
        "sent": {"evidence": "We called.", "revision": 1},
        "wrote": ("commitment.kept",),
        "changes": COMMITMENT,
    },
    "commitment-keep: own": {
        "at": {"pk": "@own-commitment"},
        "sent": {"evidence": "We called.", "revision": 1},
        "wrote": ("commitment.kept",),
        "changes": COMMITMENT,
    },
    "commitment-drop": {
        "at": {"pk": "@commitment"},
        "sent": {"reason": "No time.", "revision": 1},
        "wrote": ("commitment.dropped",),
        "changes": COMMITMENT,
    },
    "commitment-reopen": {
        "at": {"pk": "@dropped-commitment"},
        "sent": {"revision": 2},
        "wrote": ("commitment.reopened",),
        "changes": COMMITMENT,
    },
    "recurring-note": {
        "sent": {"question": "@again", "recurring": "@recurring"},
        "wrote": ("recurrence.recognized",),
        "changes": RECURRENCE,
    },
    "recurring-question": {"at": {"pk": "@recurring"}},
    "recurring-rename": {
        "at": {"pk": "@recurring"},
        "sent": {"text": "Why not?"},
        "wrote": ("recurring.renamed",),
        "changes": RECURRING,
    },
    "recurring-forget": {
        "at": {"pk": "@recurring", "recurrence": "@recurrence"},
        "wrote": ("recurrence.forgotten",),
        "changes": RECURRENCE,
    },
}
"""What makes a `Situation`, by address."""


def lay(past: Engagement, other: Engagement, people: dict[str, Any]) -> dict[str, Any]:
    """Promises of one engagement, and a question that was asked at two."""
    editor, coordinator = people["RE"], people["CO"]
    dropped = following.add(past, by=editor, text="We will meet.")
    following.drop(dropped, by=editor, revision=1, reason="No room.")
    asked = [factories.make_question(one.floor, "Why again?") for one in (past, other, past)]
    recurring = remembering.note(asked[:2], by=editor, text="Why?")
    return {
        "commitment": following.add(past, by=editor, text="We will call.").pk,
        "own-commitment": following.add(past, by=editor, text="It is told.", owner=coordinator).pk,
        "dropped-commitment": dropped.pk,
        "again": asked[2].pk,
        "recurring": recurring.pk,
        "recurrence": Recurrence.objects.get(question=asked[0]).pk,
    }
