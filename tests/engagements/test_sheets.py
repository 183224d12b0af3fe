from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from engagements.files.sheets import (
    LONGEST_TEXT,
    Column,
    Cover,
    Muted,
    Section,
    Sheet,
    Summary,
    Tally,
    TextTooLong,
    safe_file_name,
    write_workbook,
)
from engagements.files.visible import restored

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from engagements.files.sheets import Value

AT = datetime(2021, 4, 16, 14, 5, tzinfo=UTC)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://example.org","click")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\uff1d1+1",
    "\ufeff=1",
    "'=1",
    "#N/A",
    "#REF!",
    "007",
    "1E5",
    "1-2",
    "1,000",
    "TRUE",
    "2021-04-14",
    "_x0041_",
    "_x005F_x0041_",
    "_x000D_x000A_ and __x0041__",
    "one\r\ntwo\nthree\rfour",
    "  leading and trailing  ",
    " ",
    "<v>1</v> & ]]> &#65; \u00a0",
    "مرحبا שלום 👩\u200d👩\u200d👧 ❤️",
    "x" * LONGEST_TEXT,
]


def table(rows: Sequence[Sequence[Value]], *, title: str = "Rows") -> Sheet:
    columns = [Column(f"Column {number}", 20) for number, _ in enumerate(rows[0], start=1)]
    return Sheet(title, columns, rows)


def written(
    *sheets: Sheet | Cover | Summary, title: str = "A list", creator: str = "CIS Ombudsman"
) -> bytes:
    return write_workbook(sheets, title=title, creator=creator, at=AT)


def opened(data: bytes) -> Worksheet:
    sheet: Worksheet = load_workbook(BytesIO(data)).worksheets[0]
    return sheet


def values(data: bytes) -> list[list[object]]:
    return [[cell.value for cell in row] for row in opened(data).iter_rows(min_row=2)]


def part(data: bytes, name: str = "xl/worksheets/sheet1.xml") -> ET.Element:
    with ZipFile(BytesIO(data)) as file:
        return ET.fromstring(file.read(name))


def raw_texts(data: bytes) -> list[str]:
    """The text of each cell below the header, as any XML reader has it."""
    rows = part(data).iter(f"{MAIN}row")
    next(rows)
    return [
        "".join(piece.text or "" for piece in cell.iter(f"{MAIN}t")) for row in rows for cell in row
    ]


def test_hostile_text_stays_the_text_it_is() -> None:
    data = written(table([[text] for text in HOSTILE]))
    assert values(data) == [[text] for text in HOSTILE]
    assert raw_texts(data) == HOSTILE


def test_every_text_is_a_text_cell_that_stays_text_when_edited() -> None:
    data = written(table([[text] for text in HOSTILE]))
    cells = list(part(data).iter(f"{MAIN}c"))
    assert {cell.get("t") for cell in cells} == {"inlineStr"}
    assert list(part(data).iter(f"{MAIN}f")) == []
    assert all(cell.quotePrefix for (cell,) in opened(data).iter_rows())


def test_no_piece_of_text_reads_as_an_escape() -> None:
    data = written(table([["_x0041_"], ["_x0041_x0042_"], ["a_x000d_b"]]))
    pieces = [piece.text for piece in part(data).iter(f"{MAIN}t")]
    assert pieces == [
        "Column 1", "_", "x0041_", "_", "x0041_", "x0042_", "a_", "x000d_b",
    ]  # fmt: skip
    assert values(data) == [["_x0041_"], ["_x0041_x0042_"], ["a_x000d_b"]]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.text(
            st.one_of(
                st.characters(),
                st.sampled_from("=+-@#_x0041_'\t\r\n\"⟦U+⟧"),
            ),
            min_size=1,
        ),
        min_size=1,
        max_size=20,
    )
)
def test_any_text_comes_back_as_it_went_in(texts: list[str]) -> None:
    data = written(table([[text] for text in texts]))
    assert [[restored(str(value)) for value in row] for row in values(data)] == [
        [text] for text in texts
    ]
    assert [restored(text) for text in raw_texts(data)] == texts


def test_what_no_file_can_hold_is_made_visible_and_harms_nothing() -> None:
    data = written(table([["nul \x00, bell \x07, half \ud83d, not \ufffe \uffff"], ["next"]]))
    assert values(data) == [
        ["nul ⟦U+0000⟧, bell ⟦U+0007⟧, half ⟦U+D83D⟧, not ⟦U+FFFE⟧ ⟦U+FFFF⟧"],
        ["next"],
    ]


@pytest.mark.parametrize(
    "text",
    ["x" * (LONGEST_TEXT + 1), "😀" * (LONGEST_TEXT // 2 + 1), "\x07" * (LONGEST_TEXT // 8 + 1)],
)
def test_a_text_too_long_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(TextTooLong) as refusal:
        written(table([["fine", "fine"], ["fine", text]], title="Questions"))
    assert (refusal.value.sheet, refusal.value.place) == ("Questions", "B3")
    assert "32,767" in str(refusal.value)


def test_numbers_dates_and_empty_cells_keep_their_kind() -> None:
    moment = datetime(2021, 4, 14, 14, 30)  # noqa: DTZ001 -- a cell holds no zone
    data = written(table([[12, date(2021, 4, 14), moment, None, "", 10**20]]))
    read = values(data)
    assert read == [[12, datetime(2021, 4, 14), moment, None, None, str(10**20)]]  # noqa: DTZ001


def test_a_moment_with_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        written(table([[AT]]))


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        written(Sheet("Rows", [Column("A", 5), Column("B", 5)], [["one"]]))


def test_the_same_input_gives_the_same_bytes() -> None:
    cover = Cover("About", "A list", [Section("Figures", [("Joined", 828), ("Office", "CIS")])])
    first = written(cover, table([["=1", 2]]))
    assert written(cover, table([["=1", 2]])) == first
    with ZipFile(BytesIO(first)) as file:
        assert {entry.date_time for entry in file.infolist()} == {(2021, 4, 16, 14, 5, 0)}


def test_the_file_names_the_office_and_nobody_else() -> None:
    book = load_workbook(BytesIO(written(table([["a"]]), title="Questions for USCIS")))
    properties = book.properties
    moment = AT.replace(tzinfo=None)
    assert (properties.creator, properties.lastModifiedBy) == ("CIS Ombudsman", "CIS Ombudsman")
    assert properties.title == "Questions for USCIS"
    assert (properties.created, properties.modified) == (moment, moment)
    with ZipFile(BytesIO(written(table([["a"]])))) as file:
        assert not any(b"openpyxl" in file.read(name) for name in file.namelist())


def test_a_table_is_ready_to_read_and_to_print() -> None:
    sheet = opened(written(table([["a", "b"], ["c", "d"]]), title="Q&A &[Page] 1"))
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"
    assert sheet.print_title_rows == "$1:$1"
    assert [sheet.column_dimensions[name].width for name in "AB"] == [20, 20]
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    footer = part(written(table([["a"]]), title="Q&A &[Page] 1")).find(f".//{MAIN}oddFooter")
    assert footer is not None
    assert footer.text == "&LQ&&A && [Page] 1&RPage &P of &N"


def test_rows_begin_high_enough_and_can_grow() -> None:
    data = written(table([["short"], ["many words " * 20]]))
    rows = list(part(data).iter(f"{MAIN}row"))
    heights = [float(row.get("ht", "0")) for row in rows]
    assert heights[1] < heights[2]
    assert [row.get("customHeight") for row in rows] == [None, None, None]


def test_a_locked_sheet_leaves_the_columns_to_fill_in_open() -> None:
    columns = [Column("Question", 20), Column("Answer", 20, to_fill_in=True)]
    rows: list[Sequence[Value]] = [("When?", None), Muted(("gone", None))]
    sheet = opened(written(Sheet("Questions", columns, rows, locked=True)))
    assert sheet.protection.sheet
    assert not sheet.protection.autoFilter
    assert sheet.protection.password is None
    locked = [[cell.protection.locked for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert locked == [[True, False], [True, True]]
    assert sheet["B2"].number_format == "@"


def test_sheet_names_are_safe_and_different() -> None:
    titles = ["a/b[c]:*?", "", "History", "x" * 300, "x" * 300, "A B C", "'quoted'", "\\", "a\x00b"]
    book = load_workbook(BytesIO(written(*(table([["a"]], title=title) for title in titles))))
    assert book.sheetnames == [
        "a b c", "Sheet", "History (2)", "x" * 31, "x" * 27 + " (2)", "A B C (2)", "quoted",
        "Sheet (2)", "ab",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("contact-center questions 1", "contact-center-questions-1.xlsx"),
        ("a/b[c]:*?", "a-b-c.xlsx"),
        ("../../etc/passwd", "etc-passwd.xlsx"),
        ("", "file.xlsx"),
        ("...", "file.xlsx"),
        ("CON", "file-CON.xlsx"),
        ("Sesión en español\r\nX-Header: 1", "Sesión-en-español-X-Header-1.xlsx"),
        ("x" * 300, "x" * 120 + ".xlsx"),
        ("é" * 300, "é" * 60 + ".xlsx"),
    ],
)
def test_file_names_are_safe_everywhere(text: str, name: str) -> None:
    assert safe_file_name(text, ".xlsx") == name


def test_nothing_of_a_heading_is_cut() -> None:
    column = Column("Language of the person who asked", 12, wrap=False)
    heading = "A very long title of an engagement " * 4
    data = written(Sheet("Rows", [column], [["en"]]), Cover("About", heading, []))
    book = load_workbook(BytesIO(data))
    assert book.worksheets[0].row_dimensions[1].height > 45
    lines = [str(cell.value) for cell in book.worksheets[1]["A"] if cell.value]
    assert " ".join(lines) == heading.strip()
    assert max(map(len, lines)) <= 60


class Rows:
    """Many rows that are never there all at once."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.begun = 0

    def __iter__(self) -> Iterator[Sequence[Value]]:
        self.begun += 1
        return ((number, f"row {number}") for number in range(self.number))


def test_rows_are_gone_through_to_check_and_to_write() -> None:
    rows = Rows(300)
    columns = [Column("No.", 6), Column("Text", 20)]
    data = written(Sheet("Rows", columns, rows))
    assert values(data) == [[number, f"row {number}"] for number in range(300)]
    assert rows.begun == 2


def test_rows_that_can_be_gone_through_only_once_are_written_too() -> None:
    data = written(Sheet("Rows", [Column("No.", 6)], ([number] for number in range(3))))
    assert values(data) == [[0], [1], [2]]


def test_a_summary_counts_and_charts_what_it_is_given() -> None:
    tallies = [
        Tally("By state", "State", [("Open", 3), ("=Done", 4)], note="As of today."),
        Tally("By place", "Place", [("Here", 7)], charted=False),
        Tally("By nothing", "Nothing", [], note="Nothing to count."),
    ]
    data = written(Summary("Summary", "All of them", "Cases", tallies))
    rows = [
        (label.value, count.value)
        for label, count in opened(data).iter_rows(max_col=2)
        if label.value
    ]
    assert rows == [
        ("All of them", None),
        ("By state", None), ("As of today.", None), ("State", "Cases"),
        ("Open", 3), ("=Done", 4), ("Total", 7),
        ("By place", None), ("Place", "Cases"), ("Here", 7), ("Total", 7),
        ("By nothing", None), ("Nothing to count.", None),
    ]  # fmt: skip
    with ZipFile(BytesIO(data)) as file:
        charts = [name for name in file.namelist() if name.startswith("xl/charts/")]
        drawn = file.read(charts[0]).decode()
        described = file.read("xl/drawings/drawing1.xml").decode()
    assert len(charts) == 1
    assert "'Summary'!$B$5:$B$6" in drawn
    assert "'Summary'!$A$5:$A$6" in drawn
    assert 'descr="Bar chart. By state: Open 3, =Done 4."' in described


@pytest.mark.parametrize("choices", [["one, two", "three"], ['"quoted"'], ["long " * 60]])
def test_choices_that_no_list_can_hold_are_refused(choices: list[str]) -> None:
    with pytest.raises(ValueError, match="list of choices"):
        written(Sheet("Rows", [Column("A", 9, to_fill_in=True, choices=choices)], [[None]]))
