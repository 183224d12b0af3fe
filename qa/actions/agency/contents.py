"""What an answer of an agency says, and what keeps it from being one. Reads no database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple, Self
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from engagements import clock
from engagements.files.text import clean_line, clean_text
from qa import states
from qa.models import CONTENT, LONGEST_ANSWER, AgencyAnswer, AnswerContent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FIELDS: Final = {field.name: field for field in AnswerContent._meta.local_fields}

LONGEST: Final = {
    name: _FIELDS[name].max_length or 0 for name in ("page_url", "directorate_name", "contact")
}
EARLIEST: Final = date(2000, 1, 1)

_check_page = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an answer says. The fields are those of `models.CONTENT`."""

    status: str = states.IN_PROGRESS
    text: str = ""
    page_url: str = ""
    same_as: int | None = None
    directorate_name: str = ""
    contact: str = ""
    answered_on: date | None = None
    is_publishable: bool | None = None

    @classmethod
    def of(cls, written: AnswerContent) -> Self:
        return cls(**{name: getattr(written, name) for name in CONTENT})

    def cleaned(self) -> Self:
        """As it is stored: what no database or file can carry is dropped, lines end with LF."""
        return replace(
            self,
            text=clean_text(self.text),
            page_url=clean_line(self.page_url),
            directorate_name=clean_line(self.directorate_name),
            contact=clean_line(self.contact),
        )


class Problem(NamedTuple):
    """`field` is the column of the answer that it is about."""

    code: str
    words: str
    field: str


def problems(content: Content, *, number: int, numbers: frozenset[int]) -> list[Problem]:
    """Why this cannot be the answer to question `number` of a list with these `numbers`.

    Says nothing of circles of answers, see `circles`, nor of what a submission needs besides,
    see `unready`.
    """
    return [
        *_too_long(content),
        *_about_status(content),
        *_about_page(content),
        *_about_same(content, number, numbers),
        *_about_date(content),
    ]


def unready(content: Content) -> list[Problem]:
    """What a submission needs besides."""
    found = []
    if content.status == states.IN_PROGRESS:
        words = _("Say what the answer is: it still reads “in progress”.")
        found.append(Problem("in_progress", words, "status"))
    if content.is_publishable is None:
        words = _("Say whether the answer may be published.")
        found.append(Problem("publishable", words, "is_publishable"))
    return found


def circles(same_as: Mapping[int, int]) -> set[int]:
    """Numbers whose chain of “same as” ends nowhere, because it comes back to itself."""
    is_open: dict[int, bool] = {}
    for start in same_as:
        path: list[int] = []
        seen: set[int] = set()
        at: int | None = start
        while at is not None and at not in is_open and at not in seen:
            seen.add(at)
            path.append(at)
            at = same_as.get(at)
        ends = at is None or is_open.get(at, False)
        is_open.update(dict.fromkeys(path, ends))
    return {number for number, ends in is_open.items() if not ends}


def _too_long(content: Content) -> Iterator[Problem]:
    if len(content.text) > LONGEST_ANSWER:
        words = _("The answer has %(length)s characters; at most %(most)s are taken.")
        sizes = {"length": f"{len(content.text):,}", "most": f"{LONGEST_ANSWER:,}"}
        yield Problem("too_long", words % sizes, "text")
    for name, most in LONGEST.items():
        if len(getattr(content, name)) > most:
            words = _("“%(column)s” takes at most %(most)s characters.")
            column = _FIELDS[name].verbose_name
            yield Problem("too_long", words % {"column": column, "most": most}, name)


def _about_status(content: Content) -> Iterator[Problem]:
    if content.status not in AgencyAnswer.Status.values:
        yield Problem("status", _("There is no such answer status."), "status")
    if content.text:
        return
    if content.status == states.ANSWERED:
        yield Problem("no_text", _("It reads “answered”, and there is no answer."), "text")
    if content.status == states.DECLINED:
        yield Problem("no_reason", _("Say why the question is declined."), "text")


def _about_page(content: Content) -> Iterator[Problem]:
    if not content.page_url:
        if content.status == states.SEE_PAGE:
            yield Problem("no_page", _("Give the address of the page."), "page_url")
        return
    try:
        _check_page(content.page_url)
        is_page = "@" not in urlsplit(content.page_url).netloc
    except (ValidationError, ValueError):
        is_page = False
    if not is_page:
        words = _("This is no address of a page: it begins with https:// or http://.")
        yield Problem("page", words, "page_url")


def _about_same(content: Content, number: int, numbers: frozenset[int]) -> Iterator[Problem]:
    if content.same_as is None:
        if content.status == states.SAME_AS:
            words = _("Say which question has the same answer, by its number.")
            yield Problem("no_same", words, "same_as")
    elif content.same_as == number:
        yield Problem("itself", _("A question cannot be answered by itself."), "same_as")
    elif content.same_as not in numbers:
        words = _("There is no question No. %(number)s on this list.")
        yield Problem("no_such", words % {"number": content.same_as}, "same_as")


def _about_date(content: Content) -> Iterator[Problem]:
    # A day more, because it is tomorrow already where some agency sits.
    latest = clock.now().date() + timedelta(days=1)
    if content.answered_on is not None and not EARLIEST <= content.answered_on <= latest:
        yield Problem("date", _("The date of an answer is a day up to today."), "answered_on")
