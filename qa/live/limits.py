"""How many commands one person may send in a minute, whatever the number of sockets here.

Counted in this process alone: the limit protects the process, and must not wait for another
machine. What a person may store in a minute is counted in the database, for all processes.
"""

from __future__ import annotations

import math
import time
from functools import cache
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils.translation import gettext as _
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from engagements.refusals import Refused

if TYPE_CHECKING:
    from qa.access import Ticket

ACCOUNT: Final = 600
"""A moderator decides with one key; the limit only stops a script."""


def check_pace(ticket: Ticket) -> None:
    """Count this command; refuse it when there were too many."""
    most = settings.MESSAGES_A_MINUTE if ticket.account is None else ACCOUNT
    limit = RateLimitItemPerMinute(most)
    if _limiter().hit(limit, "live", ticket.viewer):
        return
    free_at, _left = _limiter().get_window_stats(limit, "live", ticket.viewer)
    raise Refused(
        "too_fast",
        _("Too many messages. Please wait a little."),
        retry_after=max(1, math.ceil(free_at - time.time())),
    )


@cache
def _limiter() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(MemoryStorage())
