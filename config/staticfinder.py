"""Finds the part of the U.S. Web Design System that our pages use, under `uswds/`.

The package holds 87 MB; a page needs the style sheet, what the style sheet names, two scripts and
a few pictures: some sixty files. They come from node_modules as `npm ci` left them.
"""

from __future__ import annotations

import re
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from django.contrib.staticfiles.finders import BaseFinder
from django.core import checks
from django.core.files.storage import FileSystemStorage

from config.env import BASE_DIR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

PREFIX: Final = "uswds"
LICENSE: Final = "LICENSE.md"
STYLE_SHEET: Final = "css/uswds.min.css"
NAMED_BY_PAGES: Final = (
    STYLE_SHEET,
    "js/uswds-init.min.js",
    "js/uswds.min.js",
    "img/icon-dot-gov.svg",
    "img/icon-https.svg",
    "img/sprite.svg",
    "img/us_flag_small.png",
)
NAMED_BY_STYLE_SHEET: Final = re.compile(r"""url\(["']?\.\./([^"'?#)]+)""")
MISSING: Final = "The design system is not installed: {} is missing. Run `make setup`."


class DesignSystemFinder(BaseFinder):
    def __init__(self, package: Path | None = None) -> None:
        self.package = package or BASE_DIR / "node_modules" / "@uswds" / "uswds"

    @cached_property
    def sources(self) -> dict[str, FileSystemStorage]:
        """Name under the prefix -> where the file is; empty while the package is not installed."""
        style_sheet = self.package / "dist" / STYLE_SHEET
        if not style_sheet.is_file():
            return {}
        named = NAMED_BY_STYLE_SHEET.findall(style_sheet.read_text("utf-8"))
        files = dict.fromkeys((*NAMED_BY_PAGES, *named), _storage(self.package / "dist"))
        return files | {LICENSE: _storage(self.package)}

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        missing = [name for name in NAMED_BY_PAGES if not (self.package / "dist" / name).is_file()]
        if not missing:
            return []
        sentence = MISSING.format(self.package / "dist" / missing[0])
        return [checks.Error(sentence, id="openfloor.E001")]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        name = path.removeprefix(f"{PREFIX}/")
        if name == path or name not in self.sources:
            return []
        found = self.sources[name].path(name)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        yield from sorted(self.sources.items(), key=itemgetter(0))


def _storage(directory: Path) -> FileSystemStorage:
    storage = FileSystemStorage(location=directory)
    storage.prefix = PREFIX  # type: ignore[attr-defined]  # where collectstatic puts the files
    return storage
