"""The language of a question, where somebody says it."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

LANGUAGES: Final = (
    ("", _("not said")),
    ("en", _("English")),
    ("es", _("Spanish")),
    ("ar", _("Arabic")),
    ("zh", _("Chinese")),
    ("fr", _("French")),
    ("ht", _("Haitian Creole")),
    ("ko", _("Korean")),
    ("pt", _("Portuguese")),
    ("ru", _("Russian")),
    ("tl", _("Tagalog")),
    ("uk", _("Ukrainian")),
    ("vi", _("Vietnamese")),
)
"""Those of most people with limited English in the United States, by their codes (BCP 47)."""

OWN_NAMES: Final = (
    ("", _("not said")),
    ("en", "English"),
    ("es", "Español"),
    ("ar", "العربية"),
    ("zh", "中文"),
    ("fr", "Français"),
    ("ht", "Kreyòl ayisyen"),
    ("ko", "한국어"),
    ("pt", "Português"),
    ("ru", "Русский"),
    ("tl", "Tagalog"),
    ("uk", "Українська"),
    ("vi", "Tiếng Việt"),
)
"""As those call them who speak them."""
