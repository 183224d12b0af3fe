"""A list comes back with answers: read as untrusted, looked through, and taken over."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from engagements import audit, clock
from engagements.files.text import clean_line
from engagements.refusals import NotAllowed, Refused
from qa import rules, states
from qa.actions.agency import comparing, moving
from qa.actions.agency.writing import write_all
from qa.files.agency import returned
from qa.models import AnswerUpload, AnswerVersion, Forwarding

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from engagements.models import User
    from qa.actions.agency.comparing import Comparison
    from qa.files.agency.returned import Returned

LONGEST_NAME: Final = 200


class Taken(NamedTuple):
    """How many answers were written, and how many submitted."""

    written: int
    submitted: int


def read_in(forwarding: Forwarding, *, by: User, name: str, content: bytes) -> AnswerUpload:
    """Keep the file with what it says, to be looked through. No answer changes by it.

    Refuses, in words and without storing anything, what cannot be read, is no list of questions,
    is another list, or says nothing; and the same file again, where taking it would change
    nothing. The same file that waits to be looked through is given back. What the same person
    uploaded before and left undecided is dropped for it.

    The file is read outside of a transaction: that may take seconds, and others write meanwhile.
    """
    _check_open(forwarding, by)
    digest = hashlib.sha256(content).hexdigest()
    waiting = _uploads(forwarding).filter(
        sha256=digest, uploaded_by=by, state=AnswerUpload.State.READ
    )
    if (same := waiting.first()) is not None:
        return same
    found = _read(forwarding, content)
    upload = AnswerUpload(
        forwarding=forwarding,
        name=clean_line(name)[:LONGEST_NAME] or _("file"),
        content=content,
        size=len(content),
        sha256=digest,
        rows=[row.as_json() for row in found.rows],
        problems=[list(problem) for problem in found.problems],
        notes=found.notes,
        uploaded_by=by,
    )
    _check_new(upload)
    return _keep(upload, by=by)


@transaction.atomic
def choose(
    upload: AnswerUpload, *, by: User, shown: Collection[int], replacing: Collection[int]
) -> None:
    """Of the conflicts at the numbers that a page showed: those in which the file is right."""
    locked = _locked(upload, by)
    for row in locked.rows:
        if row["number"] in shown:
            row["replaces"] = row["number"] in replacing
    locked.save(update_fields=["rows"])


@transaction.atomic
def take(upload: AnswerUpload, *, by: User, submit: bool = False, seen: str | None = None) -> Taken:
    """Write what the file says, as far as it can be taken: all of that, or nothing.

    New and changed answers are taken, and conflicts in which the file was chosen. A row that says
    what stands changes nothing; rows with problems stay behind, and are kept with the upload. With
    `submit`, what the file says and is complete goes to the office at once. `seen` is that of the
    comparison that somebody looked at: other answers meanwhile are a refusal.
    """
    # Everything that changes answers begins with this lock, so that none changes meanwhile.
    Forwarding.objects.select_for_update().get(pk=upload.forwarding_id)
    locked = _locked(upload, by)
    comparison = comparing.compare(locked)
    if seen is not None and seen != comparison.seen:
        raise Refused(
            "changed", _("Somebody changed answers of this list meanwhile. Please look again.")
        )
    contents = comparison.taken
    to_submit = _to_submit(comparison) if submit else []
    if not contents and not to_submit:
        raise Refused("nothing", _("There is nothing to take over in this file."))
    forwarding = locked.forwarding
    written = []
    if contents:
        written = write_all(
            forwarding,
            contents=contents,
            by=by,
            via=AnswerVersion.Via.WORKBOOK,
            upload=locked,
        ).changed
    submitted = moving.submit(forwarding, numbers=to_submit, by=by) if to_submit else []
    _close(locked, AnswerUpload.State.TAKEN, by=by)
    _keep_outcomes(locked, comparison, answers_taken=len(written))
    audit.record(
        "upload.taken",
        locked,
        by=by,
        engagement=forwarding.engagement,
        sha256=locked.sha256,
        answers=len(written),
        submitted=len(submitted),
        problems=comparison.counts[comparing.PROBLEM],
    )
    return Taken(len(written), len(submitted))


@transaction.atomic
def drop(upload: AnswerUpload, *, by: User) -> None:
    """Nothing of it is taken. The file goes; that it came, and its checksum, stay."""
    locked = _locked(upload, by)
    _drop(locked, by=by)


@transaction.atomic
def fetch(upload: AnswerUpload, *, by: User) -> bytes:
    """The file as it came. Is on record."""
    if not rules.may_lead(by, upload.forwarding):
        raise _unknown()
    if upload.state == AnswerUpload.State.DROPPED:
        raise NotAllowed("dropped", _("This file was dropped."))
    audit.record(
        "upload.downloaded",
        upload,
        by=by,
        engagement=upload.forwarding.engagement,
        sha256=upload.sha256,
    )
    return bytes(AnswerUpload.objects.only("content").get(pk=upload.pk).content)


def _check_open(forwarding: Forwarding, by: User) -> None:
    if not rules.may_lead(by, forwarding):
        raise _unknown()
    if forwarding.state != states.FORWARDING_SENT:
        raise Refused(
            "superseded",
            _(
                "A newer list has taken the place of this one. Please upload your file there: "
                "what it says to questions that read the same is taken."
            ),
        )


def _read(forwarding: Forwarding, content: bytes) -> Returned:
    expected = [
        returned.Expected(number, text)
        for number, text in forwarding.questions.values_list("number", "text")
    ]
    found = returned.read(content, expected)
    _check_mark(found, forwarding)
    if not found.rows and not found.problems:
        raise Refused("no_answers", _("There is no answer in this file yet."))
    strange = {"unknown", "question_changed"}
    if not found.rows and not found.marks and {one.code for one in found.problems} <= strange:
        raise Refused(
            "no_match", _("No question of this file is on the list. Is it the right file?")
        )
    return found


def _check_mark(found: Returned, forwarding: Forwarding) -> None:
    """Which list a file is of, told by the digest of its content."""
    digests = {digest for _number, digest in found.marks}
    if forwarding.digest in digests:
        return
    if not digests:
        found.notes.insert(
            0,
            _(
                "The file does not say which list it is. The words of each question were compared "
                "with those of this list."
            ),
        )
        return
    own = Forwarding.objects.filter(
        agency=forwarding.agency_id, digest__in=digests, number__isnull=False
    ).select_related("engagement__series")
    other = own.order_by("-pk").first()
    if other is None:
        raise Refused("foreign", _("This file is of no list that was forwarded to your agency."))
    names = {"number": other.number, "title": other.engagement.full_title}
    if other.state == states.FORWARDING_RECALLED:
        raise Refused(
            "recalled", _("This file is of list %(number)d, which the office recalled.") % names
        )
    if other.engagement_id != forwarding.engagement_id:
        raise Refused(
            "other_list",
            _("This file is of another list: list %(number)d of “%(title)s”.") % names,
        )
    found.notes.insert(
        0,
        _(
            "The file is of list %(number)d, whose place this one has taken. Answers are taken "
            "for questions that read the same here."
        )
        % names,
    )


def _check_new(upload: AnswerUpload) -> None:
    """Says so when the very same file comes again."""
    earlier = (
        _uploads(upload.forwarding)
        .filter(sha256=upload.sha256, state=AnswerUpload.State.TAKEN)
        .select_related("uploaded_by", "decided_by")
        .first()
    )
    if earlier is None:
        return
    at = upload.forwarding.engagement.local(earlier.decided_at or earlier.uploaded_at)
    names = {"name": earlier.decided_by or earlier.uploaded_by, "day": date_format(at, "F j, Y")}
    comparison = comparing.compare(upload)
    if not comparison.taken and not comparison.counts[comparing.CONFLICT]:
        words = _("%(name)s took this very file over on %(day)s. It says nothing new.")
        raise Refused("already", words % names)
    words = _("%(name)s took this very file over before, on %(day)s.")
    upload.notes.insert(0, words % names)


@transaction.atomic
def _keep(upload: AnswerUpload, *, by: User) -> AnswerUpload:
    # One after the other, so that a second click keeps nothing more.
    Forwarding.objects.select_for_update().get(pk=upload.forwarding_id)
    undecided = _uploads(upload.forwarding).filter(uploaded_by=by, state=AnswerUpload.State.READ)
    for earlier in undecided:
        if earlier.sha256 == upload.sha256:
            return earlier
        _drop(earlier, by=by)
    upload.save()
    audit.record(
        "upload.read",
        upload,
        by=by,
        engagement=upload.forwarding.engagement,
        sha256=upload.sha256,
        rows=len(upload.rows),
        problems=len(upload.problems),
    )
    return upload


def _drop(upload: AnswerUpload, *, by: User) -> None:
    _close(upload, AnswerUpload.State.DROPPED, by=by)
    AnswerUpload.objects.filter(pk=upload.pk).update(content=b"", rows=[], problems=[], notes=[])
    audit.record("upload.dropped", upload, by=by, engagement=upload.forwarding.engagement)


def _locked(upload: AnswerUpload, by: User) -> AnswerUpload:
    found = AnswerUpload.objects.defer("content").select_for_update(of=("self",))
    locked = found.select_related("forwarding__engagement__series", "forwarding__agency").get(
        pk=upload.pk
    )
    if not rules.may_lead(by, locked.forwarding):
        raise _unknown()
    if locked.state != AnswerUpload.State.READ:
        raise Refused("decided", _("Somebody decided about this file before."))
    return locked


def _to_submit(comparison: Comparison) -> list[int]:
    """What the file says, new or not, as far as it is complete and not with the office."""
    return [
        row.number
        for row in comparison.rows
        if row.number is not None
        and row.is_ready
        and (row.is_taken or row.outcome == comparing.UNCHANGED)
    ]


def _close(upload: AnswerUpload, state: str, *, by: User) -> None:
    """Only the first decision counts."""
    undecided = AnswerUpload.objects.filter(pk=upload.pk, state=AnswerUpload.State.READ)
    if not undecided.update(state=state, decided_by=by, decided_at=clock.now()):
        raise Refused("decided", _("Somebody decided about this file before."))


def _keep_outcomes(upload: AnswerUpload, comparison: Comparison, *, answers_taken: int) -> None:
    """What became of each row, which cannot be found out any more once answers have changed."""
    outcomes: dict[int, dict[str, Any]] = {
        row.row: {
            "outcome": row.outcome,
            "taken": row.is_taken,
            "words": [problem.words for problem in row.problems],
        }
        for row in comparison.rows
        if row.content is not None
    }
    kept = [row | outcomes.get(row["row"], {}) for row in upload.rows]
    AnswerUpload.objects.filter(pk=upload.pk).update(rows=kept, answers_taken=answers_taken)


def _uploads(forwarding: Forwarding) -> QuerySet[AnswerUpload]:
    return AnswerUpload.objects.filter(forwarding=forwarding).defer("content")


def _unknown() -> NotAllowed:
    return NotAllowed("not_allowed", _("There is no such list."))
