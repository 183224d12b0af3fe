"""E-mail addresses: one text for all spellings of the same one."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

import idna
from django.utils.translation import gettext as _

from engagements.refusals import Refused

LONGEST_ADDRESS: Final = 256


def email_key(email: str) -> str:
    """The same for all spellings of an address: other case, spaces around it, IDN or punycode.

    Domains as DNS has them since IDNA 2008 (RFC 5891, mapped by UTS 46): straße and strasse are
    two. Refuses what is too long to be stored.
    """
    local, _at, domain = unicodedata.normalize("NFC", email.strip()).lower().rpartition("@")
    key = f"{local}@{_domain_key(domain)}"
    if len(key) > LONGEST_ADDRESS:
        raise Refused("email_too_long", _("This e-mail address is too long."))
    return key


def as_delivered(email: str) -> str:
    """The address with its domain as `email_key` has it, so that mail goes where the key says.

    Django alone would write it in IDNA 2003, where straße.example is strasse.example: somebody
    else's.
    """
    local, _at, domain = email.rpartition("@")
    return email if domain.isascii() else f"{local}@{_domain_key(domain.lower())}"


def is_deliverable(email: str) -> bool:
    """Whether a mail would go to this address and no other.

    Not to a domain that is no name in DNS; not to what a mail library decodes into another address
    (RFC 2047); and no header holds a control character, which Django takes within quotes.
    """
    return (
        as_delivered(email).rpartition("@")[2].isascii()
        and "=?" not in email
        and not any(unicodedata.category(char) in {"Cc", "Zl", "Zp"} for char in email)
    )


@lru_cache(maxsize=4_096)
def _domain_key(domain: str) -> str:
    """What is no name that DNS could hold is compared by its spelling."""
    try:
        return idna.encode(domain, uts46=True).decode("ascii").lower()
    except UnicodeError:
        return domain
