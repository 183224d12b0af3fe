"""Everything that one version of a readout shows, and its plain text. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from readouts import wording
from readouts.facts import Facts
from readouts.wording import HOUSE, House

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Document:
    """Sentences are kept as they were made, so later changes of the wording do not touch them."""

    label: str
    title: str
    opening: str
    summary: str
    """Markdown, as the editor wrote it."""
    attendance: str
    samples: tuple[str, ...]
    closing: str
    speakers: tuple[str, ...]
    facts: Facts
    language: str = "en"

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {
            "samples": list(self.samples),
            "speakers": list(self.speakers),
            "facts": self.facts.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Document:
        given: dict[str, Any] = {
            **data,
            "samples": tuple(data["samples"]),
            "speakers": tuple(data["speakers"]),
            "facts": Facts.from_json(data["facts"]),
        }
        return cls(**given)


def compose(
    facts: Facts, *, summary: str, samples: Sequence[str], house: House = HOUSE
) -> Document:
    """The readout of these facts, which are stated as they are: give the publishable ones."""
    return Document(
        label=house.label,
        title=facts.full_title,
        opening=wording.opening(facts, house=house),
        summary=summary,
        attendance=wording.attendance(facts, samples=len(samples), house=house),
        samples=tuple(samples),
        closing=wording.closing(facts, house=house),
        speakers=tuple(wording.speaker_line(speaker) for speaker in facts.speakers),
        facts=facts,
        language=house.language,
    )


def plain_text(document: Document, summary_text: str, *, house: House = HOUSE) -> str:
    """The document with its summary as text: a paragraph is a line, between blank lines."""
    samples = "\n".join(f"- {_one_line(sample)}" for sample in document.samples)
    speakers = "\n".join(document.speakers)
    blocks = (
        document.label,
        document.title,
        document.opening,
        summary_text.strip(),
        document.attendance,
        samples,
        document.closing,
        house.speakers if speakers else "",
        speakers,
    )
    return "\n\n".join(filter(None, blocks))


def _one_line(text: str) -> str:
    return " ".join(text.split())
