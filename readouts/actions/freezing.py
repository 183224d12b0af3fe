"""Freeze a readout into the next version: text, figures, samples, approvals and files at once."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from engagements import audit, clock
from engagements.refusals import Refused
from readouts import queries
from readouts.actions import indexing, promising
from readouts.files.outputs import write_all
from readouts.files.printable import Unprintable
from readouts.models import Readout, ReadoutVersion, VersionFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from engagements.models import User
    from readouts.document import Document

LONGEST_NAME = 128


def freeze(
    readout: Readout,
    *,
    by: User | str,
    document: Document | None = None,
    approvals: Sequence[dict[str, Any]] = (),
) -> ReadoutVersion:
    """The next version of a readout that was just published, inside that transaction.

    `document` is what was cleared, if anybody had to; `approvals` say who did. Raises Refused when
    a file cannot be written; then nothing is published.
    """
    document = document or queries.document_of(readout)
    published_at = clock.now()
    number = queries.last_number(readout) + 1
    contents = _written(readout, document, at=published_at, number=number)
    version = ReadoutVersion.objects.create(
        readout=readout,
        number=number,
        document=document.to_json(),
        digest=document.digest,
        provenance=queries.provenance_to_freeze(readout, document),
        samples=queries.samples_record(readout),
        approvals=list(approvals),
        correction_note=readout.correction_note,
        published_at=published_at,
        published_by=None if isinstance(by, str) else by,
        publisher=str(by)[:LONGEST_NAME],
        imported=bool(readout.engagement.imported_from),
    )
    files = _store(version, contents)
    audit.record(
        "readout.frozen",
        version,
        by=by,
        engagement=readout.engagement,
        version=number,
        digest=version.digest,
        files={file.format: file.sha256 for file in files},
    )
    _tell_the_house(version, by=by)
    return version


def files_preview(readout: Readout) -> dict[str, bytes]:
    """Every file as it would be published now, by format. Raises Refused."""
    document = queries.document_of(readout)
    number = queries.last_number(readout) + 1
    return _written(readout, document, at=clock.now(), number=number)


def _written(
    readout: Readout, document: Document, *, at: datetime, number: int
) -> dict[str, bytes]:
    """The files of a version, by format. Raises Refused when one cannot be written."""
    engagement = readout.engagement
    try:
        return write_all(
            document,
            notice=queries.notice_of(
                readout.correction_note, is_imported=bool(engagement.imported_from)
            ),
            version=number,
            published_on=engagement.local(at).date(),
            letterhead=queries.letterhead(),
            provenance=queries.provenance_to_freeze(readout, document),
            house=queries.house_of(readout),
        )
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
