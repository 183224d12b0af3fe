"""What readouts are made from, drafts, and what is published."""

from __future__ import annotations

from readouts.queries.clearance import (
    all_steps,
    chain,
    chain_mark,
    clearance_of,
    history,
    last_return,
    to_clear,
)
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
from readouts.queries.provenance import provenance_of, traced, traced_anew
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
from readouts.queries.texts import mark, marks_of, standing
from readouts.queries.wording import house, house_of

__all__ = [
    "all_steps",
    "as_plain_text",
    "chain",
    "chain_mark",
    "choosable",
    "clearance_of",
    "counted",
    "differences",
    "document_of",
    "figures",
    "file_name",
    "file_of",
    "fresh_facts",
    "gather",
    "history",
    "house",
    "house_of",
    "is_withdrawn",
    "last_number",
    "last_return",
    "latest_in_force",
    "leaves_out",
    "mark",
    "marks_of",
    "notice_of",
    "page_of",
    "preview_page",
    "provenance_of",
    "published_page",
    "questions_of",
    "readout_of",
    "samples_of",
    "samples_record",
    "standing",
    "stored_facts",
    "summary_of",
    "to_clear",
    "traced",
    "traced_anew",
    "version_in_force",
    "versions_of",
    "with_readout",
]
