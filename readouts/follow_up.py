"""The follow-up questions and answers of an engagement, as one edition shows them. Pure.

Sentences are kept as they were made, so later changes of the wording do not touch them.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from readouts.blocks import Exchange, Heading, Notice, Paper, Paragraph
from readouts.document import runs_left_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from readouts.blocks import Block

ANSWERED: Final = "answered"
DECLINED: Final = "declined"
SEE_PAGE: Final = "see_page"
SAME_AS: Final = "same_as"
WITHHELD: Final = "withheld"
LIVE: Final = "live"
WRITTEN: Final = "written"
OPEN: Final = "open"

OF_AGENCY: Final = frozenset({ANSWERED, DECLINED, SEE_PAGE, SAME_AS, WITHHELD})
"""What an entry says once the agency has answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One question that everybody may read, and what became of it at the agency."""

    number: int
    question: str
    status: str
    label: str = ""
    language: str = ""
    translation: str = ""
    translation_language: str = ""
    translated: str = ""
    """Who translated it, in words."""
    said: str = ""
    """A sentence before the answer, or in place of one."""
    answer: str = ""
    """The agency's words, plain."""
    page_url: str = ""
    same_as: int | None = None
    answered_by: str = ""
    version: int = 0
    correction_note: str = ""
    notes: tuple[str, ...] = ()
    """What happened when, in words."""

    @property
    def is_answered(self) -> bool:
        return self.status in OF_AGENCY

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Of the answer, with the sentence before it."""
        parts = (part.strip() for part in self.answer.split("\n\n"))
        return tuple(filter(None, (self.said, *parts)))


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpDocument:
    """Everything that one edition says. `counted` and `unlisted` are sentences about figures."""

    label: str
    title: str
    opening: str
    counted: str
    unlisted: str
    other_questions: str
    """Heading over questions of no topic."""
    correction: str
    language: str
    agency: str
    answered: int
    questions: int
    entries: tuple[Entry, ...]

    def to_json(self) -> dict[str, Any]:
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return plain

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FollowUpDocument:
        entries = tuple(Entry(**one | {"notes": tuple(one["notes"])}) for one in data["entries"])
        return cls(**{**data, "entries": entries})

    @property
    def digest(self) -> str:
        """SHA-256 of the document as JSON: the same for the same words, and for no others."""
        words = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(words.encode()).hexdigest()

    @property
    def runs_left(self) -> bool:
        return runs_left_in(self.language)

    @property
    def groups(self) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
        """Topic and entries; where all are of one topic or none, no heading is needed."""
        found = [
            (label, tuple(group))
            for label, group in groupby(self.entries, key=lambda entry: entry.label)
        ]
        if len(found) < 2:
            return tuple(("", group) for _label, group in found)
        return tuple((label or self.other_questions, group) for label, group in found)


def paper(document: FollowUpDocument) -> Paper:
    return Paper(
        label=document.label,
        title=document.title,
        about=document.opening,
        language=document.language,
        parts=tuple(_parts(document)),
    )


def ordered(entries: Iterable[Entry], topics: Iterable[str]) -> tuple[Entry, ...]:
    """By topic, as the agenda has them, then by number; those of no topic come last."""
    places = {topic: place for place, topic in enumerate(topics)}
    last = len(places)
    return tuple(
        sorted(entries, key=lambda one: (places.get(one.label, last), one.label, one.number))
    )


def signs(number: int) -> tuple[str, str]:
    """Of question and answer, as the office writes them."""
    return f"Q{number}.", f"A{number}."


def _parts(document: FollowUpDocument) -> Iterator[Block]:
    if document.correction:
        yield Notice(document.correction)
    yield Paragraph(document.opening)
    yield Paragraph(document.counted)
    if document.unlisted:
        yield Paragraph(document.unlisted)
    for heading, entries in document.groups:
        if heading:
            yield Heading(heading)
        for entry in entries:
            yield _exchange(entry)


def _exchange(entry: Entry) -> Exchange:
    question, answer = signs(entry.number)
    return Exchange(
        question_sign=question,
        question=entry.question,
        answer_sign=answer,
        answer=entry.paragraphs,
        translated=entry.translated,
        translation=entry.translation,
        address=entry.page_url,
        notes=tuple(filter(None, (entry.correction_note, entry.answered_by, *entry.notes))),
    )
