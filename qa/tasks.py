"""Background work of the floors. May run twice, and on several workers at once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from qa import calling
from qa.actions import clocking
from qa.actions.agency import delivering, reminding, telling

if TYPE_CHECKING:
    from qa.models import Delivery

AT_ONCE: Final = 8
LONGEST_ROUND: Final = 5.0
"""Seconds after which no more calls are begun: mail waits in the same thread."""


def move_floors() -> int:
    """Those whose clock has struck, where nobody has looked yet."""
    return clocking.look_at_all()


def remind_of_due_dates() -> int:
    """Agencies of what is due soon or overdue, and the office of what is overdue."""
    return reminding.remind()


def lay_answer_mails() -> int:
    """Mails for askers who wait for an answer that was published, some at a time."""
    until = time.monotonic() + LONGEST_ROUND
    return telling.lay_all(stop=lambda: time.monotonic() > until)


def tell_webhooks() -> int:
    """What is due for agencies' systems, some at a time. Returns how many calls were made.

    A call lasts `calling.SECONDS` at most and touches no database.
    """
    begun, called = time.monotonic(), 0
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhooks") as pool:
        while time.monotonic() - begun < LONGEST_ROUND:
            taken = [one for pk in delivering.due(AT_ONCE) if (one := delivering.take(pk))]
            if not taken:
                break
            for delivery, (status, error) in zip(taken, pool.map(_called, taken), strict=True):
                delivering.settle(delivery, status=status, error=error)
            called += len(taken)
    return called


def take_over_deliveries() -> int:
    """What a killed worker had in hand is due again."""
    return delivering.take_over_left_lying()


def prune_deliveries() -> int:
    """What came to its end long ago is forgotten."""
    return delivering.forget_old()


def _called(delivery: Delivery) -> tuple[int | None, str]:
    try:
        return delivering.call(delivery), ""
    except calling.NotCalled as error:
        return None, error.code
