"""Everything that one version of a readout shows. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, fields
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from readouts import wording
from readouts.facts import Facts
from readouts.wording import HOUSE, House
from readouts.wording.roles import roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_SIGNS: Final = re.compile(r"[\\`*_\[\]<>&#~|]")
_RIGHT_TO_LEFT: Final = frozenset({"ar", "dv", "fa", "he", "ps", "ur", "yi"})
FIRST_SIGN: Final = re.compile(r"^(\d{0,9})([-+=.)])")
"""At the beginning of a line these make a list or a heading."""


@dataclass(frozen=True)
class SampleGroup:
    """Sample questions that stand together; without a heading they follow the sentence."""

    questions: tuple[str, ...]
    heading: str = ""


@dataclass(frozen=True)
class MaterialLine:
    """Something posted with the engagement, and what a reader wants to know before opening it."""

    title: str
    address: str
    type: str = ""
    size: int | None = None
    """In bytes."""
    pages: int | None = None
    note: str = ""
    """The same in words: "PDF, 1.4 MB, 47 pages"."""


@dataclass(frozen=True)
class FollowUp:
    """A question that was answered afterwards. The answer is Markdown."""

    question: str
    answer: str
    answered_by: str = ""


@dataclass(frozen=True)
class Bar:
    """One role in the chart of attendance."""

    words: str
    people: int
    told: str
    """The people as a reader reads them: "1,204"."""
    share: str
    """As in "19%", "less than 1%"."""


@dataclass(frozen=True)
class Labels:
    """What stands over the parts of a document, in its language."""

    speakers: str = "Speakers"
    materials: str = "Materials"
    answers: str = "Follow-up questions and answers"
    chart: str = "Who joined, by role"
    chart_category: str = "Role"
    chart_people: str = "People"
    chart_share: str = "Share"

    @classmethod
    def of(cls, house: House) -> Labels:
        return cls(**{one.name: getattr(house, one.name) for one in fields(cls)})


@dataclass(frozen=True)
class Letterhead:
    """How the office signs its papers. The seal is a PNG or JPEG, or empty."""

    department: str
    name: str
    short_name: str
    address: str = ""
    email: str = ""
    website: str = ""
    seal: bytes = b""
    seal_text: str = ""

    @classmethod
    def of(cls, facts: Facts) -> Letterhead:
        """The names alone."""
        office = facts.office
        return cls(office.department, office.name, office.short_name)


@dataclass(frozen=True)
class Document:
    """Sentences are kept as they were made, so later changes of the wording do not touch them.

    `summary`, `attendance` and `closing` are Markdown without tokens: figures stand in them as
    text.
    """

    label: str
    title: str
    opening: str
    summary: str
    attendance: str
    samples: tuple[SampleGroup, ...]
    closing: str
    speakers: tuple[str, ...]
    facts: Facts
    """The publishable ones: figures of small groups are merged or left out."""
    language: str = "en"
    has_chart: bool = False
    materials: tuple[MaterialLine, ...] = ()
    answers: tuple[FollowUp, ...] = ()
    bars: tuple[Bar, ...] = ()
    """Of the chart, where there is one: the largest role first."""
    labels: Labels = Labels()

    def to_json(self) -> dict[str, Any]:
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self) | {"facts": None}))
        return plain | {"facts": self.facts.to_json()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Document:
        """Also of former versions, whose sentences were plain and whose samples had no headings."""
        is_former = "has_chart" not in data
        given: dict[str, Any] = {
            **data,
            "attendance": as_markdown(data["attendance"]) if is_former else data["attendance"],
            "closing": as_markdown(data["closing"]) if is_former else data["closing"],
            "samples": _groups_of(data["samples"]),
            "speakers": tuple(data["speakers"]),
            "facts": Facts.from_json(data["facts"]),
            "materials": tuple(MaterialLine(**entry) for entry in data.get("materials", ())),
            "answers": tuple(FollowUp(**entry) for entry in data.get("answers", ())),
            "bars": tuple(Bar(**entry) for entry in data.get("bars", ())),
            "labels": Labels(**data.get("labels", {})),
        }
        return cls(**given)

    @property
    def runs_left(self) -> bool:
        """Its language is written from right to left."""
        return runs_left_in(self.language)

    @property
    def digest(self) -> str:
        """SHA-256 of the document as JSON: the same for the same text, and for no other."""
        words = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(words.encode()).hexdigest()


def compose(
    facts: Facts,
    *,
    summary: str,
    samples: Sequence[SampleGroup],
    attendance: str = "",
    closing: str = "",
    has_chart: bool = False,
    shows_speakers: bool = True,
    materials: Iterable[MaterialLine] = (),
    answers: Iterable[FollowUp] = (),
    house: House = HOUSE,
) -> Document:
    """The readout of these facts, which are stated as they are: give the publishable ones.

    An empty `attendance` or `closing` is worded by the house.
    """
    number = sum(len(group.questions) for group in samples)
    speakers = facts.speakers if shows_speakers else ()
    bars = _bars(facts, house) if has_chart else ()
    return Document(
        label=house.label,
        title=facts.full_title,
        opening=wording.opening(facts, house=house),
        summary=summary,
        attendance=attendance
        or as_markdown(wording.attendance(facts, samples=number, house=house)),
        samples=tuple(samples),
        closing=closing or as_markdown(wording.closing(facts, house=house)),
        speakers=tuple(wording.speaker_line(speaker) for speaker in speakers),
        facts=facts,
        language=house.language,
        has_chart=bool(bars),
        materials=tuple(materials),
        answers=tuple(answers),
        bars=bars,
        labels=Labels.of(house),
    )


def runs_left_in(language: str) -> bool:
    """Whether a language is written from right to left."""
    return language.split("-", maxsplit=1)[0] in _RIGHT_TO_LEFT


def as_markdown(words: str) -> str:
    """Markdown that reads as exactly these words, which do not begin with a sign of a list."""
    return _SIGNS.sub(r"\\\g<0>", words)


def as_paragraph(words: str) -> str:
    """Markdown of one paragraph that reads as exactly these words, on one line."""
    line = as_markdown(" ".join(words.split()))
    return FIRST_SIGN.sub(r"\1\\\2", line, count=1)


def grouped(samples: Iterable[tuple[str, str]]) -> tuple[SampleGroup, ...]:
    """Heading and words of each sample, in order: those that follow each other under one heading
    make a group."""
    return tuple(
        SampleGroup(tuple(text for _heading, text in group), heading)
        for heading, group in groupby(samples, key=lambda sample: sample[0])
    )


def _bars(facts: Facts, house: House) -> tuple[Bar, ...]:
    return tuple(
        Bar(role.words, role.people, wording.stated_number(role.people, house=house), role.share)
        for role in roles(facts, house=house)
    )


def _groups_of(entries: Sequence[Any]) -> tuple[SampleGroup, ...]:
    if entries and isinstance(entries[0], str):
        return (SampleGroup(tuple(entries)),)
    return tuple(SampleGroup(tuple(entry["questions"]), entry["heading"]) for entry in entries)
