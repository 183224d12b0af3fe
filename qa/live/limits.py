"""How many commands one person may send in a minute, whatever the number of sockets."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

if TYPE_CHECKING:
    from qa.access import Ticket

logger = structlog.get_logger(__name__)

STAKEHOLDER = RateLimitItemPerMinute(30)
ACCOUNT = RateLimitItemPerMinute(600)
"""A moderator decides with one key; the limit only stops a script."""


def within_limits(ticket: Ticket) -> bool:
    """Counts this command. When the store of the counts is away, nobody is stopped for it.

    Called in a database thread: it may wait for Redis.
    """
    limit = STAKEHOLDER if ticket.account is None else ACCOUNT
    try:
        return _limiter().hit(limit, "live", ticket.viewer)
    except Exception as error:  # noqa: BLE001 - whatever the store raises
        logger.warning("limits_unavailable", error=type(error).__name__)
        return True


@cache
def _limiter() -> MovingWindowRateLimiter:
    storage: Any = (
        RedisStorage(settings.REDIS_URL, key_prefix=f"{settings.REDIS_PREFIX}:limits")
        if settings.REDIS_URL
        else MemoryStorage()
    )
    return MovingWindowRateLimiter(storage)
