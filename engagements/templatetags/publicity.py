"""What an engagement is made known by: addresses for use outside the site, and their QR codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements import outbox
from engagements.files import qr

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from engagements.models import Engagement

register = template.Library()


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
