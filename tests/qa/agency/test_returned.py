"""What is read out of a list that came back, row by row."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from engagements.refusals import Refused
from qa.files.agency import columns
from qa.files.agency.returned import Expected, Returned, ReturnedRow, read

EXPECTED = [Expected(1, "When does it open?"), Expected(2, "Where?"), Expected(3, "")]
HEADINGS = {
    column: columns.heading(column)
    for column in (columns.NUMBER, columns.QUESTION, *columns.TO_FILL_IN)
}
TEXTS = {1: "When does it open?", 2: "Where?", 3: "(withdrawn by the asker)"}


def row(number: Any, **said: Any) -> dict[str, Any]:
    return {columns.NUMBER: number, columns.QUESTION: TEXTS.get(number, "")} | said


def book(*rows: dict[str, Any], headings: dict[str, str] = HEADINGS, title: str = "Q") -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = title
    sheet.append(list(headings.values()))
    for one in rows:
        sheet.append([one.get(column) for column in headings])
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def table(*rows: dict[str, Any], separator: str = ",") -> bytes:
    written = io.StringIO()
    lines = csv.writer(written, delimiter=separator)
    lines.writerow(HEADINGS.values())
    lines.writerows([one.get(column, "") for column in HEADINGS] for one in rows)
    return written.getvalue().encode("utf-8-sig")


def answers(content: bytes) -> list[tuple[int, str, str]]:
    found = read(content, EXPECTED)
    assert found.problems == []
    return [(one.number, one.status, one.text) for one in found.rows]


def told(found: Returned) -> list[tuple[int, str]]:
    return [(problem.row, problem.code) for problem in found.problems]


def test_a_row_says_everything_that_its_columns_hold() -> None:
    said = row(
        1,
        text="On Monday.",
        answer_status="answered",
        is_publishable="yes",
        directorate_name="Field Operations",
        contact="Uma, 555-0100",
        answered_on=datetime.fromisoformat("2021-05-01"),
    )

    found = read(book(said), EXPECTED)

    assert found.rows == [
        ReturnedRow(
            row=2,
            number=1,
            status="answered",
            text="On Monday.",
            directorate_name="Field Operations",
            contact="Uma, 555-0100",
            answered_on=date(2021, 5, 1),
            is_publishable=True,
        )
    ]
    assert ReturnedRow.of_json(found.rows[0].as_json()) == found.rows[0]
    assert found.notes == ["Questions that are not in the file stay as they are: 2."]


@pytest.mark.parametrize("make", [book, table])
def test_a_workbook_and_text_with_separators_say_the_same(make: Any) -> None:
    said = [row(1, text="On Monday."), row(2, answer_status="In progress", contact="Uma")]

    assert answers(make(*said)) == [(1, "answered", "On Monday."), (2, "in_progress", "")]


def test_a_row_without_an_answer_says_nothing() -> None:
    found = read(book(row(1), row(2, text=" "), row(3)), EXPECTED)

    assert (found.rows, found.problems) == ([], [])


def test_columns_are_found_by_their_headings_in_any_order() -> None:
    others = dict(reversed(HEADINGS.items())) | {"ours": "Our own remark"}
    content = book(row(2, text="Here.", ours="ask Ed"), headings=others, title="Renamed by hand")

    found = read(content, EXPECTED)

    assert [one.text for one in found.rows] == ["Here."]
    assert found.notes[0] == "Columns that are not of the list were not read: Our own remark."


def test_headings_may_stand_below_a_title() -> None:
    content = table(row(1, text="On Monday."))
    below = b"\xef\xbb\xbfAnswers of the agency,,\r\n\r\n" + content.removeprefix(b"\xef\xbb\xbf")

    assert answers(below) == [(1, "answered", "On Monday.")]


@pytest.mark.parametrize("missing", [columns.NUMBER, columns.QUESTION, columns.ANSWER])
def test_without_a_column_that_is_needed_there_is_no_list(missing: str) -> None:
    headings = {column: words for column, words in HEADINGS.items() if column != missing}

    with pytest.raises(Refused) as refusal:
        read(book(row(1, text="x"), headings=headings), EXPECTED)

    assert refusal.value.code == "no_list"
    assert columns.heading(missing) in str(refusal.value)


def test_two_columns_of_one_heading_cannot_be_told_apart() -> None:
    with pytest.raises(Refused) as refusal:
        read(book(row(1, text="x"), headings=HEADINGS | {"more": "ANSWER"}), EXPECTED)

    assert refusal.value.code == "doubled_column"


def test_changed_words_of_a_question_are_refused_with_both_texts() -> None:
    changed = row(1, text="Never.") | {columns.QUESTION: "When does it close?"}

    found = read(book(changed, row(2, text="Here.")), EXPECTED)

    [problem] = found.problems
    assert (problem.code, problem.number, problem.column) == ("question_changed", 1, "Question")
    assert (problem.before, problem.after) == ("When does it open?", "When does it close?")
    assert [one.number for one in found.rows] == [2]


def test_words_that_only_a_program_changed_are_the_same() -> None:
    sent = [Expected(1, "One\nTwo"), Expected(2, "_x0041_ visa")]
    came = [
        row(1, text="x") | {columns.QUESTION: "One\r\nTwo  "},
        row(2, text="x") | {columns.QUESTION: "A visa"},
    ]

    assert read(book(*came), sent).problems == []


@pytest.mark.parametrize(
    ("number", "code"),
    [(9, "unknown"), (3, "withdrawn"), ("one", "number"), (None, "no_number"), (1.5, "number")],
)
def test_a_row_of_no_question_is_told(number: Any, code: str) -> None:
    found = read(book(row(number, text="x"), row(2, text="Here.")), EXPECTED)

    assert (told(found), [one.number for one in found.rows]) == ([(2, code)], [2])


def test_a_number_that_stands_twice_is_taken_from_neither_row() -> None:
    found = read(book(row(1, text="a"), row(2, text="b"), row(1, text="c")), EXPECTED)

    assert told(found) == [(2, "doubled"), (4, "doubled")]
    assert "rows 2, 4" in found.problems[0].words
    assert [one.number for one in found.rows] == [2]


def test_rows_that_continue_each_other_are_one_answer() -> None:
    full = "word " * 6_400
    said = [row(1, text=full, is_publishable="no"), row(1, text="and the end.", contact="Uma")]
    said[1][columns.QUESTION] = ""

    [one] = read(book(*said), EXPECTED).rows

    assert (one.text, one.is_publishable, one.contact) == (f"{full}and the end.", False, "Uma")


def test_a_short_continuation_begins_a_new_line() -> None:
    said = [row(1, text="First."), row(1, text="Second.") | {columns.QUESTION: ""}]

    assert answers(book(*said)) == [(1, "answered", "First.\nSecond.")]


def test_a_question_in_several_rows_is_compared_as_one() -> None:
    sent = [Expected(1, "a" * 40_000)]
    parts = [row(1, text="x") | {columns.QUESTION: "a" * 32_767}]
    parts.append(row(1) | {columns.QUESTION: "a" * 7_233})

    assert [one.text for one in read(book(*parts), sent).rows] == ["x"]
    parts.pop()
    assert told(read(book(*parts), sent)) == [(2, "question_changed")]


@pytest.mark.parametrize("column", [*columns.TO_FILL_IN, columns.NUMBER, columns.QUESTION])
def test_a_formula_is_no_value(column: str) -> None:
    said = row(1, text="x") | {column: "=1+1"}

    found = read(book(said, row(2, text="Here.")), EXPECTED)

    assert told(found) == [(2, "formula")]
    assert found.problems[0].column == HEADINGS[column]
    assert [one.number for one in found.rows] == [2]


def test_an_error_is_no_value() -> None:
    assert told(read(book(row(1, text="#N/A")), EXPECTED)) == [(2, "error")]


def test_text_that_looks_like_something_else_stays_text() -> None:
    texts = ["007", "1E5", "1-2", "TRUE", "+1", "@x", "'quoted"]
    sent = [Expected(number, f"Question {number}?") for number in range(1, 8)]
    rows = [
        {columns.NUMBER: one.number, columns.QUESTION: one.text, "text": text}
        for one, text in zip(sent, texts, strict=True)
    ]

    found = read(book(*rows), sent)
    assert [one.text for one in found.rows] == texts


def test_what_a_csv_file_guards_is_had_back() -> None:
    sent = [Expected(1, "=1+1"), Expected(2, "-x")]
    rows = [
        {columns.NUMBER: 1, columns.QUESTION: "'=1+1", "text": "'-no"},
        {columns.NUMBER: 2, columns.QUESTION: "'-x", "text": "=yes"},
    ]

    assert [one.text for one in read(table(*rows), sent).rows] == ["-no", "=yes"]


def test_characters_that_nobody_can_see_are_left_out_and_told() -> None:
    content = table(row(1, text="a\u202eb"), row(2, text="tab\tand\nline"))

    assert [one.text for one in read(content, EXPECTED).rows] == ["ab", "tab\tand\nline"]


@pytest.mark.parametrize(
    ("column", "value", "read_as"),
    [
        ("answer_status", "Same as another", "same_as"),
        ("answer_status", "see_page", "see_page"),
        ("answer_status", " DECLINED ", "declined"),
        ("is_publishable", "No", False),
        ("is_publishable", "y", True),
        ("is_publishable", True, True),
        ("answered_on", "2021-05-01", date(2021, 5, 1)),
        ("answered_on", "5/1/2021", date(2021, 5, 1)),
        ("answered_on", "May 1, 2021", date(2021, 5, 1)),
        ("answered_on", 44317, date(2021, 5, 1)),
        ("same_as", "No. 2", 2),
        ("same_as", 2, 2),
        ("page_url", " https://a.example/x ", "https://a.example/x"),
    ],
)
def test_a_cell_is_read_as_people_write_it(column: str, value: Any, read_as: Any) -> None:
    [one] = read(book(row(1, text="x") | {column: value}), EXPECTED).rows

    assert getattr(one, "status" if column == "answer_status" else column) == read_as


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("answer_status", "Done-ish", "status"),
        ("is_publishable", "perhaps", "yes_or_no"),
        ("answered_on", "soon", "date"),
        ("same_as", "2 or 4", "same_as"),
    ],
)
def test_a_cell_that_cannot_be_read_is_told_in_words(column: str, value: Any, code: str) -> None:
    found = read(book(row(1, text="x") | {column: value}, row(2, text="Here.")), EXPECTED)

    assert told(found) == [(2, code)]
    assert value in found.problems[0].words
    assert [one.number for one in found.rows] == [2]


def test_what_is_left_out_is_told_by_the_rest() -> None:
    content = book(
        row(1, answer_status="See a page", text="See https://a.example/x."),
        row(2, answer_status="Same as another", text="See No. 1"),
    )

    page, same = read(content, EXPECTED).rows

    assert (page.page_url, page.text) == ("https://a.example/x", "See https://a.example/x.")
    assert (same.same_as, same.text) == (1, "")
    assert all(len(one.remarks) == 1 for one in (page, same))


def test_the_mark_is_found_beside_the_list() -> None:
    mark = columns.list_mark(4, "ab" * 32)
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet["B3"] = f"This list: {mark}"
    questions = made.create_sheet("Questions")
    questions.append(list(HEADINGS.values()))
    questions.append([row(1, text="x").get(column) for column in HEADINGS])
    file = io.BytesIO()
    made.save(file)

    assert read(file.getvalue(), EXPECTED).marks == {(4, "ab" * 32)}


def test_a_mark_in_an_answer_is_no_mark() -> None:
    assert read(book(row(1, text=columns.list_mark(4, "ab" * 32))), EXPECTED).marks == set()


def test_of_two_sheets_that_look_like_the_list_its_own_name_tells() -> None:
    made = Workbook()
    for title, text in (("Copy", "old"), ("Questions", "new")):
        sheet = made.create_sheet(title)
        sheet.append(list(HEADINGS.values()))
        sheet.append([row(1, text=text).get(column) for column in HEADINGS])
    file = io.BytesIO()
    made.save(file)
    assert answers(file.getvalue()) == [(1, "answered", "new")]

    made["Questions"].title = "Other"
    file = io.BytesIO()
    made.save(file)
    with pytest.raises(Refused) as refusal:
        read(file.getvalue(), EXPECTED)
    assert refusal.value.code == "several_sheets"
