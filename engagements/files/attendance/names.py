"""Names as platforms write them, made comparable."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from engagements.files.attendance.headings import plain
from engagements.files.text import clean_line

LONGEST: Final = 256

_ENDINGS: Final = frozenset(
    [
        "external", "unverified", "guest", "extern", "externo", "externa", "externe",
        "not verified", "nicht verifiziert", "nicht uberpruft", "non verifie", "non verifiee",
        "sin verificar", "sin comprobar", "no verificado", "no comprobado", "nao verificado",
        "nao verificada", "invitado", "gast", "invite", "convidado",
    ]
)  # fmt: skip
_BRACKETED: Final = re.compile(r"(.+?)\s*\(([^()]*)\)")
_NOBODY: Final = frozenset(
    "anonymous,anonymous attendee,anonymous user,guest,guest user,unknown,unknown user,iphone,ipad,"
    "android,galaxy,user,zoom user,call in user,attendee,participant,anonimo,invitado,gast,invite,"
    "convidado,anonym,anonyme,na,n a".split(",")
)
_TEST: Final = re.compile(
    r"(?:test|tests|testing|tester|prueba|teste|essai)"
    r"(?: (?:user|account|attendee|person|webinar|call|run|usuario|benutzer|\d+))*"
)
_PHONE: Final = re.compile(r"\+?[\d*][\d*xX ().\-]{5,}")


def shown_name(text: str) -> str:
    """The name without what the platform adds to it, such as "(External)"."""
    name = clean_line(text)
    while (found := _BRACKETED.fullmatch(name)) and plain(found[2]) in _ENDINGS:
        name = found[1]
    return name[:LONGEST]


@lru_cache(maxsize=131_072)
def name_key(name: str) -> str:
    """Equal for names that differ in order, case, accents and punctuation only.

    What stands in brackets at the end is a name given before, or of the device: it is left out.
    """
    found = _BRACKETED.fullmatch(name)
    decomposed = unicodedata.normalize("NFKD", (found[1] if found else name).casefold())
    letters = "".join(
        " " if unicodedata.category(char)[0] in "PZSC" and char not in "'\u2019" else char
        for char in decomposed
        if not unicodedata.combining(char) and char not in "'\u2019"
    )
    return " ".join(sorted(letters.split()))


def is_nobody(name: str) -> bool:
    """Several people may go by it: two rows of this name need not be one person."""
    return not name or plain(name) in _NOBODY


def is_test(name: str) -> bool:
    return _TEST.fullmatch(plain(name)) is not None


def phone_in(name: str) -> str:
    """The number, if a name is only that, with masked figures as they stand; "" otherwise."""
    if not _PHONE.fullmatch(name.strip()) or sum(char.isdigit() for char in name) < 3:
        return ""
    return name.strip()


def phone_key(phone: str) -> str:
    return "".join(char for char in phone if char.isdigit() or char == "*")
