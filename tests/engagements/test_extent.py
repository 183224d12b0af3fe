"""Workbooks of a kilobyte or two that the reader would lay out until the process is killed."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from engagements.files.attendance import grid
from engagements.files.tables import read_table
from engagements.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NEAR = '<row r="1"><c r="A1"><v>1</v></c></row>'
FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
SHEET = "worksheets/sheet1.xml"


def _for_invitees(content: bytes) -> object:
    return read_table(content, most_rows=10_000)


READERS = pytest.mark.parametrize("read", [_for_invitees, grid.sheets_of])


def workbook(rows: str, *, at: str = SHEET, shared: str = "", sheets: int = 1) -> bytes:
    names = "".join(
        f'<sheet name="S{number}" sheetId="{number}" r:id="rId1"/>'
        for number in range(1, sheets + 1)
    )
    texts = f'<sst xmlns="{MAIN}"><si><t>{shared}</t></si></sst>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{names}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{LINKS}/worksheet" Target="{at}"/></Relationships>',
        f"xl/{at}": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        "xl/sharedStrings.xml": texts,
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return packed.getvalue()


@READERS
@pytest.mark.parametrize(
    "content",
    [
        workbook(NEAR + FAR),
        workbook(NEAR + FAR.replace("r=", "r = ")),
        workbook(NEAR + FAR.replace("XFD", "xfd")),
        workbook(NEAR + FAR.replace("XFD", "&#88;FD")),
        workbook(NEAR + '<row r ="1048576"><c><v>1</v></c></row>'),
        workbook("<row>" + "<c><v>1</v></c>" * 16_000 + "</row>" + NEAR.replace("1", "90000")),
        workbook(NEAR + FAR, at="sheets/s.xml"),
        workbook(NEAR + FAR, at="worksheets/s.bin"),
        workbook('<row><c t="s"><v>0</v></c></row>' * 9_000, shared="a" * 1_000_000),
    ],
)
def test_what_would_take_all_memory_is_refused(
    content: bytes, read: Callable[[bytes], object]
) -> None:
    with pytest.raises(Refused) as refused:
        read(content)
    assert refused.value.code in {
        "bomb", "damaged", "too_long", "too_wide", "too_many_columns", "too_many_rows",
    }  # fmt: skip


def test_one_sheet_under_twenty_names_is_read_only_as_far_as_it_is_small() -> None:
    rows = '<row><c t="s"><v>0</v></c></row>' * 40
    assert len(grid.sheets_of(workbook(rows, shared="a" * 10, sheets=20))) == 20
    with pytest.raises(Refused) as refused:
        grid.sheets_of(workbook(rows, shared="a" * 1_000_000, sheets=20))
    assert refused.value.code == "bomb"


@READERS
def test_cells_without_a_place_and_shared_texts_are_read(read: Callable[[bytes], object]) -> None:
    content = workbook('<row><c t="s"><v>0</v></c><c><v>2</v></c></row>', shared="Ann")
    assert read(content) in ([(1, ["Ann", "2"])], [("S1", [(1, ["Ann", "2"])])])


@READERS
def test_a_document_type_in_a_sheet_is_refused(read: Callable[[bytes], object]) -> None:
    with pytest.raises(Refused):
        read(_with_sheet(workbook(NEAR), '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'))


def _with_sheet(content: bytes, prolog: str) -> bytes:
    anew = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as file, zipfile.ZipFile(anew, "w") as packed:
        for name in file.namelist():
            begins = prolog.encode() if name.endswith("sheet1.xml") else b""
            packed.writestr(name, begins + file.read(name))
    return anew.getvalue()
