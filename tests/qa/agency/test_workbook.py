from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.utils import translation
from openpyxl import load_workbook

from qa import forwarded
from qa.files.agency import columns
from qa.files.agency.outputs import write_all
from tests.qa.agency.frozen import FACTS, ROWS, of_texts, opened, written

MARK = f"openfloor-list/2/{forwarded.digest(FACTS, ROWS)}"
TO_FILL_IN = [
    "Directorate", "Answer status", "Answer", "Same answer as No.", "Page (address)",
    "Publishable", "Contact", "Date of the answer",
]  # fmt: skip


def said(facts: forwarded.ListFacts = FACTS) -> list[tuple[object, object]]:
    sheet = opened(facts).worksheets[0]
    return [(label.value, value.value) for label, value in sheet.iter_rows(max_col=2)]


def test_the_questions_stand_in_numbered_rows_with_room_for_answers() -> None:
    sheet = opened()["Questions"]
    none = [None] * 8
    at = datetime(2021, 4, 14, 14, 5)  # noqa: DTZ001 -- a cell holds no zone
    header, *rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert header == [
        "No.", "Question", "As it was asked", "Translation", "Translated by", "Asked at", "Label",
        "Role category", "Votes", "Times asked", "Disposition", "Reason", "Language", *TO_FILL_IN,
    ]  # fmt: skip
    assert rows == [
        [1, "=1+1 Do you plan\nkiosks?", "kiosks??", None, None, at, "Online tools",
         "Government employee", 3, 2, "Answered live", None, "English", *none],
        [2, "Would a dedicated line help?", None, None, None, at, None, None, 0, 1, "Open", None,
         None, *none],
        [3, "(withdrawn by the asker)", *[None] * 8, "Withdrawn", None, None, *none],
        [4, ROWS[3].text, None, "Why does it take so long?", "By a machine", at, None, None, 0, 1,
         "Not reviewed", None, "Arabic", *none],
        [5, "Where is my case?", None, None, None, at, "Case status", "Employer", 12, 1,
         "Dismissed", "About one case", "English", *none],
        [6, "Kiosks?", None, None, None, at, None, None, 0, 1, "Merged", "Answered with No. 1.",
         "xx", *none],
    ]  # fmt: skip
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C2", "A1:U7")
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", "$A:$B")
    assert "TitleRegion1.A1.U7.2" in sheet.defined_names


def test_words_as_asked_and_translations_have_columns_only_where_there_are_some() -> None:
    sheet = opened(*of_texts(["Why?"]))["Questions"]
    assert [cell.value for cell in sheet[1]] == [
        "No.", "Question", "Asked at", "Label", "Role category", "Votes", "Times asked",
        "Disposition", "Reason", "Language", *TO_FILL_IN,
    ]  # fmt: skip


def test_only_the_answers_can_be_written_and_none_to_a_withdrawn_question() -> None:
    sheet = opened()["Questions"]
    assert (sheet.protection.sheet, sheet.protection.password) == (True, None)
    assert (sheet.protection.autoFilter, sheet.protection.insertRows) == (False, False)
    assert (sheet.protection.deleteRows, sheet.protection.sort) == (True, True)
    unlocked = {
        cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked
    }
    assert unlocked == {f"{letter}{row}" for letter in "NOPQRSTU" for row in (2, 3, 5, 6, 7)}


def test_programs_offer_what_the_columns_take() -> None:
    rules = {
        str(rule.sqref): (rule.type, rule.formula1)
        for rule in opened()["Questions"].data_validations.dataValidation
    }
    assert rules == {
        "O2:O7": ("list", '"In progress,Answered,See a page,Same as another,Declined"'),
        "Q2:Q7": ("whole", "1"),
        "R2:R7": (None, None),
        "S2:S7": ("list", '"Yes,No"'),
        "T2:T7": (None, None),
        "U2:U7": ("date", "36526"),
    }


def test_the_first_sheet_says_what_the_list_is_and_its_figures_add_up() -> None:
    pairs = said()
    told = dict(pairs)
    assert pairs[0] == ("Questions from the public for USCIS", None)
    assert told["Held on"] == "Wednesday, April 14, 2021"
    assert told["List"] == (
        "List 2, frozen on April 16, 2021, 10:05 a.m. EDT. It never changes; a later list "
        "replaces it."
    )
    assert told["Please answer by"] == "Friday, May 14, 2021"
    assert told["Mark"] == MARK
    begin = pairs.index(("Cover note", None))
    assert pairs[begin + 1 : begin + 18] == [
        ("From the office", "Dear colleagues,"),
        (None, "thank you."),
        ("In figures", None),
        ("Stakeholders who joined", 1828),
        ("Written questions received", 6),
        ("Of these on this list", 5),
        ("Of these not chosen for this list", 1),
        ("Chosen by label", "Online tools"),
        ("Withdrawn, listed by number and not counted", 1),
        ("The questions by disposition", None),
        ("Answered live", 1),
        ("Open", 1),
        ("Not reviewed", 1),
        ("Dismissed", 1),
        ("Merged", 1),
        ("Together, all on this list", 5),
        ("How to answer", None),
    ]


def test_what_is_not_known_is_left_out() -> None:
    facts = replace(
        FACTS, forwarding_number=None, joined=None, due_on=None, cover_note="", supersedes=None,
        changes=(), merged_categories=0,
    )  # fmt: skip
    told = dict(said(facts))
    assert told["List"] == "Copy, not forwarded. As of April 16, 2021, 10:05 a.m. EDT."
    for label in ("Stakeholders who joined", "Please answer by", "Cover note", "Left out"):
        assert label not in told
    assert opened(facts).sheetnames == ["Read me", "Questions", "Summary"]


def test_a_long_cover_note_is_told_in_rows_that_can_be_read() -> None:
    note = "A sentence of the note. " * 200
    pairs = said(replace(FACTS, cover_note=note.strip()))
    begin = pairs.index(("Cover note", None))
    rows = [str(value) for _label, value in pairs[begin + 1 : pairs.index(("In figures", None))]]
    assert "".join(rows) == note.strip()
    assert len(rows) == 4


def test_the_summary_counts_every_question_once_in_each_table() -> None:
    sheet = opened()["Summary"]
    pairs = [
        (label.value, count.value) for label, count in sheet.iter_rows(max_col=2) if label.value
    ]
    assert pairs == [
        ("The questions on this list", None),
        ("By disposition", None), ("Disposition", "Questions"),
        ("Answered live", 1), ("Open", 1), ("Not reviewed", 1), ("Dismissed", 1), ("Merged", 1),
        ("Total", 5),
        ("By label", None), ("Label", "Questions"),
        ("Case status", 1), ("Online tools", 1), ("No label", 3), ("Total", 5),
        ("By role category", None),
        ("“Not told”: no role stated, or fewer than 5 attendees share it.", None),
        ("Role category", "Questions"),
        ("Employer", 1), ("Government employee", 1), ("Not told", 3), ("Total", 5),
    ]  # fmt: skip


@pytest.mark.parametrize("joined", [None, 19])
def test_with_few_attendees_nothing_is_counted_by_role(joined: int | None) -> None:
    sheet = opened(replace(FACTS, joined=joined))["Summary"]
    assert [cell.value for cell in sheet["A"] if cell.value][-2:] == [
        "By role category",
        "Left out: too few people attended to tell figures by role.",
    ]


def test_charts_have_titles_and_say_in_words_what_they_show() -> None:
    with ZipFile(BytesIO(written())) as file:
        drawing = file.read("xl/drawings/drawing1.xml").decode()
        charts = [file.read(f"xl/charts/chart{number}.xml").decode() for number in (1, 2, 3)]
    assert (
        'descr="Bar chart. By disposition: Answered live 1, Open 1, Not reviewed 1, Dismissed 1, '
        'Merged 1."'
    ) in drawing
    assert drawing.count("descr=") == 3
    for chart, title in zip(
        charts, ("By disposition", "By label", "By role category"), strict=True
    ):
        assert f"t>{title}</" in chart
        assert "'Summary'!$B$" in chart


def test_the_changes_name_what_differs_from_the_former_list() -> None:
    rows = list(opened()["Changes"].iter_rows(values_only=True))
    assert rows == [
        ("No.", "Change", "Column", "Before", "After"),
        (1, "Changed", "Question", "old", "=new"),
        (2, "Changed", "Disposition", "Not reviewed", "Open"),
        (4, "New on this list", None, None, None),
        (9, "No longer on this list", None, None, None),
    ]


def test_a_later_list_without_a_difference_says_so() -> None:
    sheet = opened(replace(FACTS, changes=()))["Changes"]
    assert sheet["B2"].value == "Nothing differs from the former list."


def test_every_kind_of_change_has_its_words() -> None:
    changes = tuple(
        forwarded.Change(number=1, kind=forwarded.CHANGED, column=column, before="", after="")
        for column in forwarded.COMPARED
    )
    sheet = opened(replace(FACTS, changes=changes))["Changes"]
    assert [cell.value for cell in sheet["C"]][1:] == [
        "Question", "As it was asked", "Label", "Disposition", "Reason", "Answered with No.",
        "Times asked", "Language", "Translation", "Translated by",
    ]  # fmt: skip


def test_the_file_names_the_office_the_language_and_the_list() -> None:
    with translation.override("en"):
        book = opened()
    about = book.properties
    assert (about.creator, about.lastModifiedBy) == (FACTS.office, FACTS.office)
    assert about.title == f"Questions for USCIS: {FACTS.engagement_title}"
    assert about.language == "en"
    custom = book.custom_doc_props.props  # type: ignore[attr-defined]
    assert [(one.name, one.value) for one in custom] == [("Openfloor list", MARK)]
    assert columns.LIST_MARK.fullmatch(MARK)


def test_text_runs_in_its_own_direction_and_the_sheets_in_that_of_the_list() -> None:
    book = opened()
    directions = [book["Questions"][f"B{row}"].alignment.readingOrder for row in (2, 5)]
    assert directions == [0, 2]
    assert not book["Questions"].sheet_view.rightToLeft
    with translation.override("ar"):
        arabic = load_workbook(BytesIO(written()))
    assert arabic.properties.language == "ar"
    assert all(sheet.sheet_view.rightToLeft for sheet in arabic.worksheets)


def test_a_text_longer_than_a_cell_goes_on_below_under_its_number() -> None:
    long = "wörd😀 " * 10_000
    sheet = opened(*of_texts(["before", long, "after"]))["Questions"]
    rows = [(row[0], row[1], row[7]) for row in sheet.iter_rows(min_row=2, values_only=True)]
    parts = [str(text) for number, text, _status in rows if number == 2]
    assert "".join(parts) == long
    assert [(number, status) for number, _text, status in rows] == [
        (1, "Open"), (2, "Open"), (2, "Continued, part 2 of 3"), (2, "Continued, part 3 of 3"),
        (3, "Open"),
    ]  # fmt: skip


def test_a_long_question_stays_in_sight() -> None:
    """A row is at most 409 points high, so the column is wider for a list with a long question."""
    usual = opened(*of_texts(["short"]))["Questions"]
    wide = opened(*of_texts(["word " * 399]))["Questions"]
    widths = [sheet.column_dimensions["B"].width for sheet in (usual, wide)]
    assert widths == [52, 74]
    assert wide.row_dimensions[2].height < 409


@pytest.mark.parametrize(
    ("facts", "rows"),
    [
        (replace(FACTS, questions=4), ROWS),
        (replace(FACTS, received=4), ROWS),
        (replace(FACTS, withdrawn=0), ROWS),
        (FACTS, [*ROWS[:-1], ROWS[0]]),
    ],
)
def test_figures_that_contradict_each_other_are_refused(
    facts: forwarded.ListFacts, rows: list[forwarded.ListRow]
) -> None:
    assert len(write_all(FACTS, ROWS, slug="center")) == 3
    with pytest.raises(ValueError, match=r"stated|stands twice"):
        write_all(facts, rows, slug="center")


def test_the_same_list_has_the_same_bytes_and_the_names_tell_which_it_is() -> None:
    files = write_all(FACTS, ROWS, slug="contact-center")
    assert files == write_all(FACTS, ROWS, slug="contact-center")
    assert [file.name for file in files] == [
        "contact-center-questions-2.xlsx",
        "contact-center-questions-2.csv",
        "contact-center-questions-2.json",
    ]
    (copy, *_others) = write_all(replace(FACTS, forwarding_number=None), ROWS, slug="center")
    assert copy.name == "center-questions.xlsx"
