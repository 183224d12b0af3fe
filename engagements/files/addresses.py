"""E-mail addresses: one text for all spellings of the same one."""

from __future__ import annotations

import unicodedata
from contextlib import suppress
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
    # What is no name that DNS could hold is compared by its spelling.
    with suppress(UnicodeError):
        domain = idna.encode(domain, uts46=True).decode("ascii").lower()
    key = f"{local}@{domain}"
    if len(key) > LONGEST_ADDRESS:
        raise Refused("email_too_long", _("This e-mail address is too long."))
    return key
