"""What an uploaded list of people to invite would do here, looked at before it does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from engagements.files.addresses import email_key, is_deliverable
from engagements.models import Registration, RoleCategory
from engagements.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engagements.files.invitee_list import Line
    from engagements.models import Engagement

LONGEST_NAME = 128
LONGEST_ORGANIZATION = 200


class Candidate(NamedTuple):
    """A row that can be invited, ready to be stored."""

    row: int
    email: str
    key: str
    name: str
    organization: str
    category: int | None
    language: str


class Problem(NamedTuple):
    row: int
    email: str
    code: str
    text: str


class Review(NamedTuple):
    candidates: list[Candidate]
    problems: list[Problem]


def review(engagement: Engagement, lines: Iterable[Line]) -> Review:
    """Every row is a candidate or has one problem, said in words. Reads four tables, once each."""
    judge = _Judge(engagement)
    candidates: list[Candidate] = []
    problems: list[Problem] = []
    for line in lines:
        try:
            candidates.append(judge.candidate(line))
        except Refused as refusal:
            problems.append(Problem(line.row, line.email, refusal.code, str(refusal)))
    return Review(candidates, problems)


def is_address(text: str) -> bool:
    """Something that mail can be sent to."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return is_deliverable(text)


class _Judge:
    def __init__(self, engagement: Engagement) -> None:
        self.invited = set(engagement.invitees.values_list("email_key", flat=True))
        self.registered = set(
            engagement.registrations.exclude(state=Registration.State.CANCELLED)
            .exclude(email_key=None)
            .values_list("email_key", flat=True)
        )
        self.categories = _categories()
        self.languages = _languages()
        self.rows: dict[str, int] = {}

    def candidate(self, line: Line) -> Candidate:
        key = self._key(line)
        return Candidate(
            line.row,
            line.email,
            key,
            _short(line.name, LONGEST_NAME, _("The name is too long.")),
            _short(line.organization, LONGEST_ORGANIZATION, _("The organization is too long.")),
            self._category(line.category),
            self.languages.get(_plain(line.language), settings.LANGUAGES[0][0]),
        )

    def _key(self, line: Line) -> str:
        if not line.email:
            raise Refused("no_address", _("There is no e-mail address in this row."))
        if not is_address(line.email):
            raise Refused("bad_address", _("This is no e-mail address."))
        key = email_key(line.email)
        if key in self.rows:
            raise Refused(
                "doubled", _("The same address stands in row %(row)s.") % {"row": self.rows[key]}
            )
        self.rows[key] = line.row
        if key in self.invited:
            raise Refused("invited", _("This person is invited already."))
        if key in self.registered:
            raise Refused("registered", _("This person is registered already."))
        return key

    def _category(self, text: str) -> int | None:
        if not text:
            return None
        category = self.categories.get(_plain(text))
        if category is None:
            raise Refused(
                "category", _("There is no role category “%(name)s”.") % {"name": text[:80]}
            )
        return category


def _categories() -> dict[str, int]:
    """Each offered category by its key, its label and its noun phrase."""
    found: dict[str, int] = {}
    for category in RoleCategory.objects.filter(is_offered=True):
        for name in (category.key, category.label, category.noun_phrase):
            found.setdefault(_plain(name), category.pk)
    return found


def _languages() -> dict[str, str]:
    """Languages that mail is written in, by code and by name."""
    found: dict[Any, str] = {}
    for code, name in settings.LANGUAGES:
        found |= {_plain(code): code, _plain(str(name)): code}
    return found


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").replace("-", " ").split())


def _short(text: str, most: int, message: str) -> str:
    if len(text) > most:
        raise Refused("too_long", message)
    return text
