"""The engagement's video as it may be played inside the room."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

from django import template
from django.conf import settings

register = template.Library()

_YOUTUBE: Final = frozenset(
    {"www.youtube.com", "youtube.com", "m.youtube.com", "www.youtube-nocookie.com", "youtu.be"}
)
_VIMEO: Final = frozenset({"vimeo.com", "www.vimeo.com"})
_NAME: Final = re.compile(r"[\w-]{6,64}")
_NUMBER: Final = re.compile(r"\d{4,20}")


@register.filter
def embedded(link: str) -> str:
    """The address of a player for this link, of a host in `VIDEO_HOSTS`; "" where there is none.

    Links of YouTube and Vimeo, as people copy them, lead to the players that set no cookies.
    """
    try:
        parts = urlsplit(link)
        address = _player(parts.hostname or "", parts.path, parse_qs(parts.query)) or link
        player = urlsplit(address)
        origin = f"{player.scheme}://{player.netloc}"
    except ValueError:
        return ""
    return address if origin in settings.VIDEO_HOSTS else ""


@register.filter
def host_of(link: str) -> str:
    """Where a link leads, for people: without what every host has in front."""
    return (urlsplit(link).hostname or "").removeprefix("www.").removeprefix("player.")


def _player(host: str, path: str, query: dict[str, list[str]]) -> str:
    pieces = [piece for piece in path.split("/") if piece]
    if host in _YOUTUBE:
        name = query.get("v", [""])[0] or (pieces[-1] if pieces else "")
        return f"https://www.youtube-nocookie.com/embed/{name}" if _NAME.fullmatch(name) else ""
    if host in _VIMEO and pieces and _NUMBER.fullmatch(pieces[0]):
        secret = pieces[1] if len(pieces) > 1 and _NAME.fullmatch(pieces[1]) else ""
        address = f"https://player.vimeo.com/video/{pieces[0]}?dnt=1"
        return f"{address}&h={secret}" if secret else address
    return ""
