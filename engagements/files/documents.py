"""Documents that the office hands out, known by their content and not only by their name."""

from __future__ import annotations

import codecs
import logging
import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pypdf import PdfReader

from engagements.files.text import clean_line
from engagements.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from zipfile import ZipInfo

    from django.utils.functional import _StrPromise

MOST_BYTES: Final = 25 * 1024 * 1024
MOST_NAME: Final = 120

MOST_PARTS: Final = 10_000
MOST_UNPACKED: Final = 300 * 1024 * 1024
MOST_UNPACKED_TEXT: Final = 20 * 1024 * 1024
"""Of the one part that is read here. The parts of real documents are far smaller."""

HIGHEST_RATIO: Final = 200
"""How much larger than packed a document may be. Sheets of blank rows reach about a hundred."""

_ZIP: Final = b"PK\x03\x04"
_COMPOUND: Final = bytes.fromhex("d0cf11e0a1b11ae1")
"""Begins old Office files, and also new ones that are locked with a password ([MS-OFFCRYPTO])."""

_OPEN_XML: Final = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT: Final = "application/vnd.oasis.opendocument."
_SLIDE: Final = re.compile(r"ppt/slides/slide\d+\.xml")
_MACROS: Final = re.compile(r"vbaproject|/macrosheets/", re.IGNORECASE)
_ENCRYPTED: Final = re.compile(rb"<[\w:]*encryption-data[\s/>]")

# What pypdf has to say about a file that is not quite right may repeat parts of it.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Document:
    """A file that may be handed out. `pages` counts pages or slides, None where there are none."""

    name: str
    content_type: str
    content: bytes
    pages: int | None = None


@dataclass(frozen=True)
class Sort:
    """One type of file: what people call it, what it is called on the wire, and what proves it."""

    label: str | _StrPromise
    content_type: str
    count: Callable[[bytes, Sort], int | None]
    main_part: str = ""


def read(name: str, content: bytes) -> Document:
    """What kind of document it is. Refuses in words whatever is not what its name says, is locked
    with a password, carries macros, or unpacks to more than a document has.
    """
    name = _safe_name(name)
    sort = SORTS.get(_ending(name))
    if sort is None:
        raise Refused(
            "file_type",
            _("Please choose a file of one of these types: %(types)s.") % {"types": ENDINGS},
        )
    if not content:
        raise Refused("file_empty", _("The file is empty."))
    if len(content) > MOST_BYTES:
        raise Refused("file_large", TOO_LARGE)
    return Document(name, sort.content_type, content, sort.count(content, sort))


def type_label(content_type: str) -> str:
    """As people call it: PDF."""
    return str(_LABELS.get(content_type, content_type))


def has_slides(content_type: str) -> bool:
    return content_type == SORTS["pptx"].content_type


def _pages(content: bytes, sort: Sort) -> int:
    if b"%PDF-" not in content[:1024]:
        raise _not_what_it_says(sort)
    try:
        pages = _page_count(content)
    # pypdf raises whatever a broken file makes its parts raise.
    except Exception as error:
        raise _damaged() from error
    if pages is None:
        raise _locked()
    if not pages:
        raise _damaged()
    return pages


def _page_count(content: bytes) -> int | None:
    """None for a file that is locked with a password, to open it or to change it."""
    reader = PdfReader(BytesIO(content))
    return None if reader.is_encrypted else len(reader.pages)


def _no_pages_of_office(content: bytes, sort: Sort) -> None:
    _open_xml(content, sort)


def _slides(content: bytes, sort: Sort) -> int:
    return sum(1 for name in _open_xml(content, sort) if _SLIDE.fullmatch(name))


def _open_xml(content: bytes, sort: Sort) -> list[str]:
    """The names of the parts, of a document in Office Open XML (ECMA-376)."""
    with _unpacked(content, sort) as file:
        names = file.namelist()
        types = _part(file, "[Content_Types].xml", sort).lower()
    if b"macroenabled" in types or any(_MACROS.search(name) for name in names):
        raise _macros()
    if f'"{_OPEN_XML}{sort.main_part}+xml"'.lower().encode() not in types:
        raise _not_what_it_says(sort)
    return names


def _open_document(content: bytes, sort: Sort) -> None:
    """A document in OpenDocument (ISO/IEC 26300), whose first part names its type."""
    with _unpacked(content, sort) as file:
        names = file.namelist()
        if _part(file, "mimetype", sort).strip() != sort.content_type.encode():
            raise _not_what_it_says(sort)
        manifest = _part(file, "META-INF/manifest.xml", sort)
    if _ENCRYPTED.search(manifest):
        raise _locked()
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise _macros()


def _unpacked(content: bytes, sort: Sort) -> ZipFile:
    """Nothing is unpacked yet; what it would come to is added up from its table of parts."""
    if content.startswith(_COMPOUND):
        raise Refused(
            "file_locked",
            _(
                "The file is locked with a password, or of an old type. Please save it again, "
                "without a password."
            ),
        )
    if not content.startswith(_ZIP):
        raise _not_what_it_says(sort)
    try:
        file = ZipFile(BytesIO(content))
    except (BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise _damaged() from error
    parts = file.infolist()
    if any(part.flag_bits & 0x1 for part in parts):
        raise _locked()
    if _is_bomb(parts, len(content)):
        raise Refused(
            "file_bomb", _("The file unpacks to far more than a document has. It is not taken.")
        )
    return file


def _is_bomb(parts: list[ZipInfo], packed: int) -> bool:
    unpacked = sum(part.file_size for part in parts)
    is_dense = unpacked > MOST_UNPACKED_TEXT and unpacked > HIGHEST_RATIO * packed
    return len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or is_dense


def _part(file: ZipFile, name: str, sort: Sort) -> bytes:
    try:
        with file.open(name) as part:
            # A part may be longer than the table of parts says.
            content = part.read(MOST_UNPACKED_TEXT)
    except KeyError as error:
        raise _not_what_it_says(sort) from error
    # What zlib, lzma and zipfile raise on a damaged part.
    except Exception as error:
        raise _damaged() from error
    return content


def _text(content: bytes, sort: Sort) -> None:
    is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if is_wide else "utf-8")
    except UnicodeDecodeError as error:
        raise Refused(
            "file_text", _("The file is not text that everybody can read. Please save it as UTF-8.")
        ) from error
    if "\x00" in text:
        raise _not_what_it_says(sort)


def _begins(*signatures: bytes) -> Callable[[bytes, Sort], None]:
    def check(content: bytes, sort: Sort) -> None:
        if not content.startswith(signatures):
            raise _not_what_it_says(sort)

    return check


def _not_what_it_says(sort: Sort) -> Refused:
    return Refused(
        "file_content",
        _("What is in the file is not a document of the type %(type)s.") % {"type": sort.label},
    )


def _locked() -> Refused:
    return Refused(
        "file_locked",
        _("The file is locked with a password. Please save it again, without a password."),
    )


def _macros() -> Refused:
    return Refused(
        "file_macros", _("The file carries macros. Please save it again, without macros.")
    )


def _damaged() -> Refused:
    return Refused("file_damaged", _("The file is damaged: it cannot be opened."))


def _safe_name(name: str) -> str:
    """The last part of the name as it was given, short enough, in one line."""
    path = PurePosixPath(clean_line(name.replace("\\", "/")))
    stem = path.stem.strip(". ") or "file"
    return f"{stem[:MOST_NAME]}{path.suffix[:12]}"


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lstrip(".").lower()


_WORD = Sort(
    gettext_lazy("Word document"),
    f"{_OPEN_XML}wordprocessingml.document",
    _no_pages_of_office,
    "wordprocessingml.document.main",
)
_SLIDES = Sort(
    "PowerPoint",
    f"{_OPEN_XML}presentationml.presentation",
    _slides,
    "presentationml.presentation.main",
)
_WORKBOOK = Sort(
    gettext_lazy("Excel workbook"),
    f"{_OPEN_XML}spreadsheetml.sheet",
    _no_pages_of_office,
    "spreadsheetml.sheet.main",
)
_PICTURE = Sort("JPEG", "image/jpeg", _begins(b"\xff\xd8\xff"))

SORTS: Final = {
    "pdf": Sort("PDF", "application/pdf", _pages),
    "docx": _WORD,
    "pptx": _SLIDES,
    "xlsx": _WORKBOOK,
    "odt": Sort(gettext_lazy("OpenDocument text"), f"{_OPEN_DOCUMENT}text", _open_document),
    "odp": Sort(
        gettext_lazy("OpenDocument slides"), f"{_OPEN_DOCUMENT}presentation", _open_document
    ),
    "txt": Sort(gettext_lazy("text"), "text/plain", _text),
    "csv": Sort("CSV", "text/csv", _text),
    "png": Sort("PNG", "image/png", _begins(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")),
    "jpg": _PICTURE,
    "jpeg": _PICTURE,
}
"""By the ending of the file's name."""

ENDINGS: Final = "PDF, DOCX, PPTX, XLSX, ODT, ODP, TXT, CSV, PNG, JPEG"
ACCEPT: Final = ",".join(f".{ending}" for ending in SORTS)
"""For the field that a file is chosen in."""

TOO_LARGE: Final = gettext_lazy("The file is too large: 25 MB at most.")

_LABELS: Final = {sort.content_type: sort.label for sort in SORTS.values()}
