"""A document as the short list of parts that every writer walks. Pure.

What stands above them, each writer sets itself: letterhead, label, title, version.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.document import Bar, Document, MaterialLine, SampleGroup


@dataclass(frozen=True)
class Heading:
    """Over the parts that follow, one level below the title."""

    words: str


@dataclass(frozen=True)
class Notice:
    """What a reader has to know before anything else."""

    words: str


@dataclass(frozen=True)
class Paragraph:
    words: str


@dataclass(frozen=True)
class Prose:
    """Markdown. `leads` to what follows: the two are not torn apart by the end of a page."""

    source: str
    leads: bool = False


@dataclass(frozen=True)
class Bullets:
    """Plain words, each of several lines perhaps."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class People:
    """A line for each."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Links:
    materials: tuple[MaterialLine, ...]


@dataclass(frozen=True)
class Answer:
    """A question, and Markdown."""

    question: str
    source: str
    answered_by: str


@dataclass(frozen=True)
class Exchange:
    """A question to an agency and what it answered, each behind its sign, such as "Q17.". No part
    of a readout, but of what follows it up."""

    question_sign: str
    question: str
    answer_sign: str
    answer: tuple[str, ...] = ()
    """Paragraphs, each of several lines perhaps."""
    translated: str = ""
    """Who made the translation, in words."""
    translation: str = ""
    address: str = ""
    """A page to which the answer leads."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chart:
    """Bars, and the table of the same figures. `words` tell those who do not see the bars."""

    title: str
    words: str
    bars: tuple[Bar, ...]
    columns: tuple[str, str, str]


Block = Heading | Notice | Paragraph | Prose | Bullets | People | Links | Answer | Exchange | Chart


@dataclass(frozen=True)
class Paper:
    """What is printed: `label` over the title, `about` for whoever looks for the file."""

    label: str
    title: str
    about: str
    language: str
    parts: tuple[Block, ...]


def paper(document: Document, *, notice: str = "") -> Paper:
    return Paper(
        label=document.label,
        title=document.title,
        about=document.opening,
        language=document.language,
        parts=blocks(document, notice=notice),
    )


def blocks(document: Document, *, notice: str = "") -> tuple[Block, ...]:
    """The parts in order; of what is empty, none."""
    return tuple(_blocks(document, notice))


def _blocks(document: Document, notice: str) -> Iterator[Block]:
    if notice:
        yield Notice(notice)
    yield Paragraph(document.opening)
    if document.summary.strip():
        yield Prose(document.summary)
    if document.attendance.strip():
        yield Prose(document.attendance, leads=bool(document.samples))
    for group in document.samples:
        yield from _group(group)
    if document.closing.strip():
        yield Prose(document.closing)
    yield from _appended(document)


def _group(group: SampleGroup) -> Iterator[Block]:
    if group.heading:
        yield Heading(group.heading)
    yield Bullets(group.questions)


def _appended(document: Document) -> Iterator[Block]:
    labels = document.labels
    if document.bars:
        yield Heading(labels.chart)
        columns = (labels.chart_category, labels.chart_people, labels.chart_share)
        yield Chart(labels.chart, _told(document), document.bars, columns)
    if document.speakers:
        yield Heading(labels.speakers)
        yield People(document.speakers)
    if document.materials:
        yield Heading(labels.materials)
        yield Links(document.materials)
    if document.answers:
        yield Heading(labels.answers)
        for one in document.answers:
            yield Answer(one.question, one.answer, one.answered_by)


def _told(document: Document) -> str:
    shares = "; ".join(f"{bar.words}: {bar.share}" for bar in document.bars)
    return f"{document.labels.chart}. {shares}."
