"""Lists for an agency, for the access matrix: how their pages are used, and a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engagements import clock
from qa.actions.agency import drafting, recalling
from qa.queries.agency import compiling
from tests import factories

if TYPE_CHECKING:
    from engagements.models import Engagement, User

FORWARDING = "qa.forwarding"
TOLD = {"engagements.outgoingmail", "qa.delivery"}
UNDRAFTED = {"slug": "undrafted"}
DRAFT = {"slug": "review", "pk": "@list-draft"}
PAST = {"slug": "past", "number": 1}

ROWS = """
  forwardings                          sssss ++++ ---    x
  forwarding                           sssss ++++ ---    x
  forwarding-file                      sssss ++++ ---    x
  forwarding-file: no such format      sssss ---- ---    x
# a list speaks for the office: not with a moderator's or coordinator's role
  forwarding-begin                     x                 sssss --++ ---
  forwarding-draft                     sssss --++ ---    sssss --++ ---
  forwarding-draft: sent               sssss ---- ---    sssss ---- ---
  forwarding-seal                      x                 sssss --++ ---
  forwarding-seal: another by now      x                 sssss --rr ---
  forwarding-discard                   x                 sssss --++ ---
  forwarding-recall                    x                 sssss --++ ---
  forwarding-recall: without a reason  x                 sssss --rr ---
"""

SITUATIONS: dict[str, dict[str, Any]] = {
    "forwardings": {"at": {"slug": "past"}},
    "forwarding": {"at": PAST},
    "forwarding-file": {
        "at": PAST | {"kind": "xlsx"},
        "reads": {"engagements.auditentry", "qa.receipt"},
    },
    "forwarding-file: no such format": {"at": PAST | {"kind": "pdf"}},
    "forwarding-begin": {
        "at": UNDRAFTED,
        "wrote": ("forwarding.drafted",),
        "changes": {FORWARDING},
    },
    "forwarding-draft": {
        "at": DRAFT,
        "sent": {"revision": 1, "states": ["waiting"], "cover_note": "Please read."},
        "wrote": ("forwarding.chosen",),
        "changes": {FORWARDING},
    },
    "forwarding-draft: sent": {
        "at": {"slug": "past", "pk": "@forwarding"},
        "sent": {"revision": 1},
    },
    "forwarding-seal": {
        "at": DRAFT,
        "sent": {"seen": "@list-mark"},
        "wrote": ("forwarding.sent",),
        "changes": {FORWARDING, "qa.forwardedquestion", "qa.forwardingfile", *TOLD},
    },
    "forwarding-seal: another by now": {"at": DRAFT, "sent": {"seen": "0" * 32}},
    "forwarding-discard": {
        "at": DRAFT,
        "wrote": ("forwarding.discarded",),
        "changes": {FORWARDING},
    },
    "forwarding-recall": {
        "at": PAST,
        "sent": {"reason": "A mistake."},
        "wrote": ("forwarding.recalled",),
        "changes": {FORWARDING, *TOLD},
    },
    "forwarding-recall: without a reason": {"at": PAST},
}
"""What makes a `Situation`, by address."""


def lay(*, past: Engagement, own: Engagement, review: Engagement, editor: User) -> dict[str, Any]:
    """A list that was sent, one that was recalled, and one in draft."""
    sent = factories.forward_list(past, by=editor)
    recalled = factories.forward_list(own, by=editor)
    recalling.recall(recalled, by=editor, reason="A mistake.")
    draft = drafting.begin(review, by=editor)
    return {
        "forwarding": sent.pk,
        "recalled": recalled.pk,
        "list-draft": draft.pk,
        "list-mark": compiling.next_list(draft, at=clock.now()).mark,
    }
