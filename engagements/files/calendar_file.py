"""Calendar files (RFC 5545, 5546): one engagement for an invitation, or all as a feed.

Times stand in UTC, so no file needs a description of a time zone.
"""

from __future__ import annotations

from datetime import timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import CLASS, STATUS, TRANSP, Calendar, Event, vCalAddress, vDuration, vText

from engagements import clock, outbox
from engagements.files.text import clean_line
from engagements.models import Engagement, Office

if TYPE_CHECKING:
    from collections.abc import Iterable

CONTENT_TYPE: Final = "text/calendar; charset=utf-8"

PRODUCT: Final = "-//Openfloor//Engagements//EN"

REFRESHED_EVERY: Final = timedelta(hours=1)


def invitation(engagement: Engagement, *, link: str, is_cancelled: bool = False) -> str:
    """One calendar entry: METHOD PUBLISH, or CANCEL if the engagement or this seat is cancelled.

    `link` is the personal link, or the page of the engagement where everybody may read the file.
    DTSTAMP is the moment of writing, as RFC 5545, 3.8.7.2 has it for a file with a METHOD: of two
    files with the same SEQUENCE a calendar follows the younger one.
    """
    is_off = is_cancelled or _is_cancelled(engagement)
    page = page_of(engagement)
    about = _off(engagement, page) if is_off else _about(engagement, link, page)
    event = _event(engagement, page=page, about=about, is_off=is_off, is_public=link == page)
    event.stamp = max(clock.now(), engagement.changed_at)
    event.add("organizer", _organizer())
    file = _calendar()
    file.add("method", "CANCEL" if is_off else "PUBLISH")
    file.add_component(event)
    return _text(file)


def feed(engagements: Iterable[Engagement], *, name: str) -> str:
    """All of them under one name, to be fetched again every hour. The same rows, the same text."""
    organizer = _organizer()
    file = _calendar()
    for known_as in ("name", "x-wr-calname"):
        file.add(known_as, vText(clean_line(name)))
    file.add("refresh-interval", vDuration(REFRESHED_EVERY), parameters={"VALUE": "DURATION"})
    file.add("x-published-ttl", vDuration(REFRESHED_EVERY))
    for engagement in engagements:
        is_off = _is_cancelled(engagement)
        page = page_of(engagement)
        about = _off(engagement, page) if is_off else _about(engagement, page, page)
        event = _event(engagement, page=page, about=about, is_off=is_off, is_public=True)
        event.stamp = engagement.changed_at
        event.add("organizer", organizer)
        file.add_component(event)
    return _text(file)


def page_of(engagement: Engagement) -> str:
    return outbox.absolute(engagement.get_absolute_url())


def please_do_not_share() -> str:
    """What to keep out of a question that everybody may read."""
    return _(
        "Please do not share personal information in your questions, such as A-Numbers, receipt "
        "numbers or Social Security numbers."
    )


def _is_cancelled(engagement: Engagement) -> bool:
    return engagement.state == Engagement.State.CANCELLED


def _event(
    engagement: Engagement, *, page: str, about: str, is_off: bool, is_public: bool
) -> Event:
    return Event.new(
        uid=engagement.calendar_uid,
        sequence=engagement.calendar_sequence,
        last_modified=engagement.changed_at,
        start=engagement.starts_at if engagement.tells_hours else engagement.held_on,
        end=engagement.ends_at if engagement.tells_hours else None,
        status=STATUS.CANCELLED if is_off else STATUS.CONFIRMED,
        transparency=TRANSP.OPAQUE,
        classification=CLASS.PUBLIC if is_public else CLASS.PRIVATE,
        summary=clean_line(engagement.full_title),
        location=_("Online"),
        description=about,
        url=page,
    )


def _organizer() -> vCalAddress:
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["CN"] = clean_line(Office.current().name).replace('"', "'")
    return organizer


def _about(engagement: Engagement, link: str, page: str) -> str:
    if engagement.is_over:
        return page
    if link == page:
        first = _("About it, and to register: %(link)s") % {"link": link}
    else:
        first = _("Your personal link, please do not pass it on: %(link)s") % {"link": link}
    return f"{first}\n\n{please_do_not_share()}"


def _off(engagement: Engagement, page: str) -> str:
    is_whole = _is_cancelled(engagement)
    first = _("This engagement is cancelled.") if is_whole else _("Your registration is cancelled.")
    return f"{first}\n{page}"


def _calendar() -> Calendar:
    """Not by `Calendar.new`, which gives every file a random UID of its own."""
    file = Calendar()
    file.add("version", "2.0")
    file.add("prodid", PRODUCT)
    return file


def _text(file: Calendar) -> str:
    text: bytes = file.to_ical()
    return text.decode()
