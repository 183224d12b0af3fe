"""Readouts in clearance for the world of the access matrix. M2 clears, and has no role here."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from engagements import clock
from engagements.models import Engagement, User
from readouts import queries
from readouts.actions import chain, clearing, drafting, publishing, scheduling
from tests.access_situation import DRAFTING, MAIL, OWN, PAST, REVIEW, Situation, readout_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from readouts.models import Readout

ROWS = """
# who clears a readout reads it as it would be published, and nothing else of the engagement
  readout-preview: in clearance        sssss ++++ +--    x
  readout-preview-file: in clearance   sssss ++++ +--    x
  readout-edit: in clearance           sssss ++++ ---    x
  readout-samples: in clearance        sssss ++++ ---    x
  readout-history: in clearance        sssss ++++ ---    x
# only the step's people approve; those of the engagement are told whose step it is
  readout-approve                      x                 sssss rrrr +--
  readout-publish: not cleared         x                 sssss --rr ---
  readout-schedule                     x                 sssss --++ ---
  readout-schedule: not cleared        x                 sssss --rr ---
  readout-unschedule                   x                 sssss --++ ---
  readout-history                      sssss ++++ ---    x
  readout-changes                      sssss ++++ ---    x
  readout-difference                   +                 x
  readout-difference: in review        -                 x
  readout-office-difference            sssss ++++ ---    x
# the office may know its chain; an administrator sets it
  clearance                            sssss ++++ +--    x
  clearance-add                        x                 sssss ---+ ---
  clearance-save                       x                 sssss ---+ ---
  clearance-move                       x                 sssss ---+ ---
"""

CLEARING = {"slug": "clearing"}
BOTH = {"before": 1, "after": 2}
READ = {"revision": 1, "digest": "@clearing-digest"}
STEP = "readouts.clearancestep"

PUBLISHED = Situation(
    sent={"revision": 1},
    wrote=("readout.publish", "readout.frozen", "commitment.made"),
    changes={
        "readouts.readout",
        "readouts.readoutversion",
        "readouts.versionfile",
        "readouts.commitment",
    },
)

SITUATIONS: dict[str, Situation] = {
    "readout-preview: in clearance": Situation(at=CLEARING),
    "readout-preview-file: in clearance": Situation(at=CLEARING | {"format": "pdf"}),
    "readout-edit: in clearance": Situation(at=CLEARING),
    "readout-samples: in clearance": Situation(at=CLEARING),
    "readout-history: in clearance": Situation(at=CLEARING),
    "readout-submit": Situation(
        at=DRAFTING,
        sent={"without_summary": "on"},
        wrote=("readout.submit",),
        changes={"readouts.readout", MAIL},
    ),
    "readout-publish": replace(PUBLISHED, at=REVIEW),
    "readout-publish: own words": replace(PUBLISHED, at=OWN),
    "readout-withdraw": Situation(
        at=PAST,
        sent={"reason": "The figures were wrong"},
        wrote=("readout.withdraw",),
        changes={"readouts.readout"},
    ),
    "readout-return": Situation(
        at=REVIEW,
        sent={"note": "A name is wrong."},
        wrote=("readout.return",),
        changes={"readouts.readout", "readouts.return", MAIL},
    ),
    "readout-approve": Situation(
        at=CLEARING,
        sent=READ | {"step": "@step"},
        wrote=("readout.approved",),
        changes={"readouts.approval", MAIL},
    ),
    "readout-publish: not cleared": Situation(at=CLEARING, sent=READ),
    "readout-schedule": Situation(
        at=REVIEW,
        sent={"revision": 1, "digest": "@review-digest", "at": "@next-month"},
        wrote=("readout.schedule",),
        changes={"readouts.readout"},
    ),
    "readout-schedule: not cleared": Situation(at=CLEARING, sent=READ | {"at": "@next-month"}),
    "readout-unschedule": readout_of(REVIEW, "readout.unschedule"),
    "readout-history": Situation(at=PAST),
    "readout-changes": Situation(at=PAST),
    "readout-difference": Situation(at=PAST | BOTH),
    "readout-difference: in review": Situation(at=REVIEW | BOTH),
    "readout-office-difference": Situation(at=PAST | BOTH),
    "clearance-add": Situation(
        sent={"seen": "@chain", "name": "Public affairs", "people": "@clearer"},
        wrote=("clearance.step_added",),
        changes={STEP, f"{STEP}_people"},
    ),
    "clearance-save": Situation(
        at={"pk": "@step"},
        sent={"seen": "@chain", "name": "Lawyers", "people": "@clearer", "is_active": "on"},
        wrote=("clearance.step_edited",),
        changes={STEP},
    ),
    "clearance-move": Situation(
        at={"pk": "@step"},
        sent={"seen": "@chain", "way": "down"},
        wrote=("clearance.step_moved",),
        changes={STEP},
    ),
}
"""What makes a `Situation`, by address."""


def lay(readouts: Mapping[str, Readout], *, editor: User, admin: User) -> dict[str, Any]:
    """A second version of `past`; M2's step, passed by `review` and `own`, and not by another."""
    clearer = User.objects.get(name="M2")
    past = readouts["past"]
    publishing.correct(past, by=past.last_editor or editor, note="A date")
    publishing.submit(past, by=editor, without_summary=True)
    publishing.publish(past, by=admin)
    here = Engagement.objects.get(slug="clearing")
    waiting = drafting.draft(here, by=past.last_editor or editor)
    publishing.submit(waiting, by=editor, without_summary=True)
    step = chain.add(by=admin, seen=_mark(), name="Counsel", people=[clearer])
    for slug in ("review", "own"):
        _approve(readouts[slug], by=clearer, step=step.pk)
    _schedule(readouts["review"], by=admin)
    other = chain.add(by=admin, seen=_mark(), name="Privacy", people=[clearer])
    chain.edit(other.pk, by=admin, seen=_mark(), name="Privacy", people=[clearer], is_active=False)
    return {
        "step": step.pk,
        "clearer": clearer.pk,
        "chain": _mark(),
        "clearing-digest": _digest(waiting),
        "review-digest": _digest(readouts["review"]),
        "next-month": f"{clock.now() + timedelta(days=30):%Y-%m-%dT12:00}",
    }


def _approve(readout: Readout, *, by: User, step: int) -> None:
    clearing.approve(readout, by=by, step=step, digest=_digest(readout), revision=readout.revision)


def _schedule(readout: Readout, *, by: User) -> None:
    scheduling.schedule(
        readout,
        by=by,
        at=clock.now() + timedelta(days=1),
        revision=readout.revision,
        digest=_digest(readout),
    )


def _mark() -> str:
    return queries.chain_mark(queries.all_steps())


def _digest(readout: Readout) -> str:
    return queries.clearance_of(readout).digest
