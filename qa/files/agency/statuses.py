"""What became of a question, in the words that a list's first sheet explains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from qa import states

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

OPEN: Final = states.OPEN
"""Shown, and without an answer."""


def status_of(state: str, outcome: str) -> str:
    """The key of a question's status, from its state and outcome."""
    if state not in states.ANSWERABLE:
        return state
    if outcome in _STATUSES:
        return outcome
    return OPEN if state == states.SHOWN else state


def label(status: str) -> str:
    """Raises KeyError for what is no key."""
    return str(_STATUSES[status][0])


def meaning(status: str) -> str:
    return str(_STATUSES[status][1])


# In the order in which the first sheet explains them.
_STATUSES: Final[Mapping[str, tuple[_StrPromise, _StrPromise]]] = {
    states.ANSWERED_LIVE: (
        _("Answered live"),
        _("The speakers answered it during the engagement."),
    ),
    states.ANSWERED_IN_WRITING: (
        _("Answered in writing"),
        _("It was answered in writing during the engagement."),
    ),
    states.FOLLOW_UP: (
        _("To follow up"),
        _("The speakers promised to come back to it. Please answer it."),
    ),
    OPEN: (
        _("Open"),
        _("It was shown to everybody and not answered. Please answer it."),
    ),
    states.WAITING: (
        _("Not reviewed"),
        _("It came in, and time ran out before it was reviewed. Please answer it."),
    ),
    states.HELD: (
        _("Held"),
        _("The office reviewed it and did not show it. Please answer it if you can."),
    ),
    states.DISMISSED: (
        _("Dismissed"),
        _("The office set it aside for the reason given. It needs no answer."),
    ),
    states.MERGED: (
        _("Merged"),
        _("It asks the same as another question, which is named in the reason."),
    ),
    states.WITHDRAWN: (
        _("Withdrawn"),
        _("The asker took it back. Only its number is kept, and it is not counted."),
    ),
}

STATUSES: Final = tuple(_STATUSES)
"""All keys, in the order in which a list explains and counts them."""
