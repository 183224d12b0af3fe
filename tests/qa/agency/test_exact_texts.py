"""Whatever is asked, each file of a list says exactly that. trust.md, Files."""

from __future__ import annotations

import csv
import json
import subprocess
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from engagements.files.visible import guarded, restored, unguarded, visible
from qa.files.agency import columns
from qa.files.agency.outputs import write_all
from tests import machine
from tests.qa.agency.frozen import FACTS, ROWS, of_texts, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

SPREADSHEET_FORMULAS = [
    "=1+1", '=HYPERLINK("http://example.org","click")', "+1", "-1", "@SUM(A1)", "\t=1", "\n=1",
    "\uff1d1+1", "\ufeff=1", "'=1", "''", "=cmd|' /C calc'!A0", "DDE(\"cmd\";\"/C calc\")",
]  # fmt: skip
LOOKS_LIKE_SOMETHING_ELSE = [
    "#N/A", "#REF!", "007", "1E5", "1-2", "1,000", "TRUE", "2021-04-14", "_x0041_",
    "_x005F_x0041_", "_x000D_x000A_ and __x0041__", "12:30", "50%", "$5", "1/2", "NaN", "None",
]  # fmt: skip
HARD_TO_WRITE = [
    "nul \x00 bell \x07 escape \x1b[31m", "not \ufffe \uffff", "half \ud83d of a pair",
    "⟦U+0007⟧ as typed", "<v>1</v> & ]]> &#65; \u00a0", "  leading and trailing  ",
    'quotes " and "" and, commas; tabs\there', "two\nlines\n\nand more",
    "مرحبا שלום 👩\u200d👩\u200d👧 ❤️", "a\u0301\u0302 e\u0308", "x" * 40_000, "😀" * 30_000,
    "⟦U+0041⟧" * 5_000, "\x07" * 5_000,
]  # fmt: skip
LINE_ENDS = ["one\r\ntwo\rthree", "\r=1"]
TEXTS = [*SPREADSHEET_FORMULAS, *LOOKS_LIKE_SOMETHING_ELSE, *HARD_TO_WRITE, *LINE_ENDS]


def file_of(format_: str) -> bytes:
    return written(format_, *of_texts(TEXTS))


def joined(rows: Iterable[Sequence[object]]) -> list[str]:
    """The texts by their numbers, those in several rows put together."""
    found: dict[int, str] = {}
    for number, text, *_rest in rows:
        key = int(str(number).removesuffix(".0"))
        found[key] = found.get(key, "") + restored(str(text))
    return [found[number] for number in sorted(found)]


def with_plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def test_in_the_workbook_every_text_is_a_text_cell_and_exactly_that_text() -> None:
    data = file_of("xlsx")
    cells = [row[:2] for row in load_workbook(BytesIO(data))["Questions"].iter_rows(min_row=2)]
    assert joined([(number.value, text.value) for number, text in cells]) == TEXTS
    assert {text.data_type for _number, text in cells} == {"s"}
    assert all(text.quotePrefix for _number, text in cells)


def test_calamine_reads_exactly_what_was_asked() -> None:
    sheet = CalamineWorkbook.from_filelike(BytesIO(file_of("xlsx"))).get_sheet_by_name("Questions")
    assert joined(sheet.to_python()[1:]) == TEXTS


@pytest.mark.skipif(machine.lacks_calc(), reason="LibreOffice is not installed")
@pytest.mark.timeout(300)
def test_libreoffice_reads_exactly_what_was_asked(tmp_path: Path) -> None:
    (tmp_path / "list.xlsx").write_bytes(file_of("xlsx"))
    second_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2"
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
         "--convert-to", second_sheet, "--outdir", tmp_path, tmp_path / "list.xlsx"],
        check=True, capture_output=True, timeout=280,
    )  # fmt: skip
    (converted,) = tmp_path.glob("*.csv")
    with converted.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))[1:]
    # It makes all line ends within a cell the same.
    assert list(map(with_plain_ends, joined(rows))) == list(map(with_plain_ends, TEXTS))


def test_in_the_csv_nothing_is_a_formula_and_every_text_can_be_had_back() -> None:
    data = file_of("csv")
    assert data.startswith(b"\xef\xbb\xbf")
    fields = list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))
    first = [row[1] for row in fields[1:]]
    assert [restored(unguarded(text)) for text in first] == TEXTS
    assert [text[0] for text in first[: len(SPREADSHEET_FORMULAS) - 2]] == ["'"] * 11
    assert not any(text[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"} for text in first)


def test_the_csv_keeps_to_the_letter_of_its_form() -> None:
    facts, rows = of_texts(['say "hi", please', "two\nlines"])
    lines = written("csv", facts, rows).decode("utf-8-sig").split("\r\n")
    assert len(lines) == 4
    assert lines[-1] == ""
    mark = columns.list_mark(1, json.loads(written("json", facts, rows))["digest"])
    assert lines[1] == (
        '"1","say ""hi"", please","2021-04-14 18:05","","","0","1","Open","","",'
        f'{",".join([chr(34) * 2] * 8)},"{mark}"'
    )


def test_the_json_has_every_text_as_it_is() -> None:
    questions = json.loads(file_of("json"))["questions"]
    assert [question["text"] for question in questions] == TEXTS


def test_all_formats_have_the_same_numbers_and_the_same_mark() -> None:
    read: dict[str, Any] = json.loads(written("json"))
    table = list(csv.reader(StringIO(written("csv").decode("utf-8-sig"), newline="")))
    sheet = load_workbook(BytesIO(written()))["Questions"]
    cells = list(sheet.iter_rows(values_only=True))
    assert table[0][:-1] == list(cells[0])
    assert {row[-1] for row in table[1:]} == {read["mark"]}
    for column in (0, 8, 9):
        counted = [row[column] for row in cells[1:]]
        assert [int(row[column] or 0) for row in table[1:]] == [int(str(n or 0)) for n in counted]
    assert [question["number"] for question in read["questions"]] == [1, 2, 3, 4, 5, 6]
    assert [question.get("votes", 0) for question in read["questions"]] == [3, 0, 0, 0, 12, 0]
    assert read["counts"] == {
        "by_status": {
            "answered_live": 1, "open": 1, "waiting": 1, "dismissed": 1, "merged": 1,
        },
        "by_label": {"Case status": 1, "Online tools": 1, "No label": 3},
        "by_category": {"Employer": 1, "Government employee": 1, "Not told": 3},
    }  # fmt: skip
    assert (read["list"]["received"], read["list"]["questions"]) == (6, 5)
    assert read["questions"][2] == {"number": 3, "is_withdrawn": True}


def test_texts_everywhere_in_the_list_are_as_safe_as_the_questions() -> None:
    """Label, reason, cover note, names: each may be typed by somebody who means harm."""
    for text in ("=1+1", "#N/A", "bell \x07", "\ud83d", "<img onerror=x>", "{{7*7}}"):
        facts, rows = of_texts([text])
        facts = type(facts)(
            **{
                **{name: getattr(facts, name) for name in facts.__slots__},
                "engagement_title": text, "office": text, "agency_short": text, "cover_note": text,
                "department": text,
            }
        )  # fmt: skip
        rows = [
            type(rows[0])(
                number=1, text=text, status="open", label=text, category=text, reason=text,
                language=text,
            )
        ]  # fmt: skip
        files = {file.format: file.content for file in write_all(facts, rows, slug=text)}
        book = load_workbook(BytesIO(files["xlsx"]))
        kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
        assert kinds <= {"s", "n", "d"}
        assert book["Questions"]["D2"].value == visible(text)
        row = list(csv.reader(StringIO(files["csv"].decode("utf-8-sig"), newline="")))[1]
        assert (row[3], row[8]) == (guarded(visible(text)), guarded(visible(text)))


def test_a_list_has_no_place_for_who_asked() -> None:
    names = set(FACTS.__slots__) | set(ROWS[0].__slots__)
    for word in ("name", "asker", "mail", "person", "organization", "phone", "address"):
        assert not any(word in name for name in names)


def test_the_paper_for_agencies_names_all_that_a_list_holds() -> None:
    paper = (settings.BASE_DIR / "docs" / "agency-list.md").read_text()
    read: dict[str, Any] = json.loads(written("json"))
    keys = [*read, *read["list"], *read["counts"], *read["questions"][0], *read["changes"][0]]
    assert [key for key in keys if f"`{key}`" not in paper] == []
    assert [str(name) for name in columns.HEADINGS.values() if f"**{name}**" not in paper] == []
