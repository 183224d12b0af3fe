"""Doors of room, desk and socket.

A page mints a ticket, and the socket enters with it. A ticket lives shortly; authority that can
change is asked again when somebody enters, and by every action.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.core import signing
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from engagements.files.sheets import WORKBOOK_TYPE
from engagements.models import Engagement, Registration, User
from qa import projection, rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa.models import Floor, Forwarding


TICKET_SECONDS = 120
_SALT = "live-ticket"


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who enters which floor as which audience: a stakeholder, or an account."""

    floor: int
    slug: str
    audience: str
    registration: int | None = None
    account: int | None = None

    def signed(self) -> str:
        """What the page hands to its socket."""
        return signing.dumps(asdict(self), salt=_SALT)

    @property
    def viewer(self) -> str:
        """Names the person, for limits."""
        if self.registration is not None:
            return f"registration:{self.registration}"
        return f"account:{self.account}"


def ticket(
    floor: Floor,
    audience: str,
    *,
    registration: Registration | None = None,
    account: User | None = None,
) -> str:
    return Ticket(
        floor=floor.pk,
        slug=floor.engagement.slug,
        audience=audience,
        registration=registration.pk if registration else None,
        account=account.pk if account else None,
    ).signed()


def read_ticket(text: str) -> Ticket | None:
    """None for what is not our ticket, or too old."""
    try:
        return Ticket(**signing.loads(text, salt=_SALT, max_age=TICKET_SECONDS))
    except (signing.BadSignature, TypeError):
        return None


def still_opens(pass_: Ticket) -> bool:
    """Whether the person may enter now. A right may have ended since the ticket was made."""
    engagement = Engagement.objects.filter(floor=pass_.floor).first()
    if engagement is None:
        return False
    if pass_.registration is not None:
        found = engagement.registrations.filter(pk=pass_.registration).first()
        return found is not None and rules.may_enter_room(found)
    user = User.objects.filter(pk=pass_.account or 0, is_active=True).first()
    if user is None:
        return False
    rule = rules.may_see_desk if pass_.audience == projection.DESK else rules.may_watch_room
    return rule(user, engagement)


def ended_tickets(tickets: Iterable[Ticket]) -> set[Ticket]:
    """Those of them that open nothing any more. One query for all stakeholders together."""
    given = set(tickets)
    people = {one.registration for one in given if one.registration is not None}
    gone = set(
        Registration.objects.filter(pk__in=people)
        .exclude(removed_at=None, cancelled_at=None)
        .values_list("pk", flat=True)
    )
    return {
        one
        for one in given
        if (one.registration in gone if one.account is None else not still_opens(one))
    }


def workbook(forwarding: Forwarding, file: bytes) -> HttpResponse:
    """The stored list as a download."""
    response = HttpResponse(file, content_type=WORKBOOK_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, forwarding.file_name) or ""
    response["Cache-Control"] = "no-store"
    return response
