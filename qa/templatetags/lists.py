"""Words for what stands on a list for an agency."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from qa.files.agency import statuses
from qa.models import Translation

register = template.Library()


@register.filter
def status_word(key: str) -> str:
    """What became of a question, as the list's first sheet explains it."""
    return statuses.label(key) if key in statuses.STATUSES else key


@register.filter
def translated_by(kind: str) -> str:
    if kind == Translation.Kind.MACHINE:
        return _("Translated by a machine:")
    return _("Translated by a person:")
