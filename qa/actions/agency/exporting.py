"""The agency's workbook for whoever has the server's command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from engagements import audit
from qa.actions.agency import drafting
from qa.files.agency.outputs import write_all
from qa.models import ForwardingFile
from qa.queries.agency import compiling, frozen

if TYPE_CHECKING:
    from datetime import datetime

    from engagements.audit import Actor
    from engagements.models import Engagement


class ExportedList(NamedTuple):
    """`number` is None for a copy that was not forwarded."""

    file: bytes
    questions: int
    number: int | None


@transaction.atomic
def export(engagement: Engagement, *, by: Actor, at: datetime) -> ExportedList:
    """The list in force, byte for byte, or a copy as things stand at `at`. Is on record.

    Refuses a rehearsal; a copy, also while identifiers are undecided.
    """
    drafting.check_in_earnest(engagement)
    sent = frozen.in_force(engagement, engagement.agency)
    audit.record("list.exported", engagement, by=by, engagement=engagement)
    if sent is not None:
        file = sent.files.get(format=ForwardingFile.Format.WORKBOOK)
        return ExportedList(bytes(file.content), sent.question_count, sent.number)
    drafting.check_identifiers(engagement)
    copy = compiling.compile_list(engagement, at=at)
    written = {
        file.format: file.content for file in write_all(copy.facts, copy.rows, slug=engagement.slug)
    }
    return ExportedList(written[ForwardingFile.Format.WORKBOOK], copy.facts.questions, None)
