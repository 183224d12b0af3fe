"""Identifiers, redaction and the office's lists, for the access matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.actions import gating, lists, redacting
from qa.models import DismissalReason
from tests import factories
from tests.access_situation import DECIDED, Situation

if TYPE_CHECKING:
    from engagements.models import Engagement, User
    from qa.models import Question

ROWS = """
  desk-finding                         x                 sssss ++-- ---
# who forwards decides too, when the engagement is over
  desk-finding: over                   x                 sssss ++++ ---
  desk-redact                          x                 sssss ++-- ---
  desk-redaction-undo                  x                 sssss ++-- ---
# opened by a button alone, and on record
  desk-sealed                          x                 sssss ++-+ ---
# for coordinators of whatever engagement: the lists are the office's
  flagged-words                        sssss +--+ +--    sssss +--+ +--
  dismissal-reasons                    sssss +--+ +--    sssss +--+ +--
"""

TEXT = "What about A123-456-789?"
FOUND = {"number": "@found"}
SEEN = {"seen": "@found-seen"}

ADDRESSES = {
    "desk-finding": Situation(
        at=FOUND,
        sent=SEEN | {"finding": "@finding", "verdict": "not_identifier"},
        wrote=("question.finding_dismissed",),
        changes=DECIDED | {"qa.finding"},
    ),
    "desk-finding: over": Situation(
        at={"slug": "drafting", "number": "@found-over"},
        sent=SEEN | {"finding": "@finding-over", "verdict": "kept", "reason": "No person's"},
        wrote=("question.finding_kept",),
        changes=DECIDED | {"qa.finding"},
    ),
    "desk-redact": Situation(
        at=FOUND,
        sent=SEEN | {"findings": "@finding", "reason": "identifier"},
        wrote=("question.redacted",),
        changes=DECIDED | {"qa.finding", "qa.redaction", "qa.sealedtext"},
    ),
    "desk-redaction-undo": Situation(
        at={"number": "@redacted"},
        sent={"seen": "@redacted-seen", "redaction": "@redaction"},
        wrote=("question.redaction_undone",),
        changes=DECIDED | {"qa.finding", "qa.redaction", "qa.sealedtext"},
    ),
    "desk-sealed": Situation(at={"number": "@redacted"}, wrote=("question.sealed_opened",)),
    "flagged-words": Situation(
        sent={"words": "fee waiver", "seen": lists.list_digest([])},
        wrote=("flagged_words.changed",),
        changes={"qa.flaggedword"},
    ),
    "dismissal-reasons": Situation(
        sent={"*": "@reasons"},
        wrote=("dismissal_reason.edited",),
        changes={"qa.dismissalreason"},
    ),
}


def lay(now: Engagement, over: Engagement, by: User) -> dict[str, Any]:
    """Questions with an identifier, of an hour and of one that is over, and a redacted one."""
    found, redacted, found_over = _ask(now), _ask(now), _ask(over)
    redacted = redacting.redact(
        now.floor, by=by, number=redacted.number, seen=redacted.revision,
        findings=[redacted.findings.get().pk], reason="identifier",
    )  # fmt: skip
    return {
        "found": found.number,
        "found-seen": found.revision,
        "finding": found.findings.get().pk,
        "found-over": found_over.number,
        "finding-over": found_over.findings.get().pk,
        "redacted": redacted.number,
        "redacted-seen": redacted.revision,
        "redaction": redacted.redactions.get().pk,
        "reasons": _reasons(),
    }


def _ask(engagement: Engagement) -> Question:
    question = factories.make_question(engagement.floor, TEXT)
    gating.examine(engagement.floor, [question])
    question.save()
    gating.record_findings([question])
    return question


def _reasons() -> dict[str, Any]:
    """The table of reasons as the form sends it, with another label for one of them."""
    sent: dict[str, Any] = {}
    for reason in DismissalReason.objects.all():
        values = {"label": reason.label, "position": reason.position, "is_active": "on"}
        if reason.is_told:
            values["is_told"] = "on"
        if reason.code == "unclear":
            values["label"] = "hard to read"
        sent |= {f"reason-{reason.pk}-{name}": value for name, value in values.items()}
    return sent
