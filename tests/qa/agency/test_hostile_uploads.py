"""Files that are no honest workbook: each is refused in words, and nothing of it is stored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from engagements.files.opened import open_workbook
from engagements.models import AuditEntry
from engagements.refusals import Refused
from qa.actions.agency import uploading
from qa.models import AgencyAnswer, AnswerUpload
from tests.qa.agency import hostile
from tests.qa.agency.test_returned import book

if TYPE_CHECKING:
    from engagements.models import User
    from qa.models import Forwarding

pytestmark = pytest.mark.django_db


@pytest.fixture
def honest() -> bytes:
    """A workbook that answers the first question of `sent`."""
    return book({"number": 1, "question": "Question 1?", "text": "On Monday."})


@pytest.mark.parametrize("name", hostile.REFUSED)
def test_what_is_no_honest_workbook_is_refused_in_words(
    name: str, honest: bytes, sent: Forwarding, uma: User
) -> None:
    make, code = hostile.REFUSED[name]
    entries = AuditEntry.objects.count()

    with pytest.raises(Refused) as refusal:
        uploading.read_in(sent, by=uma, name="answers.xlsx", content=make(honest))

    assert refusal.value.code == code
    assert len(str(refusal.value)) > 20
    assert (AnswerUpload.objects.count(), AgencyAnswer.objects.count()) == (0, 0)
    assert AuditEntry.objects.count() == entries

    upload = uploading.read_in(sent, by=uma, name="answers.xlsx", content=honest)
    assert [row["text"] for row in upload.rows] == ["On Monday."]


def test_what_only_looks_odd_is_read(honest: bytes) -> None:
    odd = hostile.with_part(honest, "docProps/thumbnail.jpeg")
    odd = hostile.with_part(odd, "xl/comments1.xml")
    odd = hostile.with_part(odd, "xl/worksheets/_rels/sheet1.xml.rels", b"<Relationships/>")

    [sheet] = open_workbook(odd)

    assert sheet.rows[1][1][:2] == [1.0, "Question 1?"]


@pytest.mark.parametrize("value", [b"1e300", b"-5000000", b"NaN", b"inf", b"", b"x"])
def test_numbers_beyond_any_calendar_harm_nobody(value: bytes) -> None:
    row = b'<row r="9"><c r="A9" s="1"><v>%s</v></c></row>' % value
    dated = book({"number": 1, "question": "Question 1?", "text": "x", "answered_on": None})

    try:
        sheets = open_workbook(hostile.with_row(dated, row))
    except Refused as refused:
        assert refused.code == "damaged"
    else:
        assert len(sheets) == 1


@pytest.mark.parametrize(
    "column",
    ["number", "answer_status", "is_publishable", "answered_on", "same_as", "directorate_name"],
)
def test_what_no_database_holds_is_told_without_it(
    column: str, sent: Forwarding, uma: User
) -> None:
    """PostgreSQL keeps no NUL and no lone surrogate, also not where a problem repeats a cell."""
    said = {"number": 1, "question": "Question 1?", "text": "x"} | {column: "a_x0000_b"}

    upload = uploading.read_in(sent, by=uma, name="answers.xlsx", content=book(said))

    upload.refresh_from_db()
    kept = json.dumps([upload.rows, upload.problems])
    assert "ab" in kept
    assert "\\u0000" not in kept
