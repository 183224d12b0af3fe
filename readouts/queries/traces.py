"""The numbers of a readout with where they come from, for pages: the office's and the public's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from readouts import provenance, tokens
from readouts.document import Document
from readouts.provenance import Provenance
from readouts.queries.facts import stored_facts
from readouts.queries.provenance import provenance_of, traced_anew

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from readouts.facts import Facts
    from readouts.models import Readout, ReadoutVersion
    from readouts.provenance import PublicExclusion, Rounded, Source

ALWAYS_STATED = frozenset({"joined", "questions"})


@dataclass(frozen=True)
class Sum:
    """Parts that make a whole, and whether they do."""

    parts: list[Provenance]
    whole: int

    @property
    def total(self) -> int:
        return sum(part.value or 0 for part in self.parts)

    @property
    def adds_up(self) -> bool:
        return self.total == self.whole


class RoundedRole(NamedTuple):
    """A role on its way from people to the percent that is told."""

    name: str
    rounded: Rounded
    key: str = ""


def figure_of(readout: Readout, key: str) -> Provenance | None:
    return provenance.by_key(provenance_of(readout)).get(key)


def all_figures(readout: Readout) -> dict[str, Any]:
    """Every number of a draft by what it tells of, for a template."""
    entries = provenance_of(readout)
    facts = stored_facts(readout)
    return {
        "people": _only(entries, "joined", "registered", "no_shows"),
        "times": _only(entries, "peak", "mean_minutes", "median_minutes"),
        "roles": rounded_roles(facts),
        "questions": _only(entries, "questions"),
        "dispositions": Sum(_under(entries, "disposition."), facts.questions),
        "labels": Sum(_under(entries, "label."), facts.questions),
    }


def rounded_roles(facts: Facts) -> list[RoundedRole]:
    steps = provenance.rounding([category.people for category in facts.categories])
    return [
        RoundedRole(category.noun_phrase, step, category.key)
        for category, step in zip(facts.categories, steps, strict=True)
    ]


@dataclass(frozen=True)
class Recount:
    """A number as it was counted, and as it is counted now."""

    now: Provenance | None
    """None: the number is not known any more."""
    is_same_number: bool
    is_same_rows: bool


def recount(readout: Readout, entry: Provenance) -> Recount:
    """Count again, and store nothing. The digest tells whether the very same rows were counted."""
    _facts, entries = traced_anew(readout)
    now = provenance.by_key(entries).get(entry.key)
    return Recount(
        now,
        is_same_number=now is not None and now.value == entry.value,
        is_same_rows=now is not None and now.digest == entry.digest,
    )


def provenance_to_freeze(readout: Readout, document: Document) -> list[dict[str, Any]]:
    """What a version keeps: every number, marked where the published text tells it.

    `document` is the one that is published, with the publishable facts.
    """
    texts = (readout.summary, readout.attendance_text, readout.closing_text)
    used = {key for text in texts for key in tokens.used(text)}
    stated = ALWAYS_STATED | {key.removesuffix(tokens.IN_WORDS) for key in used}
    for category in document.facts.categories:
        stated |= {f"people.{category.key}", f"share.{category.key}"}
    return [
        replace(entry, stated=entry.key in stated).to_json() for entry in provenance_of(readout)
    ]


@dataclass(frozen=True)
class PublicFigure:
    """What everybody may read of one number. Names of files stay in the office."""

    entry: Provenance
    exclusions: list[PublicExclusion]
    sources: list[Source]
    counted_at: datetime


def public_figures(version: ReadoutVersion) -> dict[str, Any]:
    """How the numbers of a published version were counted, from what was frozen with it.

    The roles are those of the published facts, in which small ones are merged already.
    """
    document = Document.from_json(version.document)
    stated = [entry for entry in map(Provenance.from_json, version.provenance) if entry.stated]
    return {
        "document": document,
        "figures": [_public(entry) for entry in stated if not entry.share],
        "roles": rounded_roles(document.facts),
        "has_merged": _has_merged(document.facts, stated),
        "is_traced": bool(version.provenance),
    }


def _public(entry: Provenance) -> PublicFigure:
    return PublicFigure(
        entry,
        provenance.public_exclusions(entry),
        list(entry.sources),
        datetime.fromisoformat(entry.counted_at),
    )


def _has_merged(published: Facts, entries: Iterable[Provenance]) -> bool:
    """A role was counted with *other*, or *other* with it."""
    counted = {f"people.{category.key}": category.people for category in published.categories}
    return any(
        entry.key in counted and entry.value != counted[entry.key] for entry in entries
    ) or any(category.kind == "other" and not category.key for category in published.categories)


def _only(entries: Sequence[Provenance], *keys: str) -> list[Provenance]:
    found = provenance.by_key(entries)
    return [found[key] for key in keys if key in found]


def _under(entries: Iterable[Provenance], start: str) -> list[Provenance]:
    return [entry for entry in entries if entry.key.startswith(start)]
