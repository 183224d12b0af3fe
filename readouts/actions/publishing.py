"""Review, publish, correct, withdraw. The public reads what is frozen here, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from engagements import clock
from engagements.refusals import Refused
from qa.actions.sealing import tells_sealed_words
from readouts import queries, rules, states
from readouts.actions import editing, freezing, moving

if TYPE_CHECKING:
    from engagements.models import User
    from readouts.models import Readout, ReadoutVersion


@transaction.atomic
def submit(readout: Readout, *, by: User) -> Readout:
    """Nothing can be edited until somebody returns it. Refuses what could not be published."""
    editing.check_may_edit(readout, by)
    moving.move(readout, "submit", by=by)
    check_samples(readout)
    freezing.files_preview(readout)
    return readout


@transaction.atomic
def return_to_draft(readout: Readout, *, by: User) -> Readout:
    """Back to the editors. Any reviewer may do it, and an editor with the own submission."""
    if not rules.may_review(by, readout.engagement):
        raise moving.not_a_reviewer()
    moving.move(readout, "return", by=by)
    return readout


@transaction.atomic
def publish(readout: Readout, *, by: User, revision: int | None = None) -> ReadoutVersion:
    """Freeze text, facts and files into the next version. Refuses the last editor.

    `revision` is the one that the publisher has read; without it, the one in `readout`.
    """
    seen = readout.revision if revision is None else revision
    readout.refresh_from_db(fields=editing.REFRESHED)
    moving.check_is_second_person(readout, by)
    if readout.state == states.IN_REVIEW and readout.revision != seen:
        raise editing.Overtaken(readout)
    moving.move(readout, "publish", by=by, seen=readout.revision)
    check_samples(readout)
    return freezing.freeze(readout, by=by)


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
    # join ARCHIVE: indexing.renew(readout.engagement)
    return readout


def check_samples(readout: Readout) -> None:
    """A question may have been dismissed, withdrawn or redacted since it was chosen."""
    gone = readout.samples.exclude(question__state__in=rules.QUOTABLE).select_related("question")
    sample = gone.first()
    if sample is not None:
        raise Refused(
            "sample_gone",
            _("Question %(number)d is %(state)s by now. Remove it from the sample first.")
            % {"number": sample.question.number, "state": sample.question.get_state_display()},
        )
    for sample in readout.samples.filter(question__is_redacted=True).select_related("question"):
        if tells_sealed_words(sample.question, sample.text):
            raise Refused(
                "sample_redacted",
                _("Words of question %(number)d are redacted. Take them out of the sample first.")
                % {"number": sample.question.number},
            )
