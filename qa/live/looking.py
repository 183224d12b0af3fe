"""Who is looking at which question: told to the other desks, and stored nowhere.

Each process hears of it through the floor's group. What is not said again is forgotten: a page says
it every half minute, and when its socket closes the process says so for it.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from qa import events, projection
from qa.live import frames
from qa.live.supervised import Supervised

if TYPE_CHECKING:
    from qa import messages
    from qa.access import Ticket
    from qa.live.client import Client
    from qa.live.hub import Hub

FORGET_SECONDS: Final = 60.0
CHECK_SECONDS: Final = 5.0
MOST: Final = 100
"""Pages that are remembered for one floor; more moderators than that has no hour."""


class Look(NamedTuple):
    account: int
    name: str
    number: int
    since: float


class Looking(Supervised):
    def __init__(self, hub: Hub) -> None:
        super().__init__()
        self._hub = hub
        self._looks: dict[str, Look] = {}

    def start(self) -> None:
        self.supervise(self._forget_the_silent)

    def take(self, message: dict[str, Any]) -> None:
        """Somebody looks at another question, or at none, wherever the socket is."""
        key, account, name, number = (message[k] for k in ("page", "account", "name", "number"))
        known = self._looks.pop(key, None)
        if number and len(self._looks) < MOST:
            now = asyncio.get_running_loop().time()
            self._looks[key] = Look(account, name, number, now)
        if (known.number if known else 0) != number:
            self._tell_everybody()

    def went(self, client: Client) -> None:
        """A desk has closed. The others hear of it from here and from us."""
        known = self._looks.get(page_of(client.ticket))
        if known is not None:
            told = seen(client.ticket, known.account, known.name, 0)
            self.take(told)
            events.look(self._hub.floor_id, told)

    def tell(self, client: Client) -> None:
        """What a desk that has just entered should know."""
        if client.audience == projection.DESK and self._looks:
            client.outlet.say(frames.write(self._for(client)))

    def _tell_everybody(self) -> None:
        for client in self._hub.clients[projection.DESK]:
            client.outlet.say(frames.write(self._for(client)))

    def _for(self, client: Client) -> messages.Looking:
        """All but the reader's own pages. Nobody is told twice of the same."""
        others = {
            (look.number, look.name)
            for look in self._looks.values()
            if look.account != client.ticket.account
        }
        return {
            "type": "looking",
            "who": [{"name": name, "number": number} for number, name in sorted(others)],
        }

    async def _forget_the_silent(self) -> None:
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            self.forget(asyncio.get_running_loop().time() - FORGET_SECONDS)

    def forget(self, before: float) -> None:
        """What was last said before this moment of the loop's clock."""
        silent = [key for key, look in self._looks.items() if look.since < before]
        for key in silent:
            del self._looks[key]
        if silent:
            self._tell_everybody()


def page_of(ticket: Ticket) -> str:
    """Names a page: each socket enters with a ticket of its own."""
    return f"{ticket.account}:{ticket.issued}"


def seen(ticket: Ticket, account: int, name: str, number: int) -> dict[str, Any]:
    """The announcement between processes."""
    return {
        "type": events.LOOKING,
        "page": page_of(ticket),
        "account": account,
        "name": name,
        "number": number,
    }
