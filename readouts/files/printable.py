"""A readout as an accessible file to print and to keep: PDF/UA-1, the same bytes each time."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import typst

from readouts.files.markup import to_typst
from readouts.wording import HOUSE, House, filled

if TYPE_CHECKING:
    from datetime import date

    from readouts.document import Document

_TEMPLATE: Final = Path(__file__).with_name("readout.typ").read_bytes()

# Fonts of the machine would make the same readout another file somewhere else.
_FONTS: Final = typst.Fonts(include_system_fonts=False)

_NOT_SHOWN: Final = re.compile(
    r'^error: PDF/UA-1 error: the text `"(.+?)"` could not', re.MULTILINE
)
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]+)\}")


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
    house: House = HOUSE,
) -> bytes:
    """The document on letter paper, with the notice, if any, below its title.

    Reads no file and opens no connection, whatever the text says. Raises Unprintable, naming the
    characters, where a reader would see an empty box.
    """
    inputs = {"document": json.dumps(_inputs(document, published_on, notice, version, house))}
    with TemporaryDirectory() as empty:
        compiler = typst.Compiler(
            _TEMPLATE,
            root=empty,
            font_paths=_FONTS,
            sys_inputs=inputs,
            package_path=empty,
            package_cache_path=empty,
        )
        try:
            pdf = compiler.compile(
                format="pdf",
                pdf_standards=["ua-1"],
                timestamp=datetime.combine(published_on, time(), UTC),
            )
        except typst.TypstError as error:
            characters = _not_shown(error.diagnostic)
            if not characters:
                raise
            raise Unprintable(characters) from error
    assert isinstance(pdf, bytes)
    return pdf


def _inputs(
    document: Document, published_on: date, notice: str | None, version: int, house: House
) -> dict[str, object]:
    office = document.facts.office
    return {
        "language": document.language,
        "department": office.department,
        "office": office.name,
        "short_office": office.short_name,
        "label": document.label,
        "title": document.title,
        "version": filled(house.version, version=version, date=house.dated(published_on)),
        "year": published_on.year,
        "month": published_on.month,
        "day": published_on.day,
        "page": house.page,
        "notice": notice or "",
        "opening": document.opening,
        "summary": to_typst(document.summary),
        "attendance": to_typst(document.attendance),
        "samples": [
            {"heading": group.heading, "questions": group.questions} for group in document.samples
        ],
        "closing": to_typst(document.closing),
        "speakers_heading": house.speakers,
        "speakers": document.speakers,
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
