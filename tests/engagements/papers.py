"""Small documents of every type, made here, and some that only pretend to be one."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

from pypdf import PdfWriter

from engagements.files import documents

if TYPE_CHECKING:
    from collections.abc import Mapping

    Parts = Mapping[str, bytes | str]

OPEN_XML = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."

MAIN_PARTS = {
    "docx": "wordprocessingml.document.main+xml",
    "pptx": "presentationml.presentation.main+xml",
    "xlsx": "spreadsheetml.sheet.main+xml",
}


def packed(parts: Parts) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()


def pdf(pages: int = 1, password: str = "") -> bytes:
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(width=72, height=72)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def open_xml(ending: str, main: str = "", more: Parts | None = None) -> bytes:
    """An Office document with the type of its main part, and further parts by name."""
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'content-types"><Override PartName="/main.xml" ContentType="'
        f'{main or OPEN_XML + MAIN_PARTS[ending]}"/></Types>'
    )
    return packed({"[Content_Types].xml": types, "main.xml": "<x/>", **(more or {})})


def slides(number: int) -> bytes:
    parts = {f"ppt/slides/slide{one}.xml": "<p/>" for one in range(1, number + 1)}
    return open_xml("pptx", more=parts | {"ppt/slides/_rels/slide1.xml.rels": "<r/>"})


def open_document(kind: str, manifest: str = "<manifest/>", more: Parts | None = None) -> bytes:
    mimetype = f"{OPEN_DOCUMENT}{kind}"
    return packed({"mimetype": mimetype, "META-INF/manifest.xml": manifest, **(more or {})})


def bomb(megabytes: int) -> bytes:
    """A Word document that unpacks to so much and more."""
    return open_xml("docx", more={"word/document.xml": bytes(megabytes * 1024 * 1024)})


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\x00\x00")
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(20) + b"\xff\xd9"
OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512)
TEXT = documents.read("notes.txt", b"What we said.\n")
"""A document as the form hands it on."""
