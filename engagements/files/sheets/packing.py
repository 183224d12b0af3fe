"""The parts of a workbook as one file, the same bytes for the same parts."""

from __future__ import annotations

from io import BytesIO
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.functions import fromstring, tostring

from engagements.files.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from openpyxl import Workbook

_DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"


def packed(book: Workbook, moment: datetime, *, chart_texts: Sequence[str]) -> bytes:
    """The file, with the moment in every entry, where openpyxl would put the time of writing.

    `chart_texts` are what the charts show in words, in the order of the sheets.
    """
    texts = iter(chart_texts)
    result = BytesIO()
    # On disk, piece by piece: unpacked, a long list is many times as large as its file.
    with TemporaryFile() as loose:
        ExcelWriter(book, ZipFile(loose, "w")).save()
        with ZipFile(loose) as entries, ZipFile(result, "w", ZIP_DEFLATED) as file:
            for name in entries.namelist():
                entry = ZipInfo(name, moment.timetuple()[:6])
                entry.compress_type = ZIP_DEFLATED
                with entries.open(name) as source, file.open(entry, "w") as target:
                    if name.startswith("xl/drawings/drawing"):
                        target.write(_with_texts(source.read(), texts))
                    else:
                        copyfileobj(source, target)
    return result.getvalue()


def _with_texts(drawing: bytes, texts: Iterator[str]) -> bytes:
    """The drawing with an alternative text for each chart, which openpyxl has no place for."""
    tree = fromstring(drawing)
    for frame in tree.iter(f"{_DRAWING}graphicFrame"):
        named = frame.find(f"{_DRAWING}nvGraphicFramePr/{_DRAWING}cNvPr")
        if named is not None:
            named.set("descr", visible(next(texts)))
    written: bytes = tostring(tree)  # type: ignore[assignment]
    return written
