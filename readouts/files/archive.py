"""A past engagement as an office's archive file tells it: JSON, read as untrusted.

Every fault is found and named with its place; nothing is guessed and nothing is dropped silently.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final, cast

from django.utils.translation import gettext as _

from engagements.files.text import clean_line, clean_text
from engagements.models import Agency, Engagement, RoleCategory, Series, Speaker
from qa.models import MAX_LENGTH
from readouts.files import strict_json
from readouts.files.strict_json import Object, short, what

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import Field, Model

MOST_QUESTIONS: Final = 20_000
LONGEST_SUMMARY: Final = 60_000
MOST_PEOPLE: Final = 2_147_483_647
"""What the column holds on every database."""

KEYS: Final = (
    "slug",
    "kind",
    "series",
    "title",
    "about",
    "date",
    "agency",
    "attendance",
    "questions",
    "sample",
    "summary",
    "speakers",
    "presentation_posted",
)
SPEAKER_KEYS: Final = ("name", "title", "organization")
REQUIRED: Final = ("slug", "kind", "title", "about", "date", "agency")

_SLUG = re.compile(r"[-a-zA-Z0-9_]+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fault:
    """`place` is a path into the file, such as `questions[3]`, counted from 0 as JSON is."""

    place: str
    words: str

    def __str__(self) -> str:
        return f"{self.place}: {self.words}" if self.place else self.words


@dataclass(frozen=True, slots=True)
class ArchivedSpeaker:
    name: str = ""
    title: str = ""
    organization: str = ""


@dataclass(frozen=True, slots=True)
class Archive:
    """What a file says. `attendance` pairs a category's phrase with people; empty: not known."""

    slug: str = ""
    kind: str = ""
    series: str = ""
    title: str = ""
    about: str = ""
    held_on: date = date.min
    agency: str = ""
    attendance: tuple[tuple[str, int], ...] = ()
    questions: tuple[str, ...] = ()
    sample: tuple[int, ...] = ()
    summary: str = ""
    speakers: tuple[ArchivedSpeaker, ...] = ()
    presentation_posted: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as far as it could be read. With faults, what they touch is empty in the archive."""

    archive: Archive
    faults: tuple[Fault, ...] = ()


def read(data: bytes) -> Reading:
    """Read a file's bytes. Never raises for what the file holds."""
    try:
        content = strict_json.load(data)
    except strict_json.Unreadable as unreadable:
        return Reading(Archive(), (Fault("", str(unreadable)),))
    return _Reader().read(content)


@dataclass
class _Reader:
    """Goes through the keys and gathers faults."""

    faults: list[Fault] = field(default_factory=list)

    def read(self, content: Any) -> Reading:
        if not isinstance(content, Object):
            self.fault("", _("The file holds %(what)s; it should be an object.") % what(content))
            return Reading(Archive(), tuple(self.faults))
        self.keys(content, "", known=KEYS, required=REQUIRED)
        questions = self.questions(content)
        archive = Archive(
            slug=self.slug(content),
            kind=self.kind(content),
            series=self.line(content, "series", _longest(Series, "name")),
            title=self.line(content, "title", _longest(Engagement, "title")),
            about=self.line(content, "about", _longest(Engagement, "about")),
            held_on=self.date(content),
            agency=self.line(content, "agency", _longest(Agency, "name")),
            attendance=self.attendance(content),
            questions=questions,
            sample=self.sample(content, questions=len(questions)),
            summary=self.summary(content),
            speakers=self.speakers(content),
            presentation_posted=self.presentation_posted(content),
        )
        return Reading(archive, tuple(self.faults))

    def fault(self, place: str, words: str) -> None:
        self.faults.append(Fault(place, words))

    def keys(
        self, found: Object, place: str, *, known: Iterable[str], required: Iterable[str]
    ) -> None:
        names = ", ".join(known)
        for key in found:
            if key not in known:
                self.fault(
                    _at(place, key), _("is not a known key; known are %(keys)s") % {"keys": names}
                )
        for key in found.twice:
            self.fault(_at(place, key), _("is given more than once"))
        for key in required:
            if found.get(key) is None:
                self.fault(_at(place, key), _("is missing"))

    def text(
        self, value: Any, place: str, longest: int, clean: Callable[[str], str] = clean_line
    ) -> str:
        """The text, cleaned; "" with a fault when it is none, empty or too long."""
        if not isinstance(value, str):
            self.fault(place, _("is %(what)s; it should be text") % what(value))
            return ""
        text = clean(value)
        if not text:
            self.fault(place, _("is empty"))
        if len(text) > longest:
            self.fault(
                place,
                _("has %(length)d characters; %(longest)d are possible")
                % {"length": len(text), "longest": longest},
            )
            return ""
        return text

    def line(
        self,
        found: Object,
        key: str,
        longest: int,
        *,
        place: str = "",
        required: Iterable[str] = REQUIRED,
    ) -> str:
        """A text that may be absent. Where it must not be, `keys` has said so."""
        value = found.get(key)
        if value is None or (value == "" and key not in required):
            return ""
        return self.text(value, _at(place, key), longest)

    def slug(self, content: Object) -> str:
        slug = self.line(content, "slug", _longest(Engagement, "slug"))
        if slug and not _SLUG.fullmatch(slug):
            self.fault(
                "slug",
                _("%(value)s is no short name; use letters a to z, digits, hyphens, underscores")
                % _shown(slug),
            )
            return ""
        return slug

    def kind(self, content: Object) -> str:
        kind = self.line(content, "kind", 200)
        wanted = _loose(kind)
        for value, label in Engagement.Kind.choices:
            if wanted in {_loose(value), _loose(str(label))}:
                return value
        if kind:
            known = ", ".join(Engagement.Kind.values)
            self.fault(
                "kind",
                _("%(value)s is not a known kind; known are %(known)s")
                % (_shown(kind) | {"known": known}),
            )
        return ""

    def date(self, content: Object) -> date:
        written = self.line(content, "date", 200)
        if not written:
            return date.min
        if not _DATE.fullmatch(written):
            self.fault("date", _("%(value)s is not written as YYYY-MM-DD") % _shown(written))
            return date.min
        try:
            return date.fromisoformat(written)
        except ValueError:
            self.fault("date", _("%(value)s is not in the calendar") % _shown(written))
            return date.min

    def attendance(self, content: Object) -> tuple[tuple[str, int], ...]:
        found = content.get("attendance")
        if found is None:
            return ()
        if not isinstance(found, Object):
            self.fault("attendance", _("is %(what)s; it should be an object") % what(found))
            return ()
        for key in found.twice:
            self.fault(entry(key), _("is given more than once"))
        return tuple(
            (self.phrase(phrase), self.people(people, entry(phrase)))
            for phrase, people in found.items()
        )

    def phrase(self, phrase: str) -> str:
        return self.text(phrase, entry(phrase), _longest(RoleCategory, "noun_phrase"))

    def people(self, value: Any, place: str) -> int:
        if not _is_whole(value) or value < 0:
            self.fault(place, _("%(value)s is not a whole number of people") % _shown(value))
            return 0
        if value > MOST_PEOPLE:
            self.fault(place, _("is more than %(most)d people") % {"most": MOST_PEOPLE})
            return 0
        return int(value)

    def items(self, found: Object, key: str) -> list[Any]:
        value = found.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.fault(key, _("is %(what)s; it should be a list") % what(value))
            return []
        return value

    def questions(self, content: Object) -> tuple[str, ...]:
        found = self.items(content, "questions")
        if len(found) > MOST_QUESTIONS:
            self.fault(
                "questions",
                _("are %(count)d; %(most)d are possible")
                % {"count": len(found), "most": MOST_QUESTIONS},
            )
            return ()
        return tuple(
            self.text(text, f"questions[{index}]", MAX_LENGTH, clean_text)
            for index, text in enumerate(found)
        )

    def sample(self, content: Object, *, questions: int) -> tuple[int, ...]:
        positions = []
        for index, value in enumerate(self.items(content, "sample")):
            place = f"sample[{index}]"
            if not _is_whole(value) or not 1 <= value <= questions:
                self.fault(place, _no_position(value, questions))
            elif value in positions:
                self.fault(place, _("%(value)s stands in the sample already") % _shown(value))
            else:
                positions.append(value)
        return tuple(positions)

    def summary(self, content: Object) -> str:
        summary = content.get("summary")
        if summary in (None, ""):
            return ""
        return self.text(summary, "summary", LONGEST_SUMMARY, clean_text)

    def speakers(self, content: Object) -> tuple[ArchivedSpeaker, ...]:
        return tuple(
            self.speaker(value, f"speakers[{index}]")
            for index, value in enumerate(self.items(content, "speakers"))
        )

    def speaker(self, value: Any, place: str) -> ArchivedSpeaker:
        if not isinstance(value, Object):
            self.fault(place, _("is %(what)s; it should be an object") % what(value))
            return ArchivedSpeaker()
        required = ("name",)
        self.keys(value, place, known=SPEAKER_KEYS, required=required)
        return ArchivedSpeaker(
            **{
                key: self.line(value, key, _longest(Speaker, key), place=place, required=required)
                for key in SPEAKER_KEYS
            }
        )

    def presentation_posted(self, content: Object) -> bool:
        value = content.get("presentation_posted")
        if value is None or isinstance(value, bool):
            return bool(value)
        self.fault(
            "presentation_posted", _("is %(what)s; it should be true or false") % what(value)
        )
        return False


def _at(place: str, key: str) -> str:
    name = key if key.isidentifier() and len(key) <= 40 else short(key)
    return f"{place}.{name}" if place else name


def entry(phrase: str) -> str:
    return f"attendance[{short(phrase)}]"


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _no_position(value: Any, questions: int) -> str:
    if not questions:
        return _("%(value)s is no position; the file has no questions") % _shown(value)
    return _("%(value)s is no position; positions count from 1 to %(last)d") % (
        _shown(value) | {"last": questions}
    )


def _longest(model: type[Model], name: str) -> int:
    found = cast("Field[str, str]", model._meta.get_field(name))
    return cast("int", found.max_length)


def _loose(words: str) -> str:
    return re.sub(r"[\s_-]+", " ", words).casefold()


def _shown(value: Any) -> dict[str, str]:
    return {"value": short(value)}
