"""One socket as its hub knows it: whose it is, how far it has come, what goes out on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa import projection
from qa.live.frames import CLOSE_TOO_SLOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.access import Ticket
    from qa.live.outlet import Outlet


class Client:
    """`end` closes the socket with a code.

    `number`, `mark`, `people` and `polls` are what the client was told, or will be by what
    waits in its outlet; `interval` is its open stretch of attendance; `asked` is the client id of
    the last question asked here, of which the reply tells; `is_backstage` whether it is told of
    messages behind the scenes.
    """

    __slots__ = (
        "asked", "audience", "end", "has_ended", "interval", "is_backstage", "mark", "number",
        "outlet", "people", "polls", "registration", "ticket",
    )  # fmt: skip

    def __init__(self, ticket: Ticket, outlet: Outlet, end: Callable[[int], None]) -> None:
        self.ticket = ticket
        self.audience = ticket.audience
        self.registration = ticket.registration
        self.is_backstage = projection.sees_backstage(
            ticket.audience, is_speaker=ticket.speaker is not None
        )
        self.outlet = outlet
        self.end = end
        self.number = 0
        self.mark = 0
        self.people = 0
        self.polls = 0
        self.interval: int | None = None
        self.has_ended = False
        self.asked = ""

    def close(self, code: int) -> None:
        self.has_ended = True
        self.end(code)

    def close_if_stuck(self) -> None:
        """End a socket that does not take what is sent; it comes back and resumes."""
        if self.outlet.is_stuck():
            self.close(CLOSE_TOO_SLOW)
            self.outlet.abort()
