"""Doors of room, desk and socket.

A page mints a ticket, and the socket enters with it. A ticket lives shortly; authority that can
change is asked again when somebody enters, and by every action.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header

from engagements import clock
from engagements.access import engagement_with_room, may_work_here, registration_of
from engagements.files.sheets import WORKBOOK_TYPE
from engagements.models import Engagement, Registration, User
from engagements.rules import ADMITTED
from qa import projection, rules
from qa.models import EndedSession, ForwardingFile, ViewLink
from qa.pace import of_device, of_registration

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

    from qa.models import Floor


TICKET_SECONDS = 120
_SALT = "live-ticket"
_DEVICE_SALT = "view-link"
DEVICE_DAYS = 30
"""For so long a browser remembers its link at most; whether it opens anything the row says."""


def room_for(request: HttpRequest, slug: str) -> tuple[Engagement, Registration | None]:
    """A stakeholder who holds a link enters, and staff of the engagement who only watch."""
    engagement = engagement_with_room(slug)
    registration = registration_of(request, engagement)
    if registration is not None and rules.may_enter_room(registration):
        return engagement, registration
    if may_work_here(request.user) and rules.may_watch_room(request.user, engagement):
        return engagement, None
    raise Http404


def is_part(request: HttpRequest) -> bool:
    """Whether a page shows the answer beside its lists, without a frame."""
    return request.headers.get("X-Requested-With") == "fetch" or "part" in request.GET


def to_question(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """To the page of one question, or to the part that stands for it."""
    address = reverse("desk-question", args=[slug, number])
    return redirect(f"{address}?part=1" if is_part(request) else address)


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who enters which floor as which audience: a stakeholder, an account, or a device.

    `device` is a ViewLink, `speaker` whose view it opens, None for the big screen. `session` stands
    for the session in which an account got it. `issued` is a Unix time, taken before the page read
    what the holder knows already.
    """

    floor: int
    slug: str
    audience: str
    registration: int | None = None
    account: int | None = None
    device: int | None = None
    speaker: int | None = None
    session: str = ""
    issued: float = 0.0

    def signed(self) -> str:
        """What the page hands to its socket. What is none is left out: a process that was not
        brought up to date yet may not know of it."""
        told = {name: value for name, value in asdict(self).items() if value is not None}
        return signing.dumps(told, salt=_SALT)

    @property
    def viewer(self) -> str:
        """Names the person, for limits."""
        if self.registration is not None:
            return of_registration(self.registration)
        if self.device is not None:
            return of_device(self.device)
        return f"account:{self.account}"


def ticket(
    floor: Floor,
    audience: str,
    *,
    registration: Registration | None = None,
    account: User | None = None,
    device: ViewLink | None = None,
    session_key: str = "",
) -> str:
    return Ticket(
        floor=floor.pk,
        slug=floor.engagement.slug,
        audience=audience,
        registration=registration.pk if registration else None,
        account=account.pk if account else None,
        device=device.pk if device else None,
        speaker=device.speaker_id if device else None,
        session=session_digest(session_key),
        issued=clock.now().timestamp(),
    ).signed()


def session_digest(key: str) -> str:
    """Names a session without opening it."""
    return hashlib.sha256(f"live-session:{key}".encode()).hexdigest()[:16] if key else ""


def read_ticket(text: str) -> Ticket | None:
    """None for what is not our ticket, or too old."""
    try:
        return Ticket(**signing.loads(text, salt=_SALT, max_age=TICKET_SECONDS))
    except (signing.BadSignature, TypeError, ValueError):
        return None


def keep_device(response: HttpResponse, link: ViewLink) -> HttpResponse:
    """From here on this browser opens the link's view; the link is not needed again."""
    response.set_signed_cookie(
        _device_cookie(link.floor.engagement.slug, is_speaker=link.speaker_id is not None),
        str(link.pk),
        salt=_DEVICE_SALT,
        max_age=DEVICE_DAYS * 24 * 60 * 60,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def device_of(request: HttpRequest, slug: str, *, is_speaker: bool = False) -> ViewLink | None:
    """The link that this browser has opened for the engagement's screen, or for a speaker's view,
    as far as it still opens it."""
    kept = request.get_signed_cookie(
        _device_cookie(slug, is_speaker=is_speaker), default=None, salt=_DEVICE_SALT
    )
    if kept is None:
        return None
    links = ViewLink.objects.select_related("floor__engagement", "speaker")
    link = links.filter(
        pk=kept, floor__engagement__slug=slug, speaker__isnull=not is_speaker
    ).first()
    return link if link and rules.is_link_open(link) else None


def _device_cookie(slug: str, *, is_speaker: bool) -> str:
    prefix = "__Host-" if settings.SESSION_COOKIE_SECURE else "openfloor_"
    return f"{prefix}{'speaker' if is_speaker else 'screen'}-{slug}"


def shut_out(floor_id: int) -> set[int]:
    """The registrations that do not open this floor any more; few, so a check of thousands asks
    for them and not for the others."""
    gone = Registration.objects.filter(~ADMITTED, engagement__floor=floor_id)
    return set(gone.values_list("pk", flat=True))


def ended_tickets(tickets: Iterable[Ticket]) -> dict[Ticket, bool]:
    """Those of them that open nothing any more, and whether only their session has ended.

    One query for all stakeholders together, and one for all devices.
    """
    given = set(tickets)
    devices = _open_devices({one.device for one in given if one.device is not None})
    people = {one.registration for one in given if one.registration is not None}
    admitted = set(
        Registration.objects.filter(ADMITTED, pk__in=people).values_list("pk", "engagement__floor")
    )
    ended: dict[Ticket, bool] = {}
    for one in given:
        if one.device is not None:
            if (one.device, one.floor, one.speaker, one.audience) not in devices:
                ended[one] = False
        elif one.account is None:
            if (one.registration, one.floor) not in admitted:
                ended[one] = False
        elif not _account_still_opens(one):
            ended[one] = False
        elif _session_has_ended(one):
            ended[one] = True
    return ended


def _open_devices(links: set[int]) -> set[tuple[int, int, int | None, str]]:
    """Link, floor, speaker and audience of those that still open their view."""
    if not links:
        return set()
    found = ViewLink.objects.select_related("floor__engagement").filter(pk__in=links)
    return {
        (link.pk, link.floor_id, link.speaker_id, projection.SCREEN)
        for link in found
        if rules.is_link_open(link)
    }


def _account_still_opens(pass_: Ticket) -> bool:
    engagement = Engagement.objects.filter(floor=pass_.floor).first()
    user = User.objects.filter(pk=pass_.account or 0, is_active=True).first()
    if engagement is None or user is None:
        return False
    rule = rules.may_see_desk if pass_.audience == projection.DESK else rules.may_watch_room
    return rule(user, engagement)


def _session_has_ended(pass_: Ticket) -> bool:
    return EndedSession.objects.filter(
        account=pass_.account,
        session__in=["", pass_.session],
        at__gt=datetime.fromtimestamp(pass_.issued, UTC),
    ).exists()


def forwarding_file(file: ForwardingFile) -> HttpResponse:
    """The stored list as a download, in the format that it has."""
    response = HttpResponse(bytes(file.content), content_type=_FORWARDING_TYPES[file.format])
    response["Content-Disposition"] = content_disposition_header(True, file.name) or ""
    response["Cache-Control"] = "no-store"
    return response


_FORWARDING_TYPES: Final[dict[str, str]] = {
    ForwardingFile.Format.WORKBOOK: WORKBOOK_TYPE,
    ForwardingFile.Format.CSV: "text/csv; charset=utf-8",
    ForwardingFile.Format.JSON: "application/json",
}
