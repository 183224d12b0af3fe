"""Review, publish, correct, withdraw. The public reads what is frozen here, and nothing else."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements import audit, clock
from engagements.files.text import clean_line
from engagements.refusals import NotAllowed, Refused
from qa.actions.sealing import tells_sealed_words
from readouts import queries, rules, states
from readouts.actions import editing
from readouts.files.printable import Unprintable, printable
from readouts.models import Readout, ReadoutVersion, VersionFile

if TYPE_CHECKING:
    from datetime import datetime

    from engagements.models import User
    from readouts.document import Document

LONGEST_NOTE = 500
LONGEST_NAME = 128

MOVED = {
    "submit": gettext_lazy("submitted for review"),
    "return": gettext_lazy("returned to draft"),
    "publish": gettext_lazy("published"),
    "correct": gettext_lazy("corrected"),
    "withdraw": gettext_lazy("withdrawn"),
}


@transaction.atomic
def submit(readout: Readout, *, by: User) -> Readout:
    """Nothing can be edited until somebody returns it. Refuses what could not be published."""
    editing.check_may_edit(readout, by)
    _move(readout, "submit", by=by)
    _check_samples(readout)
    print_preview(readout)
    return readout


@transaction.atomic
def return_to_draft(readout: Readout, *, by: User) -> Readout:
    """Back to the editors. Any reviewer may do it, and an editor with the own submission."""
    if not rules.may_review(by, readout.engagement):
        raise _not_a_reviewer()
    _move(readout, "return", by=by)
    return readout


@transaction.atomic
def publish(readout: Readout, *, by: User, revision: int | None = None) -> ReadoutVersion:
    """Freeze text, facts and file into the next version. Refuses the last editor.

    `revision` is the one that the publisher has read; without it, the one in `readout`.
    """
    seen = readout.revision if revision is None else revision
    readout.refresh_from_db(fields=editing.REFRESHED)
    _check_is_second_person(readout, by)
    if readout.state == states.IN_REVIEW and readout.revision != seen:
        raise editing.Overtaken(readout)
    _move(readout, "publish", by=by, seen=readout.revision)
    _check_samples(readout)
    return freeze(readout, by=by)


@transaction.atomic
def correct(readout: Readout, *, by: User, note: str) -> Readout:
    """Open the next draft. What is in force stays so until the correction is published."""
    editing.check_may_edit(readout, by)
    note = _needed(note, _("Please say what is to be corrected."))
    _move(
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
    _check_is_second_person(readout, by)
    reason = _needed(reason, _("Please give the reason; the public reads it."))
    _move(
        readout,
        "withdraw",
        by=by,
        withdrawal_reason=reason,
        withdrawn_through=queries.last_number(readout),
    )
    return readout


def freeze(readout: Readout, *, by: User | str) -> ReadoutVersion:
    """The next version of a readout that was just published, inside that transaction."""
    document = queries.document_of(readout)
    published_at = clock.now()
    number = queries.last_number(readout) + 1
    pdf = _print(readout, document, at=published_at, number=number)
    version = ReadoutVersion.objects.create(
        readout=readout,
        number=number,
        document=document.to_json(),
        digest=document.digest,
        provenance=readout.provenance,
        correction_note=readout.correction_note,
        published_at=published_at,
        published_by=None if isinstance(by, str) else by,
        publisher=str(by)[:LONGEST_NAME],
        imported=bool(readout.engagement.imported_from),
    )
    file = VersionFile.objects.create(
        version=version,
        format=VersionFile.Format.PDF,
        content=pdf,
        size=len(pdf),
        sha256=hashlib.sha256(pdf).hexdigest(),
    )
    audit.record(
        "readout.frozen",
        version,
        by=by,
        engagement=readout.engagement,
        version=number,
        digest=version.digest,
        sha256=file.sha256,
    )
    return version


def print_preview(readout: Readout) -> bytes:
    """The file as it would be published now. Raises Refused when it cannot be made."""
    document = queries.document_of(readout)
    number = queries.last_number(readout) + 1
    return _print(readout, document, at=clock.now(), number=number)


def _print(readout: Readout, document: Document, *, at: datetime, number: int) -> bytes:
    engagement = readout.engagement
    try:
        return printable(
            document,
            published_on=engagement.local(at).date(),
            notice=queries.notice_of(
                readout.correction_note, is_imported=bool(engagement.imported_from)
            ),
            version=number,
        )
    except Unprintable as unprintable:
        raise Refused(
            "unprintable",
            _("The printable file cannot be made: %(reason)s") % {"reason": unprintable},
        ) from unprintable


def _move(
    readout: Readout, move: str, *, by: User, seen: int | None = None, **columns: Any
) -> None:
    """One conditional UPDATE; with `seen`, only if nobody has changed the text since."""
    sources, target = states.MOVES[move]
    rows = Readout.objects.filter(pk=readout.pk, state__in=sources)
    if seen is not None:
        rows = rows.filter(revision=seen)
    changed = rows.update(state=target, **columns)
    readout.refresh_from_db(fields=editing.REFRESHED)
    if not changed:
        raise Refused("wrong_state", _explain(readout, move))
    audit.record(
        f"readout.{move}",
        readout,
        by=by,
        engagement=readout.engagement,
        revision=readout.revision,
    )


def _explain(readout: Readout, move: str) -> str:
    """Says which state stands in the way, and who brought it there and when."""
    sentence = _("This readout is %(state)s, so it cannot be %(wish)s.") % {
        "state": readout.get_state_display(),
        "wish": MOVED[move],
    }
    moves = [f"readout.{name}" for name, (_from, to) in states.MOVES.items() if to == readout.state]
    return f"{sentence} {audit.last_change(readout.engagement, moves)}".rstrip()


def _check_is_second_person(readout: Readout, by: User) -> None:
    if not rules.may_review(by, readout.engagement):
        raise _not_a_reviewer()
    if not rules.may_publish(by, readout):
        raise Refused(
            "last_editor",
            _("You wrote the last words of this readout, so somebody else has to decide."),
        )


def _check_samples(readout: Readout) -> None:
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


def _needed(text: str, sentence: str) -> str:
    words = clean_line(text)
    if not words:
        raise Refused("empty", sentence)
    if len(words) > LONGEST_NOTE:
        raise Refused(
            "too_long",
            _("The note has %(length)d characters; %(most)d are possible.")
            % {"length": len(words), "most": LONGEST_NOTE},
        )
    return words


def _not_a_reviewer() -> NotAllowed:
    return NotAllowed("not_allowed", _("You do not review this engagement's readout."))
