"""Moments as the office's clock showed them, in words and for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.safestring import SafeString

    from engagements.models import Engagement

register = template.Library()


@register.filter
def when(engagement: Engagement) -> str:
    """As in "Wednesday, April 14, 2021, 2 to 3 p.m. EDT"; the day alone where no hour is known."""
    start = engagement.local(engagement.starts_at)
    if not engagement.tells_hours:
        return _day(start)
    end = engagement.local(engagement.ends_at)
    if start.date() == end.date():
        return _("%(day)s, %(hours)s") % {"day": _day(start), "hours": hours(engagement)}
    return _("%(day)s, %(hour)s to %(last_day)s, %(last_hour)s") % {
        "day": _day(start),
        "hour": _start_hour(start, end),
        "last_day": _day(end),
        "last_hour": f"{date_format(end, 'P')} {zone_name(end)}",
    }


@register.filter
def hours(engagement: Engagement) -> str:
    """As in "2 to 3 p.m. EDT"; the zone stands with both where it changes in between. "" where no
    hour is known."""
    if not engagement.tells_hours:
        return ""
    start = engagement.local(engagement.starts_at)
    end = engagement.local(engagement.ends_at)
    return _("%(hour)s to %(last_hour)s") % {
        "hour": _start_hour(start, end),
        "last_hour": f"{date_format(end, 'P')} {zone_name(end)}",
    }


@register.simple_tag
def when_tag(engagement: Engagement, *, local: bool = False) -> SafeString:
    """The words of `when`, with the start for machines; `local` adds the reader's own time to it.

    The reader's own time needs a script, which reads it from the attribute.
    """
    start = engagement.local(engagement.starts_at)
    has_hour = engagement.tells_hours
    return format_html(
        '<time datetime="{}"{}>{}</time>',
        start.isoformat(timespec="minutes") if has_hour else start.date().isoformat(),
        mark_safe(" data-local") if local and has_hour else "",
        when(engagement),
    )


@register.filter
def leaf(engagement: Engagement) -> datetime:
    """The local start, for the parts of a calendar leaf."""
    return engagement.local(engagement.starts_at)


@register.simple_tag
def date_part(at: datetime, form: str) -> str:
    """A part of a moment that is local already. Django's own filter would move it to UTC."""
    return date_format(at, form)


@register.filter
def before(minutes: int) -> str:
    """Of a reminder, as in "1 day before"."""
    if minutes and minutes % (7 * 24 * 60) == 0:
        number = minutes // (7 * 24 * 60)
        return ngettext("%(number)d week before", "%(number)d weeks before", number) % {
            "number": number
        }
    if minutes and minutes % (24 * 60) == 0:
        number = minutes // (24 * 60)
        return ngettext("%(number)d day before", "%(number)d days before", number) % {
            "number": number
        }
    if minutes and minutes % 60 == 0:
        number = minutes // 60
        return ngettext("%(number)d hour before", "%(number)d hours before", number) % {
            "number": number
        }
    return ngettext("%(number)d minute before", "%(number)d minutes before", minutes) % {
        "number": minutes
    }


def zone_name(at: datetime) -> str:
    """EDT, or UTC-03 where a zone has no letters of its own."""
    name = at.tzname() or ""
    return name if name.isalpha() else f"UTC{name}"


def _day(at: datetime) -> str:
    return date_format(at, "l, F j, Y")


def _start_hour(start: datetime, end: datetime) -> str:
    if zone_name(start) != zone_name(end):
        return f"{date_format(start, 'P')} {zone_name(start)}"
    has_word = start.hour % 12 == 0 and start.minute == 0
    same_half = start.date() == end.date() and date_format(start, "a") == date_format(end, "a")
    # In "2 to 3 p.m." the second marker speaks for both; noon and midnight are words already.
    return date_format(start, "f" if same_half and not has_word else "P")
