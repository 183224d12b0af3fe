"""What a page is made known by: addresses for use outside the site, QR codes, and what search
engines and other sites show of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import template
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from engagements import outbox
from engagements.files import qr
from engagements.files.text import clean_line
from engagements.templatetags.times import when

if TYPE_CHECKING:
    from django.template import Context
    from django.utils.safestring import SafeString

    from engagements.models import Engagement

register = template.Library()

LONGEST_DESCRIPTION: Final = 200
"""Characters; more is cut off where it is shown."""


@register.inclusion_tag("components/page_meta.html", takes_context=True)
def page_meta(
    context: Context, path: str, title: str, about: str = "", kind: str = "website"
) -> dict[str, Any]:
    """For the head of a public page: its one address, and what others show of it.

    `path` is without what only narrows the page down; `kind` a type of Open Graph.
    """
    return {
        "address": outbox.absolute(path),
        "title": clean_line(title),
        "about": Truncator(clean_line(about)).chars(LONGEST_DESCRIPTION),
        "kind": kind,
        "site": context["office"].name,
    }


@register.simple_tag
def about_engagement(engagement: Engagement) -> str:
    """In a line, for whoever shows a link to its page."""
    facts = _("%(kind)s with %(agency)s, %(when)s.") % {
        "kind": engagement.get_kind_display().capitalize(),
        "agency": engagement.agency.short_name,
        "when": when(engagement),
    }
    return f"{facts} {engagement.description}"


@register.filter
def short_address(engagement: Engagement) -> str:
    return outbox.absolute(reverse("short", args=[engagement.code]))


@register.filter
def without_scheme(address: str) -> str:
    """As people type it: "example.gov/e/k7m2q4"."""
    return address.partition("://")[2].rstrip("/")


@register.simple_tag
def qr_code(engagement: Engagement) -> SafeString:
    return qr.svg(short_address(engagement), title=qr_title(engagement))


def qr_title(engagement: Engagement) -> str:
    return _("QR code of %(address)s") % {"address": without_scheme(short_address(engagement))}


@register.simple_tag
def feed_address() -> str:
    return outbox.absolute(reverse("calendar-feed"))


@register.simple_tag
def subscription_address() -> str:
    """The same with a scheme that opens the calendar program."""
    return f"webcal://{feed_address().partition('://')[2]}"
