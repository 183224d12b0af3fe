"""The figures of a published readout for machines, each with what it means and where it is from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from readouts.document import Document

FORMAT: Final = "openfloor-readout-facts/1"


def facts_json(
    document: Document,
    *,
    version: int,
    published_on: date,
    notice: str = "",
    provenance: Iterable[Mapping[str, Any]] = (),
) -> str:
    """Only what the readout may tell: publishable facts, and of the provenance the stated ones."""
    told = {
        "format": FORMAT,
        "title": document.title,
        "language": document.language,
        "version": version,
        "published_on": published_on.isoformat(),
        "notice": notice,
        "document_sha256": document.digest,
        "facts": document.facts.to_json(),
        "shares": [
            {"category": bar.words, "people": bar.people, "share": bar.share}
            for bar in document.bars
        ],
        "numbers": [_public(entry) for entry in provenance if entry.get("stated")],
    }
    return json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _public(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Without the keys of rows, which lead into the office."""
    sources = [
        {name: source[name] for name in ("name", "sha256", "at", "kind") if name in source}
        for source in entry.get("sources", ())
    ]
    return {**entry, "sources": sources}
