from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from qa import states
from qa.files.agency.question_list import (
    ListFacts,
    ListRow,
    list_file_name,
    question_list,
    status_label,
)

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

FACTS = ListFacts(
    department="Department of Homeland Security",
    office="Office of the Citizenship and Immigration Services Ombudsman",
    engagement_title="The CIS Ombudsman's Webinar Series: The USCIS Contact Center",
    kind="webinar",
    held_on=date(2021, 4, 14),
    agency="U.S. Citizenship and Immigration Services",
    agency_short="USCIS",
    frozen_at=datetime(2021, 4, 16, 14, 5, tzinfo=UTC),
    time_zone="America/New_York",
    questions=3,
    withdrawn=1,
    by_status={"Answered live": 1, "Open": 1, "Dismissed: about one case": 1},
    forwarding_number=1,
    joined=1828,
    respond_by=date(2021, 5, 14),
)
ROWS = [
    ListRow(1, "=1+1 Do you plan\nkiosks?", "Government employee", "Answered live"),
    ListRow(2, "Would a dedicated line help?", "", "Open"),
    ListRow(3, None, "Employer", "Open", "her own wish"),
    ListRow(4, "Where is my case?", "", "Dismissed", "About one case"),
]


def opened(facts: ListFacts = FACTS, rows: list[ListRow] = ROWS) -> Workbook:
    return load_workbook(BytesIO(question_list(facts, rows)))


def pairs(facts: ListFacts = FACTS, rows: list[ListRow] = ROWS) -> list[tuple[object, object]]:
    sheet = opened(facts, rows).worksheets[0]
    return [(label.value, value.value) for label, value in sheet.iter_rows(max_col=2)]


def about(facts: ListFacts = FACTS, rows: list[ListRow] = ROWS) -> dict[object, object]:
    return dict(pairs(facts, rows))


def test_the_questions_stand_in_numbered_rows_with_room_for_answers() -> None:
    sheet = opened().worksheets[1]
    assert list(sheet.iter_rows(values_only=True)) == [
        ("No.", "Question", "Asked by", "Status", "Reason", "Answer", "Answered by (office)"),
        (1, "=1+1 Do you plan\nkiosks?", "Government employee", "Answered live", None, None, None),
        (2, "Would a dedicated line help?", None, "Open", None, None, None),
        (3, "(withdrawn by the asker)", None, "Withdrawn", None, None, None),
        (4, "Where is my case?", None, "Dismissed", "About one case", None, None),
    ]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:G5")


def test_only_the_answers_can_be_written_and_none_to_a_withdrawn_question() -> None:
    sheet = opened().worksheets[1]
    assert sheet.protection.sheet
    open_cells = [
        cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked
    ]
    assert open_cells == ["F2", "G2", "F3", "G3", "F5", "G5"]


def test_the_first_sheet_says_what_the_list_is() -> None:
    said = about()
    assert opened().sheetnames == ["About this list", "Questions"]
    assert next(iter(said)) == "Questions from the public for USCIS"
    assert said["Engagement"] == FACTS.engagement_title
    assert said["Kind"] == "Webinar"
    assert said["Held on"] == "Wednesday, April 14, 2021"
    assert said["Office"] == f"{FACTS.office}, {FACTS.department}"
    assert said["Agency"] == "U.S. Citizenship and Immigration Services (USCIS)"
    assert said["List"] == (
        "List 1, frozen on April 16, 2021, 10:05 a.m. EDT. It never changes; a later list "
        "replaces it."
    )
    assert said["Please answer by"] == "Friday, May 14, 2021"


def test_the_figures_add_up() -> None:
    said = pairs()
    start = said.index(("In figures", None))
    assert said[start : start + 8] == [
        ("In figures", None),
        ("Stakeholders who joined", 1828),
        ("Written questions", 3),
        ("Withdrawn, not counted", 1),
        ("The written questions by status", None),
        *FACTS.by_status.items(),
    ]


def test_only_the_statuses_in_use_are_explained() -> None:
    said = pairs()
    start = said.index(("What the statuses mean", None))
    assert [label for label, _ in said[start + 1 :]] == [
        "Answered live", "Open", "Dismissed", "Withdrawn",
    ]  # fmt: skip


def test_what_is_not_known_is_left_out() -> None:
    said = about(replace(FACTS, forwarding_number=None, joined=None, respond_by=None))
    assert said["List"] == "Copy, not forwarded. As of April 16, 2021, 10:05 a.m. EDT."
    assert "Stakeholders who joined" not in said
    assert "Please answer by" not in said


def test_a_list_without_questions_is_still_a_list() -> None:
    facts = replace(FACTS, questions=0, withdrawn=0, by_status={})
    book = opened(facts, [])
    assert book.worksheets[1].auto_filter.ref == "A1:G1"
    assert about(facts, [])["Written questions"] == 0


@pytest.mark.parametrize(
    "facts",
    [
        replace(FACTS, questions=4),
        replace(FACTS, by_status={"Open": 2}),
        replace(FACTS, withdrawn=0),
    ],
)
def test_figures_that_contradict_each_other_are_refused(facts: ListFacts) -> None:
    with pytest.raises(ValueError, match="are stated"):
        question_list(facts, ROWS)


def test_the_same_list_has_the_same_bytes_and_names_the_office() -> None:
    assert question_list(FACTS, ROWS) == question_list(FACTS, ROWS)
    properties = opened().properties
    assert (properties.creator, properties.lastModifiedBy) == (FACTS.office, FACTS.office)
    assert properties.title == f"Questions for USCIS: {FACTS.engagement_title}"


@pytest.mark.parametrize(
    ("state", "outcome", "label"),
    [
        (states.SHOWN, states.NO_OUTCOME, "Open"),
        (states.SHOWN, states.ANSWERING, "Open"),
        (states.SHOWN, states.ANSWERED_LIVE, "Answered live"),
        (states.SHOWN, states.ANSWERED_IN_WRITING, "Answered in writing"),
        (states.SHOWN, states.FOLLOW_UP, "To follow up"),
        (states.WAITING, states.NO_OUTCOME, "Not reviewed"),
        (states.HELD, states.NO_OUTCOME, "Held"),
        (states.HELD, states.ANSWERED_IN_WRITING, "Answered in writing"),
        (states.DISMISSED, states.NO_OUTCOME, "Dismissed"),
        (states.DISMISSED, states.ANSWERED_LIVE, "Dismissed"),
        (states.MERGED, states.NO_OUTCOME, "Merged"),
        (states.WITHDRAWN, states.NO_OUTCOME, "Withdrawn"),
    ],
)
def test_a_status_is_named_for_state_and_outcome(state: str, outcome: str, label: str) -> None:
    assert status_label(state, outcome) == label


def test_the_file_name_tells_which_list_it_is() -> None:
    assert list_file_name("contact-center", 2) == "contact-center-questions-2.xlsx"
    assert list_file_name("contact-center", None) == "contact-center-questions.xlsx"
