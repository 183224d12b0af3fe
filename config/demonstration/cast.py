"""Who plays in the demonstration: the office, an agency's liaison, and the public. All made up."""

from __future__ import annotations

import itertools
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engagements.actions import accounts, founding, office
from engagements.models import Agency, User

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Part:
    """Somebody to be: what `make demo` prints a link for."""

    name: str
    email: str
    plays: str


ADMINISTRATOR: Final = Part("Ada Lindqvist", "ada@office.example", "an administrator")
COORDINATOR: Final = Part("Cora Whitfield", "cora@office.example", "a coordinator")
MODERATOR: Final = Part("Omar Haddad", "omar@office.example", "a moderator")
EDITOR: Final = Part("Edna Castillo", "edna@office.example", "an editor")
PUBLISHER: Final = Part("Paul Nyberg", "paul@office.example", "a publisher (a second editor)")
COUNSEL: Final = Part("Lena Brandt", "lena@office.example", "a counsel (clears readouts)")
LIAISON: Final = Part("Uma Patel", "uma@agency.example", "an agency liaison")
CONTRIBUTOR: Final = Part(
    "Carl Jensen", "carl@agency.example", "a contributor (answers what the liaison gives him)"
)
STAKEHOLDER: Final = Part("Sam Rivera", "sam@public.example", "a stakeholder")

STAFF: Final = (
    MODERATOR,
    COORDINATOR,
    EDITOR,
    COUNSEL,
    PUBLISHER,
    LIAISON,
    CONTRIBUTOR,
    ADMINISTRATOR,
)

OF_AGENCY: Final = (LIAISON, CONTRIBUTOR)

CASE_FORM: Final = "https://www.dhs.gov/case-assistance"

_FIRST: Final = (
    "Ana Ben Carla Dmitri Elif Farid Grace Hana Ivan Joy Kwame Lena Mateo Nadia Otis Priya Quinn "
    "Rosa Sunil Tara Ursula Viktor Wen Ximena Yusuf Zoe"
).split()
_LAST: Final = (
    "Abara Brandt Cohen Diaz Eriksen Fofana Gupta Hughes Ito Jansen Kim Lopez Mensah Novak Okafor "
    "Park Quispe Rossi Santos Tran Ueda Vargas Weiss Xu Young Zhang Boateng Castro Dube Engel "
    "Flores Gomez"
).split()


def people() -> Iterator[tuple[str, str]]:
    """Names and addresses of stakeholders, without end, none twice."""
    for turn in itertools.count(1):
        for last, first in itertools.product(_LAST, _FIRST):
            mark = "" if turn == 1 else str(turn)
            yield f"{first} {last}", f"{first}.{last}{mark}@public.example".lower()


def found_office() -> User:
    """The administrator, and the others by her invitation. Returns the administrator."""
    administrator = founding.found(
        email=ADMINISTRATOR.email,
        name=ADMINISTRATOR.name,
        password=secrets.token_urlsafe(24),
    )
    for part in (COORDINATOR, MODERATOR, EDITOR, COUNSEL, PUBLISHER, LIAISON):
        _join(part, administrator)
    _join(CONTRIBUTOR, play(LIAISON))
    office.edit_office(by=administrator, case_form_url=CASE_FORM, case_form_name="DHS Form 7001")
    return administrator


def play(part: Part) -> User:
    return User.objects.get(email=part.email)


def _join(part: Part, by: User) -> None:
    _invitation, token = accounts.invite(
        by=by,
        email=part.email,
        name=part.name,
        agency=Agency.objects.get(short_name="USCIS") if part in OF_AGENCY else None,
        may_create_engagements=part == COORDINATOR,
        is_contributor=part == CONTRIBUTOR,
    )
    accounts.accept(token, password=secrets.token_urlsafe(24))
