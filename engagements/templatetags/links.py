"""Links within a text that somebody wrote as plain text."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from django import template

register = template.Library()

# No bidirectional controls: they would show another address than the one that is opened. The
# scripts of the room know the same rule.
_LINK: Final = re.compile(
    r"https://[^\s<>\"'\u202a-\u202e\u2066-\u2069]*[^\s<>\"'\u202a-\u202e\u2066-\u2069.,;:!?)\]}]"
)


class Piece(NamedTuple):
    text: str
    is_link: bool


@register.filter
def pieces(text: str) -> list[Piece]:
    """The text in order, with each https:// address as a piece of its own."""
    found, end = [], 0
    for link in _LINK.finditer(text):
        found += [Piece(text[end : link.start()], is_link=False), Piece(link[0], is_link=True)]
        end = link.end()
    return [piece for piece in (*found, Piece(text[end:], is_link=False)) if piece.text]
