"""What readouts are made from, drafts, and what is published."""

from __future__ import annotations

from readouts.queries.drafts import (
    document_of,
    notice_of,
    page_of,
    preview_page,
    readout_of,
    samples_of,
    summary_of,
)
from readouts.queries.facts import (
    counted,
    differences,
    figures,
    fresh_facts,
    gather,
    leaves_out,
    stored_facts,
)
from readouts.queries.published import (
    as_plain_text,
    file_name,
    file_of,
    is_withdrawn,
    last_number,
    latest_in_force,
    published_page,
    version_in_force,
    versions_of,
    with_readout,
)
from readouts.queries.samples import choosable, questions_of, samples_record
from readouts.queries.wording import house, house_of
from readouts.queries.texts import mark, marks_of, standing

__all__ = [
    "as_plain_text",
    "choosable",
    "counted",
    "differences",
    "document_of",
    "figures",
    "file_name",
    "file_of",
    "fresh_facts",
    "gather",
    "house",
    "house_of",
    "is_withdrawn",
    "last_number",
    "latest_in_force",
    "leaves_out",
    "mark",
    "marks_of",
    "notice_of",
    "page_of",
    "preview_page",
    "published_page",
    "questions_of",
    "readout_of",
    "samples_of",
    "samples_record",
    "standing",
    "stored_facts",
    "summary_of",
    "version_in_force",
    "versions_of",
    "with_readout",
]
