"""A readout as an accessible file to print and to keep: PDF/UA-1, the same bytes each time."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import typst

from readouts.blocks import paper
from readouts.document import Letterhead
from readouts.files.fonts import FONTS, families
from readouts.files.parts import contact_lines, directed, part
from readouts.wording import HOUSE, House, filled

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from readouts.blocks import Chart, Paper
    from readouts.document import Document

_TEMPLATE: Final = Path(__file__).with_name("readout.typ").read_bytes()
_CHART: Final = Path(__file__).with_name("chart.typ").read_bytes()

_NOT_SHOWN: Final = re.compile(
    r'^error: PDF/UA-1 error: the text `"(.+?)"` could not', re.MULTILINE
)
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]+)\}")

CHART_DOTS_PER_INCH: Final = 200


class Unprintable(ValueError):
    """No font of the printable file has these characters. Nothing was written."""

    def __init__(self, characters: tuple[str, ...]) -> None:
        self.characters = characters
        super().__init__(
            f"These characters cannot be printed: {', '.join(map(_named, characters))}"
        )


def printable(
    document: Document,
    *,
    published_on: date,
    notice: str | None = None,
    version: int = 1,
    letterhead: Letterhead | None = None,
    house: House = HOUSE,
) -> bytes:
    """The document on letter paper, with the notice, if any, below its title.

    Reads no file and opens no connection, whatever the text says. Raises Unprintable, naming the
    characters, where a reader would see an empty box.
    """
    return printed(
        paper(document, notice=notice or ""),
        head=letterhead or Letterhead.of(document.facts),
        line=filled(house.version, version=version, date=house.dated(published_on)),
        page=house.page,
        published_on=published_on,
    )


def printed(shown: Paper, *, head: Letterhead, line: str, page: str, published_on: date) -> bytes:
    """See `printable`. `line` stands below the title and at the foot, `page` counts there."""
    inputs = {
        "language": shown.language,
        "fonts": families(shown.language),
        "office": _office(head),
        "label": shown.label,
        "title": directed(shown.title),
        "opening": shown.about,
        "version": line,
        "year": published_on.year,
        "month": published_on.month,
        "day": published_on.day,
        "page": page,
        "parts": [part(block) for block in shown.parts],
    }
    try:
        return _compiled(
            _TEMPLATE,
            inputs,
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=datetime.combine(published_on, time(), UTC),
        )
    except typst.TypstError as error:
        characters = _not_shown(error.diagnostic)
        if not characters:
            raise
        raise Unprintable(characters) from error


def chart_picture(chart: Chart, language: str) -> bytes:
    """The bars of the chart as a PNG."""
    bars = [{"words": bar.words, "people": bar.people, "share": bar.share} for bar in chart.bars]
    inputs = {"language": language, "fonts": families(language), "bars": bars}
    return _compiled(_CHART, inputs, format="png", ppi=CHART_DOTS_PER_INCH)


def _compiled(template: bytes, inputs: Mapping[str, object], **options: Any) -> bytes:
    """In an empty directory of its own, so that nothing can be read or imported."""
    with TemporaryDirectory() as empty:
        compiler = typst.Compiler(
            template,
            root=empty,
            font_paths=FONTS,
            sys_inputs={"document": json.dumps(inputs)},
            package_path=empty,
            package_cache_path=empty,
        )
        made = compiler.compile(**options)
    assert isinstance(made, bytes)
    return made


def _office(head: Letterhead) -> dict[str, object]:
    return {
        "department": head.department,
        "name": head.name,
        "short_name": head.short_name,
        "lines": [{"words": words, "address": address} for words, address in contact_lines(head)],
        "seal": list(head.seal),
        "seal_text": head.seal_text,
    }


def _not_shown(diagnostic: str) -> tuple[str, ...]:
    """The characters that the compiler complains of; its lines never quote what was typed."""
    texts = _NOT_SHOWN.findall(diagnostic)
    found = dict.fromkeys("".join(_ESCAPED.sub(lambda m: chr(int(m[1], 16)), t) for t in texts))
    # A joiner fails with the emoji around it and is nobody's to look for, unless it is alone.
    seen = [character for character in found if unicodedata.category(character) != "Cf"]
    return tuple(seen or found)


def _named(character: str) -> str:
    shown = f"{character} " if character.isprintable() else ""
    name = unicodedata.name(character, "")
    return f"{shown}(U+{ord(character):04X}{' ' if name else ''}{name})"
