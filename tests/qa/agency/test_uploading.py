"""A workbook that came back: kept, compared with what stands, and taken over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engagements.models import AuditEntry
from engagements.refusals import NotAllowed, Refused
from qa import states
from qa.actions.agency import comparing, moving, uploading, writing
from qa.actions.agency.writing import Content
from qa.files.agency import columns
from qa.models import AgencyAnswer, AnswerUpload, AnswerVersion, Forwarding
from tests import factories
from tests.qa.agency.test_returned import HEADINGS, book, table

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from engagements.models import Engagement, User

pytestmark = pytest.mark.django_db

FOREIGN = "cd" * 32


def answering(*said: tuple[int, str], **more: Any) -> bytes:
    """A file with these answers to the questions of `sent`, the same bytes each time."""
    return table(
        *(
            {"number": number, "question": f"Question {number}?", "text": text} | more
            for number, text in said
        )
    )


def marked(digest: str) -> bytes:
    """With the mark of a list, in a column as a CSV file has it."""
    headings = ",".join(HEADINGS.values())
    mark = columns.list_mark(1, digest)
    return f"{headings},List\r\n1,Question 1?,,,Here.,,,,,,{mark}\r\n".encode()


def uploaded(sent: Forwarding, by: User, *said: tuple[int, str], **more: Any) -> AnswerUpload:
    content = answering(*said, **more)
    return uploading.read_in(sent, by=by, name="answers.xlsx", content=content)


def outcomes(upload: AnswerUpload) -> dict[int | None, str]:
    fresh = AnswerUpload.objects.get(pk=upload.pk)
    return {row.number: row.outcome for row in comparing.compare(fresh).rows}


def texts() -> dict[int, str]:
    found = AgencyAnswer.objects.values_list("question__number", "text")
    return dict(found.order_by("question__number"))


def test_reading_in_changes_no_answer(sent: Forwarding, uma: User) -> None:
    upload = uploaded(sent, uma, (1, "Here."), (3, "x"), (9, "y"))

    assert (upload.state, upload.uploaded_by, upload.name) == ("read", uma, "answers.xlsx")
    assert [row["number"] for row in upload.rows] == [1]
    assert [problem[3] for problem in upload.problems] == ["withdrawn", "unknown"]
    assert outcomes(upload) == {1: "new", 3: "problem", 9: "problem"}
    assert not AgencyAnswer.objects.exists()
    [entry] = AuditEntry.objects.filter(action="upload.read")
    assert entry.detail == {"sha256": upload.sha256, "rows": 1, "problems": 2}


def test_taking_it_over_writes_what_is_right_and_keeps_the_rest(
    sent: Forwarding, uma: User
) -> None:
    upload = uploaded(sent, uma, (1, "Here."), (2, "There."), (9, "y"))

    taken = uploading.take(upload, by=uma)

    assert taken == (2, 0)
    assert texts() == {1: "Here.", 2: "There."}
    assert set(AgencyAnswer.objects.values_list("state", "status")) == {("draft", "answered")}
    upload.refresh_from_db()
    assert (upload.state, upload.decided_by, upload.answers_taken) == ("taken", uma, 2)
    versions = AnswerVersion.objects.values_list("via", "upload", "saved_by")
    assert list(versions) == [("workbook", upload.pk, uma.pk)] * 2
    record = {row.number: (row.outcome, row.replaces) for row in comparing.remembered(upload)}
    assert record == {1: ("new", True), 2: ("new", True), 9: ("problem", False)}
    entry = AuditEntry.objects.get(action="upload.taken")
    assert (entry.detail["answers"], entry.detail["problems"]) == (2, 1)
    assert "Here" not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_a_later_file_replaces_and_the_history_stays(sent: Forwarding, uma: User) -> None:
    uploading.take(uploaded(sent, uma, (1, "First."), (2, "Same.")), by=uma)

    later = uploaded(sent, uma, (1, "Second."), (2, "Same."))
    assert outcomes(later) == {1: "changed", 2: "unchanged"}
    assert uploading.take(later, by=uma) == (1, 0)

    assert texts() == {1: "Second.", 2: "Same."}
    answer = AgencyAnswer.objects.get(question__number=1)
    assert [version.text for version in answer.versions.all()] == ["Second.", "First."]


def test_an_empty_cell_erases_nothing(sent: Forwarding, uma: User) -> None:
    said = {"directorate_name": "Field Operations", "contact": "Uma", "is_publishable": "yes"}
    uploading.take(uploaded(sent, uma, (1, "First."), **said), by=uma)

    uploading.take(uploaded(sent, uma, (1, "Second.")), by=uma)
    assert outcomes(uploaded(sent, uma, (1, ""), contact="Lee")) == {1: "changed"}

    answer = AgencyAnswer.objects.get()
    kept = (answer.text, answer.directorate_name, answer.contact, answer.is_publishable)
    assert kept == ("Second.", "Field Operations", "Uma", True)


def test_what_was_written_on_the_page_is_overwritten_only_by_choice(
    sent: Forwarding, uma: User, lee: User
) -> None:
    for number in (1, 2, 4):
        content = Content(status=states.ANSWERED, text=f"By hand {number}.")
        writing.write(sent, number=number, content=content, by=lee)

    upload = uploaded(sent, uma, (1, "File."), (2, "File."), (4, "By hand 4."), (5, "New."))
    assert outcomes(upload) == {1: "conflict", 2: "conflict", 4: "unchanged", 5: "new"}
    uploading.choose(upload, by=uma, shown={1, 2}, replacing={2})
    uploading.take(upload, by=uma)

    assert texts() == {1: "By hand 1.", 2: "File.", 4: "By hand 4.", 5: "New."}
    again = uploaded(sent, uma, (1, "File."), (2, "Other."))
    assert outcomes(again) == {1: "conflict", 2: "changed"}


def test_a_page_only_speaks_for_the_rows_that_it_showed(sent: Forwarding, uma: User) -> None:
    for number in (1, 2):
        content = Content(status=states.ANSWERED, text="By hand.")
        writing.write(sent, number=number, content=content, by=uma)
    upload = uploaded(sent, uma, (1, "File."), (2, "File."))

    uploading.choose(upload, by=uma, shown={1}, replacing={1})
    uploading.choose(upload, by=uma, shown={2}, replacing=set())
    uploading.take(upload, by=uma)

    assert texts() == {1: "File.", 2: "By hand."}


def test_what_only_adds_to_words_of_the_page_is_no_conflict(sent: Forwarding, uma: User) -> None:
    content = Content(status=states.ANSWERED, text="By hand.")
    writing.write(sent, number=1, content=content, by=uma)

    assert outcomes(uploaded(sent, uma, (1, "By hand."), contact="Uma")) == {1: "changed"}


def test_what_is_with_the_office_stays(sent: Forwarding, uma: User) -> None:
    said = {"is_publishable": "yes"}
    uploading.take(uploaded(sent, uma, (1, "First."), **said), by=uma, submit=True)
    assert AgencyAnswer.objects.get().state == "submitted"

    upload = uploaded(sent, uma, (1, "Second."), (2, "New."), **said)
    assert outcomes(upload) == {1: "with_office", 2: "new"}
    uploading.take(upload, by=uma)

    assert texts() == {1: "First.", 2: "New."}


def test_submitting_takes_what_is_complete(sent: Forwarding, uma: User) -> None:
    yes = {"is_publishable": "yes"}
    uploading.take(uploaded(sent, uma, (1, "Stands."), **yes), by=uma)
    content = book(
        {"number": 1, "question": "Question 1?", "text": "Stands."} | yes,
        {"number": 2, "question": "Question 2?", "text": "Complete."} | yes,
        {"number": 4, "question": "Question 4?", "text": "Not said whether public."},
    )
    upload = uploading.read_in(sent, by=uma, name="a.xlsx", content=content)

    assert uploading.take(upload, by=uma, submit=True) == (2, 2)

    found = dict(AgencyAnswer.objects.values_list("question__number", "state"))
    assert found == {1: "submitted", 2: "submitted", 4: "draft"}


def test_an_agency_that_clears_its_answers_submits_none_of_them_at_once(
    sent: Forwarding, uma: User, lee: User
) -> None:
    type(sent.agency).objects.update(clears_answers=True)
    upload = uploaded(sent, uma, (1, "Here."), is_publishable="yes")

    with pytest.raises(Refused):
        uploading.take(upload, by=uma, submit=True)

    assert (AgencyAnswer.objects.count(), AnswerUpload.objects.get().state) == (0, "read")
    uploading.take(upload, by=uma)
    moving.ask_clearance(sent, numbers=[1], by=uma)
    moving.clear(sent, numbers=[1], by=lee)
    assert outcomes(uploaded(sent, uma, (1, "Other."), is_publishable="yes")) == {1: "changed"}


def test_problems_of_what_an_answer_says_are_told_beside_it(sent: Forwarding, uma: User) -> None:
    content = book(
        {"number": 1, "question": "Question 1?", "answer_status": "Same as another", "same_as": 2},
        {"number": 2, "question": "Question 2?", "answer_status": "Same as another", "same_as": 1},
        {"number": 4, "question": "Question 4?", "answer_status": "See a page", "page_url": "ftp"},
        {"number": 5, "question": "Question 5?", "text": "Here.", "answered_on": "2999-01-01"},
    )
    upload = uploading.read_in(sent, by=uma, name="a.xlsx", content=content)

    rows = comparing.compare(upload).rows
    codes = {row.number: [problem.code for problem in row.problems] for row in rows}

    assert codes == {1: ["circle"], 2: ["circle"], 4: ["page"], 5: ["date"]}
    with pytest.raises(Refused) as refusal:
        uploading.take(upload, by=uma)
    assert (refusal.value.code, AgencyAnswer.objects.count()) == ("nothing", 0)


def test_answers_that_changed_since_somebody_looked_are_looked_at_again(
    sent: Forwarding, uma: User, lee: User
) -> None:
    upload = uploaded(sent, uma, (1, "Here."))
    seen = comparing.compare(upload).seen
    writing.write(sent, number=1, content=Content(text="Draft."), by=lee)

    with pytest.raises(Refused) as refusal:
        uploading.take(upload, by=uma, seen=seen)

    assert (refusal.value.code, texts()) == ("changed", {1: "Draft."})
    uploading.choose(upload, by=uma, shown={1}, replacing={1})
    upload.refresh_from_db()
    uploading.take(upload, by=uma, seen=comparing.compare(upload).seen)
    assert texts() == {1: "Here."}


def test_a_file_is_decided_about_once(sent: Forwarding, uma: User, lee: User) -> None:
    upload = uploaded(sent, uma, (1, "Here."))
    uploading.take(upload, by=uma)

    for again in (uploading.take, uploading.drop):
        with pytest.raises(Refused) as refusal:
            again(upload, by=lee)
        assert refusal.value.code == "decided"
    assert AnswerVersion.objects.count() == 1


def test_a_dropped_file_is_gone(sent: Forwarding, uma: User) -> None:
    upload = uploaded(sent, uma, (1, "Here."))
    assert uploading.fetch(upload, by=uma) == answering((1, "Here."))

    uploading.drop(upload, by=uma)

    upload.refresh_from_db()
    left = (upload.state, bytes(upload.content), upload.rows, len(upload.sha256))
    assert left == ("dropped", b"", [], 64)
    with pytest.raises(NotAllowed):
        uploading.fetch(upload, by=uma)
    assert not AgencyAnswer.objects.exists()


def test_the_same_file_again_is_told(sent: Forwarding, uma: User, lee: User) -> None:
    upload = uploaded(sent, uma, (1, "Here."))
    assert uploaded(sent, uma, (1, "Here.")) == upload
    uploading.take(upload, by=uma)

    with pytest.raises(Refused) as refusal:
        uploaded(sent, lee, (1, "Here."))

    assert (refusal.value.code, AnswerUpload.objects.count()) == ("already", 1)
    assert "Uma took this very file over" in str(refusal.value)
    uploading.take(uploaded(sent, uma, (1, "Other.")), by=uma)
    back = uploaded(sent, uma, (1, "Here."))
    assert "Uma took this very file over before" in back.notes[0]
    assert outcomes(back) == {1: "changed"}


def test_a_newer_file_takes_the_place_of_one_that_waits(
    sent: Forwarding, uma: User, lee: User
) -> None:
    first = uploaded(sent, uma, (1, "First."))
    others = uploaded(sent, lee, (1, "Lee's."))
    second = uploaded(sent, uma, (1, "Second."))

    found = dict(AnswerUpload.objects.values_list("pk", "state"))
    assert found == {first.pk: "dropped", others.pk: "read", second.pk: "read"}


def test_an_empty_list_says_nothing(sent: Forwarding, uma: User) -> None:
    with pytest.raises(Refused) as refusal:
        uploaded(sent, uma, (1, ""), (2, ""))
    assert refusal.value.code == "no_answers"


def test_another_file_with_other_questions_is_no_match(sent: Forwarding, uma: User) -> None:
    content = book({"number": 1, "question": "What is this?", "text": "x"})

    with pytest.raises(Refused) as refusal:
        uploading.read_in(sent, by=uma, name="x.xlsx", content=content)

    assert refusal.value.code == "no_match"


def test_which_list_a_file_is_of_is_told_by_its_mark(
    sent: Forwarding, uma: User, edna: User, live_engagement: Engagement
) -> None:
    elsewhere = factories.make_engagement("elsewhere", title="Elsewhere")
    factories.make_forwarding(elsewhere, sent_by=edna, digest="ee" * 32)
    others = factories.make_engagement("others", agency=factories.make_agency("ICE"))
    factories.make_forwarding(others, sent_by=edna, digest="0f" * 32)
    factories.make_forwarding(
        live_engagement, sent_by=edna, digest="aa" * 32, number=2, state=states.FORWARDING_RECALLED
    )
    former = factories.make_forwarding(
        live_engagement, sent_by=edna, digest="bb" * 32, number=3,
        state=states.FORWARDING_SUPERSEDED,
    )  # fmt: skip
    Forwarding.objects.filter(pk=sent.pk).update(digest="dd" * 32)
    sent.refresh_from_db()

    refused = {"ee" * 32: "other_list", "0f" * 32: "foreign", FOREIGN: "foreign"}
    refused["aa" * 32] = "recalled"
    for digest, code in refused.items():
        with pytest.raises(Refused) as refusal:
            uploading.read_in(sent, by=uma, name="a.csv", content=marked(digest))
        assert refusal.value.code == code
    assert not AnswerUpload.objects.exists()

    upload = uploading.read_in(sent, by=uma, name="a.csv", content=marked(former.digest))
    assert "list 3" in upload.notes[0]
    own = uploading.read_in(sent, by=uma, name="a.csv", content=marked(sent.digest))
    assert [note[:9] for note in own.notes] == ["Questions"]


def test_a_former_list_takes_no_file(sent: Forwarding, uma: User) -> None:
    upload = uploaded(sent, uma, (1, "Here."))
    Forwarding.objects.update(state=states.FORWARDING_SUPERSEDED)
    sent.refresh_from_db()

    with pytest.raises(Refused) as refusal:
        uploaded(sent, uma, (2, "Here."))
    assert refusal.value.code == "superseded"
    with pytest.raises(Refused):
        uploading.take(upload, by=uma)
    assert not AgencyAnswer.objects.exists()


@pytest.mark.parametrize("who", ["otto", "carl", "omar", "edna"])
def test_others_bring_nothing_back(
    who: str, sent: Forwarding, uma: User, request: pytest.FixtureRequest
) -> None:
    other: User = request.getfixturevalue(who)
    upload = uploaded(sent, uma, (1, "Here."))

    with pytest.raises(NotAllowed):
        uploaded(sent, other, (2, "There."))
    for act in (uploading.take, uploading.drop, uploading.fetch):
        with pytest.raises(NotAllowed):
            act(upload, by=other)
    with pytest.raises(NotAllowed):
        uploading.choose(upload, by=other, shown={1}, replacing={1})

    assert (AnswerUpload.objects.count(), AgencyAnswer.objects.count()) == (1, 0)
    uploading.take(upload, by=uma)


def test_many_answers_take_no_more_queries_than_few(
    sent: Forwarding, uma: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    few = uploaded(sent, uma, (1, "a"))
    with django_assert_max_num_queries(40) as seen:
        uploading.take(few, by=uma)
    many = uploaded(sent, uma, (2, "b"), (4, "c"), (5, "d"))

    with django_assert_max_num_queries(len(seen)):
        uploading.take(many, by=uma)
