"""A list as JSON (RFC 8259), for an agency's own systems; see docs/agency-list.md."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from qa.files.agency import columns, fields, statuses, tallies

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from qa.forwarded import ListFacts, ListRow

FORMAT: Final = "openfloor-list"
VERSION: Final = 1


def json_list(facts: ListFacts, rows: Sequence[ListRow], *, digest: str) -> bytes:
    """Exactly the texts, without any mark in them; moments with their offset from UTC."""
    said = asdict(facts)
    changes = said.pop("changes")
    content = {
        "format": FORMAT,
        "version": VERSION,
        "mark": columns.list_mark(facts.forwarding_number, digest),
        "digest": digest,
        "list": said,
        "counts": {
            "by_status": dict(tallies.by_status(rows)),
            "by_label": dict(tallies.by_label(rows)),
            "by_category": dict(tallies.by_category(facts, rows)),
        },
        "questions": [_question(row) for row in rows],
        "changes": changes,
    }
    words = json.dumps(content, ensure_ascii=False, indent=1, default=_plain)
    # Half of a surrogate pair is no UTF-8. Written out as JSON writes it, it is read back whole.
    return words.encode("utf-8", "backslashreplace")


def _question(row: ListRow) -> dict[str, Any]:
    if row.is_withdrawn:
        return {"number": row.number, "is_withdrawn": True}
    said = asdict(row)
    said["status_label"] = statuses.label(row.status)
    said["language_label"] = fields.language(row.language)
    return said


def _plain(value: date) -> str:
    return value.isoformat()
