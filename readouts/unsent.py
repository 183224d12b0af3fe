"""Comments that were typed and not sent, kept for the person while other buttons are pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.models import Comment

if TYPE_CHECKING:
    from django.http import HttpRequest

KEY = "readout-comments"
FIELD = "comment-"


def hold(request: HttpRequest, slug: str) -> None:
    """What the form of the text has in its fields for comments. One that it does not send stays."""
    sent = {
        key: request.POST[FIELD + key]
        for key in Comment.Section.values
        if FIELD + key in request.POST
    }
    _put(request, slug, held(request, slug) | sent)


def held(request: HttpRequest, slug: str) -> dict[str, str]:
    """By section."""
    return dict(request.session.get(KEY, {}).get(slug, {}))


def drop(request: HttpRequest, slug: str, section: str) -> None:
    """It is saved by now."""
    _put(request, slug, held(request, slug) | {section: ""})


def _put(request: HttpRequest, slug: str, typed: dict[str, str]) -> None:
    kept = {key: text for key, text in typed.items() if text.strip()}
    if kept == held(request, slug):
        return
    every = dict(request.session.get(KEY, {}))
    every.pop(slug, None)
    request.session[KEY] = every | ({slug: kept} if kept else {})
