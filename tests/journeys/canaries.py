"""Words that stand for one person's data, and how they are looked for in whatever leaves the house.

A needle is one word of letters, so most escapes leave it alone; the others are tried one by one.
"""

from __future__ import annotations

import base64
import gzip
import io
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pypdf import PdfReader

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 4


@dataclass
class Haul:
    """What was collected, by the place where somebody reads it."""

    found: dict[str, list[tuple[str, bytes]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, place: str, what: str, content: bytes | str) -> None:
        raw = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
        self.found[place].append((what, raw))

    def hits(self, place: str, needle: str) -> list[str]:
        """Names of what holds the needle in this place, in whatever form."""
        assert self.found[place], f"nothing was collected from {place}"
        forms = encoded(needle)
        return [
            what
            for what, raw in self.found[place]
            if any(form in part for part in opened(raw) for form in forms)
        ]


def encoded(needle: str) -> set[bytes]:
    """Every form in which a needle may lie in lower-cased bytes."""
    raw = needle.encode()
    written = {
        needle,
        "".join(f"&#{ord(letter)};" for letter in needle),
        "".join(f"&#x{ord(letter):x};" for letter in needle),
        "".join(f"\\u{ord(letter):04x}" for letter in needle),
        "".join(f"%{ord(letter):02x}" for letter in needle),
        "".join(f"={ord(letter):02x}" for letter in needle),
        needle[::-1],
        raw.hex(),
    }
    forms = {one.lower().encode() for one in written}
    forms |= {needle.lower().encode(code) for code in ("utf-16-le", "utf-16-be")}
    return forms | {core.lower() for core in based(raw)}


def based(raw: bytes) -> Iterator[bytes]:
    """The part of its base64 that does not hang on what stands before and after it."""
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + raw + b"\0" * 3)
        first = -(-shift * 8 // 6)
        last = (shift + len(raw)) * 8 // 6
        yield whole[first:last]


def opened(raw: bytes, depth: int = 0) -> Iterator[bytes]:
    """The bytes in lower case, and what they pack: archives with their names, the text of a PDF."""
    yield raw.lower()
    if depth >= DEEPEST:
        return
    if raw.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for name in archive.namelist():
                yield name.lower().encode()
                yield from opened(archive.read(name), depth + 1)
    elif raw.startswith(b"\x1f\x8b"):
        yield from opened(gzip.decompress(raw), depth + 1)
    elif raw.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(raw))
        yield "\n".join(page.extract_text() for page in reader.pages).lower().encode()
        yield repr(reader.metadata).lower().encode()
        if reader.xmp_metadata is not None:
            yield reader.xmp_metadata.stream.get_data().lower()
        for attached in reader.attachment_list:
            yield from opened(attached.content, depth + 1)
