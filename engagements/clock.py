"""The one clock. The demonstration and the archive tell the past with it; tests hold it still."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The moment at which things happen: the server's clock in UTC, unless a moment is set."""
    return _told.get() or datetime.now(UTC)


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """Everything inside happens at this moment (an aware datetime)."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)
