"""Freeze a readout into the next version: text, figures, samples, approvals and files at once.

Writing the files takes seconds. Nobody else could write meanwhile on SQLite, so they are written
before the transaction, which takes them only while everything that they say is still so.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, clock
from engagements.refusals import Refused
from readouts import queries
from readouts.actions import editing, indexing, promising
from readouts.files.outputs import write_all
from readouts.files.printable import Unprintable
from readouts.models import Readout, ReadoutVersion, VersionFile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from engagements.models import User
    from readouts.document import Document

T = TypeVar("T")

LONGEST_NAME = 128
ATTEMPTS = 2
"""As often files are written for one publication, where what they say changes meanwhile."""


class Outdated(Exception):
    """What the files say has changed since they were written."""


@dataclass(frozen=True)
class Written:
    """The files of a version, by format, and everything that they were written from."""

    source: dict[str, Any]
    files: dict[str, bytes]


def with_files(readout: Readout, act: Callable[[Written], T]) -> T:
    """Write the files as they would be published now; then `act`, in a transaction that holds the
    readout.

    `act` raises Outdated (`check`, `freeze`) where they say something else by then: they are
    written once more. Raises Overtaken when that is too late again.
    """
    for _attempt in range(ATTEMPTS):
        written = _write(_source(readout))
        try:
            with transaction.atomic():
                Readout.objects.select_for_update().get(pk=readout.pk)
                return act(written)
        except Outdated:
            readout.refresh_from_db(fields=editing.REFRESHED)
    raise editing.Overtaken(readout)


def check(readout: Readout, written: Written) -> None:
    """Raises Outdated for files that would not be the same if they were written now."""
    if written.source != _source(readout):
        raise Outdated


def freeze(
    readout: Readout,
    *,
    by: User | str,
    document: Document | None = None,
    written: Written | None = None,
    approvals: Sequence[dict[str, Any]] = (),
) -> ReadoutVersion:
    """The next version of a readout that was just published, inside that transaction.

    `document` is what was cleared, if anybody had to; `approvals` say who did. `written` are its
    files: raises Outdated when they are those of another text, number or day. Without them they are
    written here; raises Refused when one cannot be. Then nothing is published.
    """
    document = document or queries.document_of(readout)
    published_at = clock.now()
    source = _source(readout, document, at=published_at)
    if written is None:
        written = _write(source)
    elif written.source != source:
        raise Outdated
    version = ReadoutVersion.objects.create(
        readout=readout,
        number=source["version"],
        document=document.to_json(),
        digest=document.digest,
        provenance=source["provenance"],
        samples=queries.samples_record(readout),
        approvals=list(approvals),
        correction_note=readout.correction_note,
        published_at=published_at,
        published_by=None if isinstance(by, str) else by,
        publisher=str(by)[:LONGEST_NAME],
        imported=bool(readout.engagement.imported_from),
    )
    files = _store(version, written.files)
    audit.record(
        "readout.frozen",
        version,
        by=by,
        engagement=readout.engagement,
        version=version.number,
        digest=version.digest,
        files={file.format: file.sha256 for file in files},
    )
    _tell_the_house(version, by=by)
    return version


def files_preview(readout: Readout) -> dict[str, bytes]:
    """Every file as it would be published now, by format. Raises Refused."""
    return _write(_source(readout)).files


def _source(
    readout: Readout, document: Document | None = None, *, at: datetime | None = None
) -> dict[str, Any]:
    """All that the files of the next version say, as it is now."""
    engagement = readout.engagement
    document = document or queries.document_of(readout)
    return {
        "document": document,
        "notice": queries.notice_of(
            readout.correction_note, is_imported=bool(engagement.imported_from)
        ),
        "version": queries.last_number(readout) + 1,
        "published_on": engagement.local(at or clock.now()).date(),
        "letterhead": queries.letterhead(),
        "provenance": queries.provenance_to_freeze(readout, document),
        "house": queries.house_of(readout),
    }


def _write(source: dict[str, Any]) -> Written:
    """Raises Refused when a file cannot be written."""
    try:
        return Written(source, write_all(**source))
    except Unprintable as unprintable:
        raise Refused(
            "unprintable",
            _("The printable file cannot be made: %(reason)s") % {"reason": unprintable},
        ) from unprintable


def _store(version: ReadoutVersion, contents: dict[str, bytes]) -> list[VersionFile]:
    return [
        VersionFile.objects.create(
            version=version,
            format=format_,
            content=content,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        for format_, content in contents.items()
    ]


def _tell_the_house(version: ReadoutVersion, *, by: User | str) -> None:
    """What follows from a publication, in its transaction."""
    promising.make(version, by=by)
    indexing.renew(version.readout.engagement)
