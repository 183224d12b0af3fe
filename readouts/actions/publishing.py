"""Review, publish, correct, withdraw. The public reads what is frozen here, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from engagements import clock
from engagements.refusals import Refused
from readouts import queries, rules, states
from readouts.actions import clearing, editing, freezing, indexing, moving, quoting

if TYPE_CHECKING:
    from datetime import datetime

    from engagements.models import User
    from readouts.document import Document
    from readouts.models import Readout, ReadoutVersion
    from readouts.queries.clearance import Clearance


def submit(readout: Readout, *, by: User, without_summary: bool = False) -> Readout:
    """Nothing can be edited until somebody returns it. Refuses what could not be published.

    A readout without a summary is submitted only by whoever says that it is meant so. Whose turn
    it is in the office's chain is told by mail.
    """

    def check() -> None:
        editing.check_may_edit(readout, by)
        moving.check_may_move(readout, "submit")
        if not without_summary and not readout.summary.strip():
            raise Refused(
                "no_summary",
                _("This readout has no summary. Write one, or say that it is meant to have none."),
            )
        check_words(readout)

    def act(written: freezing.Written) -> Readout:
        check()
        freezing.check(readout, written)
        moving.move(readout, "submit", by=by)
        clearing.tell_whose_turn(readout)
        return readout

    check()
    return freezing.with_files(readout, act)


@transaction.atomic
def return_to_draft(readout: Readout, *, by: User, note: str = "") -> Readout:
    """Back to the editors, with what is to be changed. Whoever clears or reviews it may do it, and
    an editor with the own submission, then without a note too."""
    if not rules.may_send_back(by, readout.engagement):
        raise moving.not_a_reviewer()
    is_own = readout.last_editor_id == by.pk
    if note or not is_own:
        note = moving.needed(note, _("Please say what is to be changed."))
    digest = queries.document_of(readout).digest
    moving.move(readout, "return", by=by)
    clearing.note_return(readout, by=by, note=note, digest=digest)
    return readout


def publish(
    readout: Readout,
    *,
    by: User,
    revision: int | None = None,
    digest: str = "",
    planned_at: datetime | None = None,
) -> ReadoutVersion:
    """Freeze text, facts and files into the next version. Refuses the last editor, and what the
    office's chain has not cleared.

    `revision` and `digest` are those that the publisher has read; without them, the ones of now.
    With `planned_at` only while it is to be published by the clock at that moment.
    """
    seen = readout.revision if revision is None else revision
    planned = {"publish_at": planned_at} if planned_at else {}

    def act(written: freezing.Written) -> ReadoutVersion:
        document, clearance = _checked(readout, by=by, revision=seen, digest=digest)
        moving.move(
            readout,
            "publish",
            by=by,
            where={"revision": readout.revision} | planned,
            detail={"by_clock": True} if planned_at else {},
        )
        approvals = clearance.record()
        return freezing.freeze(
            readout, by=by, document=document, written=written, approvals=approvals
        )

    _checked(readout, by=by, revision=seen, digest=digest)
    return freezing.with_files(readout, act)


def _checked(
    readout: Readout, *, by: User, revision: int, digest: str
) -> tuple[Document, Clearance]:
    """What may be published now, as it stands. Raises Refused."""
    readout.refresh_from_db(fields=editing.REFRESHED)
    moving.check_is_second_person(readout, by)
    if readout.state != states.IN_REVIEW:
        raise Refused("wrong_state", moving.explain(readout, "publish"))
    if readout.revision != revision:
        raise editing.Overtaken(readout)
    check_words(readout)
    document = queries.document_of(readout)
    clearance = queries.clearance_of(readout, document)
    moving.check_digest(document.digest, digest)
    check_is_cleared(clearance)
    return document, clearance


@transaction.atomic
def correct(readout: Readout, *, by: User, note: str) -> Readout:
    """Open the next draft. What is in force stays so until the correction is published."""
    editing.check_may_edit(readout, by)
    note = moving.needed(note, _("Please say what is to be corrected."))
    moving.move(
        readout,
        "correct",
        by=by,
        correction_note=note,
        last_editor=by,
        edited_at=clock.now(),
        revision=F("revision") + 1,
    )
    return readout


@transaction.atomic
def withdraw(readout: Readout, *, by: User, reason: str) -> Readout:
    """Take every version so far from the public, who is told the reason."""
    moving.check_is_second_person(readout, by)
    reason = moving.needed(reason, _("Please give the reason; the public reads it."))
    moving.move(
        readout,
        "withdraw",
        by=by,
        withdrawal_reason=reason,
        withdrawn_through=queries.last_number(readout),
    )
    indexing.renew(readout.engagement)
    return readout


def check_is_cleared(clearance: Clearance) -> None:
    """Raises Refused for a text that a step of the chain has not approved, or not as it is now."""
    if clearance.is_complete:
        return
    void = any(look.void for look in clearance.looks if look.is_next)
    if void:
        sentence = _("The approval of %(step)s was for another text. It has to be given again.")
    else:
        sentence = _("%(step)s has not approved this text yet.")
    raise Refused("not_cleared", sentence % {"step": clearance.next_step})


def check_words(readout: Readout) -> None:
    """Raises Refused for a question or a figure that may not be published, or not any more."""
    check_samples(readout)
    editing.check_figures(readout)


def check_samples(readout: Readout) -> None:
    """A question may have been dismissed, withdrawn or redacted since it was chosen."""
    for sample in readout.samples.select_related("question"):
        quoting.check_quotable(sample)
