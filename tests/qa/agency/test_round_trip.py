"""The list as it leaves the house, filled in by several programs, and read when it comes back."""

from __future__ import annotations

import csv
import io
import subprocess
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

import pytest
from openpyxl import load_workbook

from engagements.files.text import clean_text
from qa import forwarded
from qa.files.agency import columns, outputs
from qa.files.agency.returned import Expected, Returned, read
from qa.forwarded import ListFacts, ListRow
from tests import machine

if TYPE_CHECKING:
    from pathlib import Path

AT: Final = datetime(2021, 4, 16, 14, 5, tzinfo=UTC)
HOSTILE: Final = (
    "=1+1", "+1", "-x", "@x", "\uff1d1+1", "#N/A", "007", "1E5", "1-2", "TRUE", "_x0041_",
    "'quoted", "one\ntwo\n\nthree", "a, \"b\"; c\td", "<b>&amp;</b>", "مرحبا بالعالم؟", "שלום?",
    "🙂 é e\u0301", "⟦U+0007⟧", "x" * 2_000, "{{7*7}}", "openfloor-list/1/" + "0" * 64,
)  # fmt: skip
# openpyxl itself would take the one for an escape, and the other for an error.
_NOT_TYPED: Final = {"_x0041_": "x0041", "#N/A": "none"}
ANSWERS: Final = tuple(clean_text(f"{_NOT_TYPED.get(text, text)}\nAnd so on.") for text in HOSTILE)
ROWS: Final = [
    ListRow(number=number, text=text, asked_at=AT, status="open", language="en")
    for number, text in enumerate(HOSTILE, start=1)
] + [ListRow(number=len(HOSTILE) + 1, is_withdrawn=True)]
FACTS: Final = ListFacts(
    department="Department",
    office="Office",
    engagement_title="A webinar",
    kind="webinar",
    held_on=date(2021, 4, 14),
    agency="Agency",
    agency_short="AG",
    frozen_at=AT,
    time_zone="America/New_York",
    received=len(HOSTILE),
    questions=len(HOSTILE),
    withdrawn=1,
    forwarding_number=1,
    due_on=date(2021, 5, 14),
)
EXPECTED: Final = [Expected(row.number, row.text) for row in ROWS]


def file_of(kind: str, rows: list[ListRow] = ROWS, facts: ListFacts = FACTS) -> bytes:
    [found] = [one for one in outputs.write_all(facts, rows, slug="w") if one.format == kind]
    return found.content


def filled(content: bytes, answers: tuple[str, ...] = ANSWERS) -> bytes:
    """By openpyxl, every answer typed as text."""
    made = load_workbook(io.BytesIO(content), rich_text=True)
    sheet = made[columns.sheet_title()]
    at = {cell.value: cell.column or 0 for cell in sheet[1]}
    for row, answer in enumerate(answers, start=2):
        cell = sheet.cell(row, at[columns.heading(columns.ANSWER)])
        cell.value = answer
        cell.data_type = "s"
        sheet.cell(row, at[columns.heading(columns.ANSWER_STATUS)], "Answered")
        sheet.cell(row, at[columns.heading(columns.PUBLISHABLE)], "Yes")
        sheet.cell(row, at[columns.heading(columns.ANSWERED_ON)], date(2021, 5, 1))
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def check(found: Returned) -> None:
    assert found.problems == []
    assert [one.text for one in found.rows] == list(ANSWERS)
    assert {one.is_publishable for one in found.rows} == {True}
    assert {one.answered_on for one in found.rows} == {date(2021, 5, 1)}
    assert found.marks == {(1, forwarded.digest(FACTS, ROWS))}
    assert found.notes == []


def test_an_empty_list_comes_back_as_it_went() -> None:
    for kind in ("xlsx", "csv"):
        found = read(file_of(kind), EXPECTED)
        assert (found.rows, found.problems) == ([], [])


def test_filled_in_with_openpyxl() -> None:
    check(read(filled(file_of("xlsx")), EXPECTED))


def test_filled_in_as_csv() -> None:
    rows = list(csv.reader(io.StringIO(file_of("csv").decode("utf-8-sig"), newline="")))
    at = {heading: place for place, heading in enumerate(rows[0])}
    for row, answer in zip(rows[1:], ANSWERS, strict=False):
        row[at[columns.heading(columns.ANSWER)]] = answer
        row[at[columns.heading(columns.PUBLISHABLE)]] = "yes"
        row[at[columns.heading(columns.ANSWERED_ON)]] = "2021-05-01"
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)

    found = read(written.getvalue().encode(), EXPECTED)

    assert found.problems == []
    assert [one.text for one in found.rows] == list(ANSWERS)


@pytest.mark.skipif(machine.lacks_calc(), reason="LibreOffice is not installed")
def test_saved_by_libreoffice(tmp_path: Path) -> None:
    """As a workbook and as CSV, after it was opened and saved there."""
    (tmp_path / "list.xlsx").write_bytes(filled(file_of("xlsx")))
    sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2"
    for kind in ("xlsx:Calc MS Excel 2007 XML", sheet):
        subprocess.run(
            [
                "soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
                "--convert-to", kind, "--outdir", str(tmp_path / "out"),
                str(tmp_path / "list.xlsx"),
            ],
            check=True, capture_output=True, timeout=110,
        )  # fmt: skip

    check(read((tmp_path / "out" / "list.xlsx").read_bytes(), EXPECTED))

    [table] = (tmp_path / "out").glob("*.csv")
    found = read(table.read_bytes(), EXPECTED)
    assert found.problems == []
    assert [one.text for one in found.rows] == list(ANSWERS)


def test_a_long_question_comes_back_from_its_rows() -> None:
    long = " ".join(f"word{number}" for number in range(12_000))
    rows = [ListRow(number=1, text=long, asked_at=AT, status="open", language="en")]
    facts = FACTS.__class__(**{
        name: getattr(FACTS, name) for name in FACTS.__slots__
    } | {"received": 1, "questions": 1, "withdrawn": 0})  # fmt: skip

    found = read(filled(file_of("xlsx", rows, facts), ("Here.",)), [Expected(1, long)])

    assert [(one.number, one.text) for one in found.rows] == [(1, "Here.")]
