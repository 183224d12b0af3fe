"""Every file of a version, from the one document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from readouts.files.facts_json import facts_json
from readouts.files.markdown import markdown
from readouts.files.plain import plain
from readouts.files.printable import printable
from readouts.files.word import word_document
from readouts.wording import HOUSE, House, filled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from readouts.document import Document, Letterhead


def write_all(
    document: Document,
    *,
    notice: str,
    version: int,
    published_on: date,
    letterhead: Letterhead | None = None,
    provenance: Iterable[Mapping[str, Any]] = (),
    house: House = HOUSE,
) -> dict[str, bytes]:
    """By format, "pdf", "docx", "md", "txt", "json": the same bytes for the same document.

    Reads no file and opens no connection. Raises Unprintable.
    """
    options: dict[str, Any] = {
        "published_on": published_on,
        "notice": notice,
        "version": version,
        "letterhead": letterhead,
        "house": house,
    }
    line = filled(house.version, version=version, date=house.dated(published_on))
    facts = facts_json(
        document, version=version, published_on=published_on, notice=notice, provenance=provenance
    )
    return {
        "pdf": printable(document, **options),
        "docx": word_document(document, **options),
        "md": markdown(document, notice=notice, version=line).encode(),
        "txt": (plain(document, notice=notice, version=line) + "\n").encode(),
        "json": facts.encode(),
    }
