"""Phone numbers: one text for all spellings of the same one, and a digest that stands for it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from django.utils.crypto import salted_hmac

FEWEST_DIGITS: Final = 7
MOST_DIGITS: Final = 15
"""Of a whole number with its country code (E.164)."""

_NOISE: Final = re.compile(r"[\s().+/\-\u2010-\u2015]")


def phone_key(text: str) -> str:
    """The digits, as they would be dialled from abroad; "" for what is no phone number.

    A number of ten digits is taken for one of North America, whose country code is 1.
    """
    written = unicodedata.normalize("NFKC", text).strip()
    digits = _NOISE.sub("", written)
    if not digits.isascii() or not digits.isdigit():
        return ""
    if digits.startswith("00"):
        digits = digits[2:]
    elif len(digits) == 10 and not written.startswith("+"):
        digits = f"1{digits}"
    return digits if FEWEST_DIGITS <= len(digits) <= MOST_DIGITS else ""


def phone_digest(key: str, *, scope: str) -> str:
    """Tells inside a scope whether two numbers are the same; nobody can try numbers without our
    secret, and nothing can be compared across scopes."""
    return salted_hmac(f"phone-number.{scope}", key, algorithm="sha256").hexdigest()[:24]
