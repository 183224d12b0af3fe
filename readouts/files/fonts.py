"""The fonts of the printable file: those of packages, never those of the machine.

Fonts of the machine would make the same readout another file somewhere else.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import typst

_PACKAGES: Final = ("manimgx_fonts", "noto_cjk_sans_otc")

# With the fonts, typst brings Libertinus Serif for Latin, Greek and Cyrillic.
FONTS: Final = typst.Fonts(
    include_system_fonts=False,
    font_paths=[str(files(package)) for package in _PACKAGES],
)

_LATIN: Final = ("Libertinus Serif", "Noto Sans")
_HAN: Final = {"ja": "JP", "ko": "KR", "zh-hant": "TC", "zh-hk": "HK"}
"""How Chinese characters are drawn, by language; in all others as in the People's Republic."""


def families(language: str) -> tuple[str, ...]:
    """In the order in which a character is looked for."""
    wanted = language.lower()
    drawn = next((place for code, place in _HAN.items() if wanted.startswith(code)), "SC")
    first = (*_LATIN, "Noto Sans Arabic", "Noto Sans Hebrew", f"Noto Sans CJK {drawn}")
    others = (name for name in FONTS.families() if name not in first and "CJK" not in name)
    return (*first, *others)
