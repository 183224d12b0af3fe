"""The HTML part of a mail: one page with its style on every element, and nothing from elsewhere."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from css_inline import CSSInliner
from django.conf import settings

STYLE: Final = settings.BASE_DIR / "templates" / "mail" / "style.css"

_END_OF_HEAD: Final = re.compile(r"</head>", re.IGNORECASE)


def styled(html: str) -> str:
    """The page with the rules of `STYLE` on its elements; rules for dark screens stay in its head.

    Mail programs drop style sheets, but not the style of an element.
    """
    sheet, inliner = _tools()
    return inliner.inline(_END_OF_HEAD.sub(lambda end: sheet + end[0], html, count=1))


@cache
def _tools() -> tuple[str, CSSInliner]:
    inliner = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False, minify_css=True)
    return f"<style>{STYLE.read_text()}</style>", inliner
