"""How many forms may come from one network address.

The ceiling is high, because offices share one address. It is counted in the cache, which all
processes share; without it people register all the same.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from allauth.core.internal.ratelimit import get_ip
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from redis.exceptions import RedisError

from engagements import clock

if TYPE_CHECKING:
    from django.http import HttpRequest

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
MINUTES_IN_AN_HOUR: Final = 10
"""An hour's ceiling, in those of a minute: nobody goes on for long as fast as a crowd begins."""


def seconds_to_wait(request: HttpRequest, what: str, *, a_minute: int) -> int:
    """Count one form of this kind. 0: it may be taken; or else the seconds until one may be sent.

    The address is that of the client behind the trusted proxies. Within IPv6 a whole network
    counts as one.
    """
    try:
        address = get_ip(request)
    except PermissionDenied:
        # Behind a socket file whose proxy names no client there is nobody to count.
        return 0
    limits = ((MINUTE, a_minute), (HOUR, a_minute * MINUTES_IN_AN_HOUR))
    try:
        return max(_over(f"{what}:{address}", window, most) for window, most in limits)
    except RedisError:
        return 0


def _over(key: str, window: int, most: int) -> int:
    number, into = divmod(clock.now().timestamp(), window)
    counted = f"pace:{key}:{window}:{number:.0f}"
    cache.add(counted, 0, timeout=window)
    try:
        sent = cache.incr(counted)
    except ValueError:
        # It was forgotten between the two.
        return 0
    return math.ceil(window - into) if sent > most else 0
