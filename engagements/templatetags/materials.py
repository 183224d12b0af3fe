"""What people are told of a material before they open it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.files import documents

if TYPE_CHECKING:
    from engagements.models import Material

register = template.Library()


@register.filter
def material_note(material: Material) -> str:
    """As in "PDF, 1.4 MB, 47 pages"; of a link, whose site it leads to."""
    if material.file is None:
        return _("link to %(host)s") % {"host": urlsplit(material.url).hostname or material.url}
    parts = [documents.type_label(material.file.content_type), filesizeformat(material.file.size)]
    if material.pages:
        parts.append(_pages(material.pages, documents.has_slides(material.file.content_type)))
    return ", ".join(parts)


def _pages(number: int, has_slides: bool) -> str:
    if has_slides:
        return ngettext("%(number)d slide", "%(number)d slides", number) % {"number": number}
    return ngettext("%(number)d page", "%(number)d pages", number) % {"number": number}
