"""The figures of a published readout for machines, each with what it means and where it is from."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from engagements.figures import shares
from readouts.provenance import Provenance, public_exclusions, share

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from readouts.document import Document
    from readouts.facts import Facts

FORMAT: Final = "openfloor-readout-facts/1"

UNLESS_STATED: Final = ("registered", "no_shows", "peak", "mean_minutes", "median_minutes")
"""Figures of the facts that are left out."""


def facts_json(
    document: Document,
    *,
    version: int,
    published_on: date,
    notice: str = "",
    provenance: Iterable[Mapping[str, Any]] = (),
) -> str:
    """Only what the readout may tell: publishable facts, and of the provenance the stated ones."""
    entries = list(provenance)
    told = {
        "format": FORMAT,
        "title": document.title,
        "language": document.language,
        "version": version,
        "published_on": published_on.isoformat(),
        "notice": notice,
        "document_sha256": document.digest,
        "facts": _facts(document.facts, {one["key"] for one in entries if one["stated"]}),
        "shares": [
            {"category": bar.words, "people": bar.people, "share": bar.share}
            for bar in document.bars
        ],
        "numbers": list(_numbers(document.facts, entries)),
    }
    return json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _facts(facts: Facts, stated: set[str]) -> dict[str, Any]:
    """Of people who registered without coming only what the text tells: one number would give
    away another one that is too small."""
    return facts.to_json() | {key: None for key in UNLESS_STATED if key not in stated}


def _numbers(facts: Facts, entries: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """A role is told with its published figures, and left out where small ones are counted with
    it: its own rows would tell how many these are."""
    percents = shares([category.people for category in facts.categories])
    published = {
        category.key: share(category.people, facts.joined or 0, percent)
        for category, percent in zip(facts.categories, percents, strict=True)
    }
    for entry in map(Provenance.from_json, entries):
        if not entry.stated:
            continue
        if entry.share is None:
            yield _public(entry)
            continue
        figure, _dot, key = entry.key.partition(".")
        told = published.get(key)
        if told is not None and told.people == entry.share.people:
            value = told.percent if figure == "share" else told.people
            yield _public(replace(entry, share=told, value=value))


def _public(entry: Provenance) -> dict[str, Any]:
    """Without the keys of rows and the names of files, which lead into the office."""
    sources = [
        {"sha256": source.sha256, "at": source.at, "kind": source.kind} for source in entry.sources
    ]
    exclusions = [asdict(one) for one in public_exclusions(entry)]
    return entry.to_json() | {"sources": sources, "exclusions": exclusions}
