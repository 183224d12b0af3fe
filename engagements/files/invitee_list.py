"""A list of people to invite: which column is which, and a row for each person."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from django.utils.translation import gettext as _

from engagements.files.tables import read_table
from engagements.refusals import Refused

if TYPE_CHECKING:
    from engagements.files.tables import Row

MOST_PEOPLE: Final = 10_000

HEADINGS: Final = {
    "email": (
        "e mail", "email", "mail", "e mail address", "email address", "mail address", "address",
        "contact email", "work email", "correo", "correo electronico", "e mail adresse",
    ),
    "name": (
        "name", "full name", "participant", "participant name", "attendee", "invitee", "contact",
        "contact name", "person", "display name", "nombre", "nombre completo",
    ),
    "first_name": ("first name", "firstname", "given name", "forename", "vorname"),
    "last_name": ("last name", "lastname", "surname", "family name", "nachname", "apellidos"),
    "organization": (
        "organization", "organisation", "organization name", "company", "firm", "agency",
        "affiliation", "employer", "institution", "organizacion",
    ),
    "category": (
        "role category", "category", "role", "stakeholder type", "stakeholder category", "type",
        "identifies as", "i identify as", "categoria",
    ),
    "language": ("language", "lang", "preferred language", "locale", "idioma", "sprache"),
}  # fmt: skip
"""Spellings by which a column is known, without capitals, accents and signs; the surest first."""

_NO_LETTERS: Final = re.compile(r"[\W_]+")
_LOOKS_LIKE_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+")


class Line(NamedTuple):
    """One row as it was typed, with its number in the file."""

    row: int
    email: str
    name: str = ""
    organization: str = ""
    category: str = ""
    language: str = ""


class InviteeList(NamedTuple):
    lines: list[Line]
    columns: dict[str, str]
    """What we read -> the heading in the file; the heading is empty where there was none."""

    ignored: list[str]
    """Headings of columns that were not read."""


def read_invitee_list(content: bytes) -> InviteeList:
    """Refuses what `read_table` refuses, and a table without a column of addresses."""
    heading, *rows = read_table(content, most_rows=MOST_PEOPLE)
    places = _places(heading[1])
    if "email" not in places:
        if not _has_bare_addresses(heading[1]):
            raise Refused(
                "no_addresses",
                _("No column of this file is called “E-mail”. Its first row says: %(headings)s.")
                % {"headings": ", ".join(filter(None, heading[1]))[:200]},
            )
        # A file that begins with the first person, without headings.
        rows, places = [heading, *rows], {"email": _address_at(heading[1])}
        heading = (0, [""] * len(heading[1]))
    return InviteeList(
        [_line(row, places) for row in rows],
        {name: heading[1][at] for name, at in places.items()},
        [text for at, text in enumerate(heading[1]) if text and at not in places.values()],
    )


def _places(heading: list[str]) -> dict[str, int]:
    """Of several columns the one whose spelling stands first in the table above."""
    spelled = [_spelled(text) for text in heading]
    found = {
        name: next((spelled.index(text) for text in spellings if text in spelled), -1)
        for name, spellings in HEADINGS.items()
    }
    return {name: at for name, at in found.items() if at >= 0}


def _spelled(heading: str) -> str:
    letters = unicodedata.normalize("NFKD", heading.casefold())
    bare = "".join(char for char in letters if not unicodedata.combining(char))
    return _NO_LETTERS.sub(" ", bare).strip()


def _has_bare_addresses(row: list[str]) -> bool:
    return any(_LOOKS_LIKE_ADDRESS.fullmatch(cell) for cell in row)


def _address_at(row: list[str]) -> int:
    return next(at for at, cell in enumerate(row) if _LOOKS_LIKE_ADDRESS.fullmatch(cell))


def _line(row: Row, places: dict[str, int]) -> Line:
    number, cells = row

    def cell(name: str) -> str:
        at = places.get(name, -1)
        return cells[at] if 0 <= at < len(cells) else ""

    whole = " ".join(filter(None, (cell("first_name"), cell("last_name"))))
    return Line(
        number,
        cell("email"),
        cell("name") or whole,
        cell("organization"),
        cell("category"),
        cell("language"),
    )
