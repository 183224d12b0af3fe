"""Names of files and of sheets that every system and program takes."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from engagements.files.text import clean_line
from engagements.files.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST_FILE_NAME: Final = 120
_DEVICE: Final = re.compile("con|prn|aux|nul|com[0-9]|lpt[0-9]", re.IGNORECASE)


def safe_file_name(text: str, suffix: str) -> str:
    """A name that every system takes: letters, digits and hyphens of the text, then the suffix."""
    letters = (char if unicodedata.category(char)[0] in "LNM" else "-" for char in clean_line(text))
    name = re.sub("-+", "-", "".join(letters)).strip("-")
    name = name.encode()[:_LONGEST_FILE_NAME].decode(errors="ignore").strip("-")
    if not name or _DEVICE.fullmatch(name):
        name = f"file-{name}".strip("-")
    return name + suffix


def sheet_names(titles: Sequence[str]) -> list[str]:
    """Names that every spreadsheet program takes: 31 UTF-16 units, each once in any case."""
    names: list[str] = []
    taken = {"", "history"}
    for title in titles:
        base = re.sub(r"[\\/?*\[\]:]", " ", visible(clean_line(title)))
        base = " ".join(base.split()).strip(" '") or _("Sheet")
        for ending in ("", *(f" ({number})" for number in range(2, len(titles) + 3))):
            name = _cut(base, 31 - len(ending)) + ending
            if name.casefold() not in taken:
                break
        names.append(name)
        taken.add(name.casefold())
    return names


def _cut(text: str, units: int) -> str:
    cut = text.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore")
    return cut.rstrip(" '")
