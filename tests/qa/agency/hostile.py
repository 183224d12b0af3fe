"""Workbooks that somebody might bring back instead of an honest one, made from an honest one."""

from __future__ import annotations

import io
import re
import struct
import zlib
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from collections.abc import Callable

Parts = dict[str, bytes]

WORKBOOK = "xl/workbook.xml"
KINDS = "[Content_Types].xml"
COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")


def parts_of(content: bytes) -> Parts:
    with ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def packed(parts: Parts) -> bytes:
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return made.getvalue()


def with_part(content: bytes, name: str, part: bytes = b"x") -> bytes:
    return packed(parts_of(content) | {name: part})


def changed(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """With one part changed, which must change."""
    parts = parts_of(content)
    after = change(parts[name])
    assert after != parts[name]
    return packed(parts | {name: after})


def sheet_of_questions(content: bytes) -> str:
    """Name of the largest sheet's part."""
    parts = parts_of(content)
    sheets = [name for name in parts if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)]
    return max(sheets, key=lambda name: len(parts[name]))


def with_row(content: bytes, row: bytes) -> bytes:
    """With another row at the end of the sheet with the questions."""
    ending = b"</sheetData>"
    return changed(
        content, sheet_of_questions(content), lambda sheet: sheet.replace(ending, row + ending)
    )


def far_row(content: bytes) -> bytes:
    """One row more than a sheet can have."""
    return with_row(
        content, b'<row r="1048577"><c r="A1048577" t="inlineStr"><is><t>x</t></is></c></row>'
    )


def far_cell(content: bytes) -> bytes:
    return with_row(
        content, b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    )


def wide_row(content: bytes) -> bytes:
    return with_row(
        content, b'<row r="9000"><c r="XFD9000" t="inlineStr"><is><t>x</t></is></c></row>'
    )


def bomb(content: bytes) -> bytes:
    """Sixty megabytes of blanks in a part that is read."""
    return changed(
        content, WORKBOOK, lambda part: part.replace(b"</sheets>", b"</sheets>" + b" " * 60_000_000)
    )


def large_bomb(content: bytes) -> bytes:
    """In a part that nobody reads."""
    return with_part(content, "xl/media/picture.png", b"\0" * 160_000_000)


def many_parts(content: bytes) -> bytes:
    return packed(parts_of(content) | {f"xl/media/{number}": b"" for number in range(1_001)})


def lying(content: bytes) -> bytes:
    """A part that is larger than the archive says."""
    made = io.BytesIO()
    parts = parts_of(content)
    large = parts.pop(WORKBOOK) + b" " * 1_000_000
    with ZipFile(made, "w", ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name, part)
        file.writestr(ZipInfo(WORKBOOK), large, ZIP_DEFLATED)
    size = struct.pack("<I", len(large))
    return made.getvalue().replace(size, struct.pack("<I", 1_000))


def twice(content: bytes) -> bytes:
    """Two parts of one name: which of them a reader takes, nobody knows."""
    made = io.BytesIO(content)
    with ZipFile(made, "a") as file:
        file.fp.seek(0, 2)  # type: ignore[union-attr]
        info = ZipInfo(WORKBOOK)
        file.NameToInfo.pop(WORKBOOK)
        file.writestr(info, b"<workbook/>")
    return made.getvalue()


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def entities(content: bytes) -> bytes:
    """The laughs that become a billion."""
    laughs = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]>'
    return changed(
        content,
        sheet_of_questions(content),
        lambda sheet: re.sub(rb"^(<\?xml[^>]*\?>)?", lambda at: at[0] + laughs, sheet, count=1),
    )


def entities_in_book(content: bytes) -> bytes:
    outside = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return changed(
        content,
        WORKBOOK,
        lambda part: re.sub(rb"^(<\?xml[^>]*\?>)?", lambda at: at[0] + outside, part, count=1),
    )


def one_part_twice(content: bytes) -> bytes:
    """Many sheets that are all one part, each of which would be laid out."""

    def again(part: bytes) -> bytes:
        sheet = re.findall(rb"<sheet [^>]*/>", part)[0]
        names = (b"Copy%d" % number for number in range(20))
        more = [re.sub(rb'name="[^"]*"', b'name="' + name + b'"', sheet) for name in names]
        return part.replace(b"</sheets>", b"".join(more) + b"</sheets>")

    return changed(content, WORKBOOK, again)


def macro_kind(content: bytes) -> bytes:
    return changed(
        content,
        KINDS,
        lambda part: part.replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        ),
    )


def encrypted_part(content: bytes) -> bytes:
    """Every part says that it needs a password."""
    raw = bytearray(content)
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(re.escape(signature), content):
            raw[found.start() + at] |= 1
    return bytes(raw)


def locked(_content: bytes) -> bytes:
    """As Excel writes a workbook with a password ([MS-OFFCRYPTO])."""
    return COMPOUND + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 500


def old_format(_content: bytes) -> bytes:
    return COMPOUND + b"\0" * 1_000


def wrong_checksum(content: bytes) -> bytes:
    """A byte of a packed part is another one."""
    at = content.index(WORKBOOK.encode()) + len(WORKBOOK) + 20
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


def other_office_file(_content: bytes) -> bytes:
    return packed({KINDS: b"<Types/>", "word/document.xml": b"<document/>"})


def nested(content: bytes) -> bytes:
    """Another workbook inside."""
    return with_part(content, "xl/embeddings/inner.xlsx", content)


REFUSED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "macros": (lambda content: with_part(content, "xl/vbaProject.bin"), "macros"),
    "macros by another name": (macro_kind, "macros"),
    "old macros": (lambda content: with_part(content, "xl/macrosheets/sheet1.xml"), "macros"),
    "controls": (lambda content: with_part(content, "xl/activeX/activeX1.bin"), "macros"),
    "links": (lambda content: with_part(content, "xl/externalLinks/externalLink1.xml"), "external"),
    "connections": (lambda content: with_part(content, "xl/connections.xml"), "external"),
    "nested": (nested, "embedded"),
    "password": (locked, "encrypted"),
    "old format": (old_format, "old_format"),
    "password of the archive": (encrypted_part, "damaged"),
    "bomb": (bomb, "bomb"),
    "bomb beside": (large_bomb, "bomb"),
    "many parts": (many_parts, "bomb"),
    "lying size": (lying, "damaged"),
    "a name twice": (twice, "damaged"),
    "cut off": (cut, "damaged"),
    "wrong checksum": (wrong_checksum, "damaged"),
    "entities": (entities, "damaged"),
    "entities of the book": (entities_in_book, "damaged"),
    "one part as many sheets": (one_part_twice, "damaged"),
    "1,048,577 rows": (far_row, "too_many_rows"),
    "the last cell": (far_cell, "too_many_rows"),
    "a wide row": (wide_row, "too_wide"),
    "another kind of file": (other_office_file, "no_workbook"),
    "a picture": (lambda _content: b"\x89PNG\r\n\x1a\n" + bytes(100), "binary"),
    "a program": (lambda _content: b"\x7fELF\x01\x02" + bytes(100), "binary"),
    "a PDF": (lambda _content: b"%PDF-1.7\n%abc\n1 0 obj\n", "no_list"),
    "a page": (lambda _content: b"<html><script>alert(1)</script>", "no_list"),
    "nothing": (lambda _content: b"", "empty"),
    "compressed text": (zlib.compress, "encoding"),
    "26 MB": (lambda content: content + bytes(26 * 1024 * 1024), "too_large"),
}
"""By name: what makes it of an honest workbook, and the code of its refusal."""
