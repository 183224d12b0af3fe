"""How many commands one person may send in a minute, whatever the number of sockets here.

Counted in this process alone: the limit protects the process, and must not wait for another
machine. What a person may store in a minute is counted in the database, for all processes.
"""

from __future__ import annotations

import math
import time
from collections import deque
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from engagements.refusals import Refused

STAKEHOLDER: Final[int] = settings.MESSAGES_A_MINUTE
ACCOUNT: Final = 600
"""A moderator decides with one key; the limit only stops a script."""

MINUTE: Final = 60.0
MOST_KNOWN: Final = 20_000
"""People whose pace is remembered before those who are silent are forgotten."""

_lately: dict[str, deque[float]] = {}


def check_pace(who: str, *, is_account: bool = False) -> None:
    """Count one command of this person; refuse it when there were too many within a minute.

    `who` is `Ticket.viewer`, or what `of_registration` gives for a plain form.
    """
    most = ACCOUNT if is_account else STAKEHOLDER
    now = time.monotonic()
    times = _lately.get(who)
    if times is None:
        _forget_the_silent(now)
        times = _lately[who] = deque()
    while times and times[0] <= now - MINUTE:
        times.popleft()
    if len(times) >= most:
        raise Refused(
            "too_fast",
            _("Too many messages. Please wait a little."),
            retry_after=math.ceil(times[0] + MINUTE - now),
        )
    times.append(now)


def forget() -> None:
    """As after a restart."""
    _lately.clear()


def of_registration(pk: int) -> str:
    return f"registration:{pk}"


def of_device(pk: int) -> str:
    return f"device:{pk}"


def _forget_the_silent(now: float) -> None:
    if len(_lately) >= MOST_KNOWN:
        for viewer in [one for one, times in _lately.items() if times[-1] <= now - MINUTE]:
            del _lately[viewer]
