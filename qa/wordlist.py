"""Words of a list in a text: whole ones, whatever their case and accents. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def matches(text: str, words: Sequence[str]) -> list[str]:
    """Those of the words that stand in the text, in the order of the list."""
    if not words:
        return []
    pattern, by_plain = _compiled(tuple(words))
    found = {by_plain[match[0]] for match in pattern.finditer(plain(text))}
    return [word for word in words if word in found]


def plain(text: str) -> str:
    """Without case, accents, and differences of spacing."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(s for s in apart if not unicodedata.combining(s)).split())


@lru_cache(maxsize=4)
def _compiled(words: tuple[str, ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    """The longest first, so that a phrase goes before a word in it."""
    by_plain = {plain(word): word for word in reversed(words) if plain(word)}
    either = "|".join(map(re.escape, sorted(by_plain, key=len, reverse=True)))
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)" if either else r"(?!)"), by_plain
