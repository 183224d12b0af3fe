"""Before anything is written: is there a server, and does it work with our key and database?"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from websockets.exceptions import InvalidMessage, InvalidStatus

from config.rehearsal.hour import end
from config.rehearsal.tally import Tally
from config.rehearsal.visitor import ENTER_SECONDS, visitor_to
from engagements.refusals import Refused
from qa import projection

if TYPE_CHECKING:
    from config.rehearsal.visitor import Script
    from engagements.models import User
    from qa.models import Floor


async def knock(floor: Floor, member: User, script: Script) -> None:
    """Enter the desk once. Refused where that is not possible; the sentence says why."""
    visitor = visitor_to(
        floor, script, Tally(people=0), projection.DESK, lambda _question: None, account=member
    )
    visiting = asyncio.ensure_future(visitor.visit())
    entering = asyncio.ensure_future(visitor.has_entered.wait())
    await asyncio.wait(
        {visiting, entering}, timeout=ENTER_SECONDS, return_when=asyncio.FIRST_COMPLETED
    )
    await end(visiting, entering)
    if not visitor.has_entered.is_set() or visitor.epoch != floor.epoch:
        raise Refused("no_server", _why_not(script, None if visiting.cancelled() else visiting))


def _why_not(script: Script, visiting: asyncio.Future[None] | None) -> str:
    error = visiting.exception() if visiting else None
    if isinstance(error, InvalidStatus):
        return _("The server at %(server)s does not let pages of %(origin)s in.") % {
            "server": script.server,
            "origin": script.origin,
        }
    if isinstance(error, OSError | InvalidMessage):
        return _("No server answers at %(server)s.") % {"server": script.server}
    return _(
        "The server at %(server)s does not let us in. It must run with the SECRET_KEY and the "
        "database of this command."
    ) % {"server": script.server}
