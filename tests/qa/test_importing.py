"""Questions out of a platform's report: looked through, taken over once, and taken back."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from engagements import clock
from engagements.models import AuditEntry, Engagement, RoleCategory, User
from engagements.refusals import NotAllowed, Refused
from qa import queries
from qa.actions import importing, moderating, rehearsing
from qa.files.question_reports import Report, questions_of, read_report
from qa.models import Finding, Floor, FloorEvent, Question, QuestionImport
from qa.queries.agency import compiling
from qa.queries.reported import candidates
from tests import factories
from tests.qa import reports

if TYPE_CHECKING:
    from collections.abc import Collection

pytestmark = pytest.mark.django_db

MORE = [*reports.ZOOM_ROWS, ["5", "Who pays the fee?", "Jane Roe", "jane.roe@lawfirm.example", ""]]


def take_over(
    floor: Floor, by: User, content: bytes, *, left_out: Collection[int] = (), name: str = "qa.csv"
) -> QuestionImport:
    return importing.take_over(
        floor, by=by, name=name, content=content,
        meanings=read_report(content).meanings, left_out=left_out,
    )  # fmt: skip


def stored(floor: Floor) -> list[tuple[int, str, str]]:
    found = floor.questions.order_by("number")
    return list(found.values_list("number", "text", "state"))


def things() -> list[int]:
    models = (Question, QuestionImport, FloorEvent, AuditEntry, Finding)
    return [one.objects.count() for one in models]


def read(content: bytes) -> tuple[Report, list[tuple[int, str, list[str]]]]:
    report = read_report(content)
    found = questions_of(report, report.meanings)
    return report, [(one.row, one.text, one.answers) for one in found]


# Reading


def test_the_report_of_zoom() -> None:
    report, found = read(reports.zoom())
    assert (report.platform, report.headings) == ("zoom", reports.ZOOM_HEAD)
    assert report.meanings == ["number", "question", "", "email", "answer"]
    assert found == [
        (7, reports.ZOOM_TEXTS[0], ["live answered"]),
        (8, reports.ZOOM_TEXTS[1], []),
        (9, reports.ZOOM_TEXTS[2], ["dismissed"]),
        (10, reports.ZOOM_TEXTS[3], ["See uscis.gov", "Second answer line of question 4"]),
    ]


def test_reports_pasted_together_and_tables_of_other_things() -> None:
    panel = b'Panelist Details,\n"User Name","Email"\nOmar,omar@office.example\n'
    report, found = read(reports.zoom() + panel + reports.zoom([["1", "Again?", "", "", ""]])[3:])
    assert [text for _row, text, _answers in found] == [*reports.ZOOM_TEXTS, "Again?"]
    assert report.elsewhere == 3


def test_one_row_for_each_answer_under_the_same_number() -> None:
    rows = [
        ["1", "Why?", "A", "", "One"],
        ["1", "Why?", "A", "", "Two"],
        ["2", "Why?", "B", "", ""],
    ]
    _report, found = read(reports.zoom(rows))
    assert found == [(7, "Why?", ["One", "Two"]), (9, "Why?", [])]


def test_threads_as_a_teams_report_may_have_them() -> None:
    rows = [
        ["Conversation Id", "Type", "Timestamp (UTC)", "Content"],
        ["a", "Question", "2021-04-14 18:05:00", "First?"],
        ["b", "Question", "2021-04-14 18:06:00", "Second?"],
        ["a", "Response", "2021-04-14 18:07:00", "To the first."],
        ["c", "Announcement", "2021-04-14 18:07:00", "Welcome."],
    ]
    for content in (
        reports.table(rows, delimiter="\t"),
        reports.table(rows, delimiter="\t").decode().encode("utf-16"),
        reports.workbook(rows),
    ):
        report, found = read(content)
        assert report.platform == "teams"
        assert found == [(2, "First?", ["To the first."]), (3, "Second?", [])]


def test_a_workbook_of_several_sheets_and_a_plain_list() -> None:
    head = ["Question", "Email"]
    both = reports.workbook([head, ["One?", ""], ["Two?", ""]], names=("Day 1", "Day 2"))
    assert [text for _row, text, _answers in read(both)[1]] == ["One?", "Two?"] * 2
    assert read(b"question\nOnly this?\n")[1] == [(2, "Only this?", [])]
    unknown = read_report(b"alpha;beta\nWhy so?;x\n")
    assert (unknown.meanings, unknown.headings) == (["", ""], ["alpha", "beta"])


# Taking over


def test_every_question_waits_with_its_exact_words(floor: Floor, omar: User) -> None:
    factories.make_question(floor, "Asked in the room.")
    jane = factories.make_registration(
        floor.engagement, "Jane", email="Jane.Roe@LawFirm.example",
        category=factories.category("employer"),
    )  # fmt: skip
    content = reports.zoom()
    taken = take_over(floor, omar, content, name="../../q\u202ea.csv")

    assert stored(floor)[1:] == [
        (2 + at, text, "waiting") for at, text in enumerate(reports.ZOOM_TEXTS)
    ]
    assert bytes(QuestionImport.objects.get().file) == content
    assert (taken.sha256, taken.platform) == (hashlib.sha256(content).hexdigest(), "zoom")
    assert taken.file_name == "../../qa.csv"
    first, second, third, fourth = taken.questions.order_by("number")
    assert (first.asker, first.category) == (jane, jane.category)
    assert {one.source for one in (first, second, third, fourth)} == {"platform"}
    assert [one.note for one in (first, second, third, fourth)] == [
        "On the platform: live answered",
        "",
        "On the platform: dismissed",
        "On the platform: See uscis.gov\nSecond answer line of question 4",
    ]
    not_stated = RoleCategory.objects.get(kind=RoleCategory.Kind.NOT_STATED)
    assert (fourth.asker, fourth.category) == (None, not_stated)
    assert second.open_findings == ["receipt_number"]
    assert [one.question_id for one in Finding.objects.all()] == [second.pk]
    event = FloorEvent.objects.get(floor=floor, question_number=5)
    assert (event.public_number, event.payload["act"]) == (None, "question.imported")
    assert event.payload["by"]["name"] == "Omar"


def test_who_asked_is_nowhere_but_in_the_file(floor: Floor, omar: User) -> None:
    take_over(floor, omar, reports.zoom())
    rows = [
        *Question.objects.values(), *FloorEvent.objects.values(), *AuditEntry.objects.values(),
        *QuestionImport.objects.defer("file").values("file_name", "sha256", "platform"),
    ]  # fmt: skip
    for words in ("Jane Roe", "jane.roe", "Mallory", "evil@", "Ortega", "applicant.example"):
        assert words not in repr(rows)


def test_the_same_file_changes_nothing_and_a_later_one_adds_what_is_new(
    floor: Floor, omar: User, cora: User
) -> None:
    take_over(floor, omar, reports.zoom())
    before = things()
    with pytest.raises(Refused, match="Omar took this very file over before"):
        take_over(floor, cora, reports.zoom())
    answered = [[*row[:4], "answered later"] for row in reports.ZOOM_ROWS[:4]]
    with pytest.raises(Refused, match="nothing new"):
        take_over(floor, cora, reports.zoom(answered))
    assert things() == before
    later = take_over(floor, cora, reports.zoom(MORE))
    assert [(one.number, one.text) for one in later.questions.all()] == [(5, "Who pays the fee?")]


def test_the_same_words_of_two_people_are_two_questions(floor: Floor, omar: User) -> None:
    rows = [["1", "Why?", "A", "", ""], ["2", "Why?", "B", "", ""]]
    take_over(floor, omar, reports.zoom(rows), left_out=[2])
    again = candidates(floor, report := read_report(reports.zoom(rows)), report.meanings)
    assert [one.taken_as for one in again] == [1, None]
    take_over(floor, omar, reports.zoom([*rows, ["3", "How?", "", "", ""]]))
    assert [text for _number, text, _state in stored(floor)] == ["Why?", "Why?", "How?"]


def test_what_cannot_be_taken_is_told_and_never_cut(floor: Floor, omar: User) -> None:
    long = "x" * 2_001
    rows = [
        ["1", long, "", "", ""], ["2", "", "A", "a@x.example", ""], ["3", "x" * 2_000, "", "", ""],
        ["4", "Why?", "", "", "y" * 1_500],
    ]  # fmt: skip
    content = reports.zoom(rows)
    report = read_report(content)
    found = candidates(floor, report, report.meanings)
    assert [one.problem for one in found] == [
        "The question has 2,001 characters; 2,000 are possible.",
        "There is no question in this row.",
        "", "",
    ]  # fmt: skip
    assert found[3].remarks == [
        "The answer is longer than a note can be; the rest stays in the file."
    ]
    assert (len(found[3].note), found[3].note[-24:]) == (1_000, "… (the rest is in the file)"[-24:])
    take_over(floor, omar, content)
    assert [text for _number, text, _state in stored(floor)] == ["x" * 2_000, "Why?"]


def test_times_are_read_in_the_zone_that_the_heading_names(floor: Floor) -> None:
    for heading, hour in (("Question Time", 18), ("Timestamp (UTC)", 14)):
        rows = [["Question", heading], ["Why?", "04/14/2021 02:30 PM"], ["How?", "soon"]]
        report = read_report(reports.table(rows))
        first, second = candidates(floor, report, report.meanings)
        assert first.asked_at.isoformat() == f"2021-04-14T{hour}:30:00+00:00"
        assert second.remarks == ["Its time cannot be read; the time of the import stands for it."]


def test_a_question_here_with_the_same_words_is_told(floor: Floor) -> None:
    factories.make_question(floor, "hay AYUDA en español")
    report = read_report(reports.zoom())
    assert [one.same_as for one in candidates(floor, report, report.meanings)] == [
        None, None, None, 1,
    ]  # fmt: skip


def test_only_who_moderates_and_not_in_the_archive(
    floor: Floor, cora: User, edna: User, mia: User
) -> None:
    taken = take_over(floor, cora, reports.zoom())
    before = things()
    for nobody in (edna, mia):
        with pytest.raises(NotAllowed):
            take_over(floor, nobody, reports.zoom(MORE))
        with pytest.raises(NotAllowed):
            importing.undo(taken, by=nobody)
        with pytest.raises(NotAllowed):
            importing.download(taken, by=nobody)
    Engagement.objects.filter(pk=floor.engagement_id).update(state="archived")
    for refused in (
        lambda: take_over(floor, cora, reports.zoom(MORE)),
        lambda: importing.undo(QuestionImport.objects.get(), by=cora),
    ):
        with pytest.raises(Refused, match="archived"):
            refused()
    assert things() == before


# Undoing


def test_undo_withdraws_what_nobody_worked_on_and_frees_the_file(
    floor: Floor, omar: User, cora: User
) -> None:
    factories.make_question(floor, "Asked in the room.")
    taken = take_over(floor, omar, reports.zoom())
    moderating.show(floor, by=omar, number=3, seen=1)

    assert importing.undo(taken, by=cora) == (3, 1)

    assert [state for _number, _text, state in stored(floor)] == [
        "waiting", "withdrawn", "shown", "withdrawn", "withdrawn",
    ]  # fmt: skip
    assert queries.written_questions(floor.engagement) == 2
    event = FloorEvent.objects.filter(floor=floor, question_number=2).latest("number")
    assert (event.public_number, event.payload["act"]) == (None, "question.import_undone")
    assert event.payload["by"]["name"] == "Cora"
    told = str(list(FloorEvent.objects.values_list("payload", flat=True)))
    assert [text in told for text in reports.ZOOM_TEXTS] == [False, True, False, False]
    with pytest.raises(Refused, match="undone before"):
        importing.undo(taken, by=omar)
    again = take_over(floor, omar, reports.zoom())
    assert [(one.number, one.text) for one in again.questions.order_by("number")] == [
        (6, reports.ZOOM_TEXTS[0]), (7, reports.ZOOM_TEXTS[2]), (8, reports.ZOOM_TEXTS[3]),
    ]  # fmt: skip


def test_the_file_is_given_out_as_it_came_and_on_record(floor: Floor, omar: User) -> None:
    taken = take_over(floor, omar, reports.zoom())
    assert importing.download(taken, by=omar) == reports.zoom()
    written = AuditEntry.objects.get(action="questions.file_downloaded")
    assert (written.actor, written.detail) == (omar, {"sha256": taken.sha256})


def test_the_list_for_the_agency_has_them_without_attribution(floor: Floor, omar: User) -> None:
    factories.make_registration(floor.engagement, "Jane", email="jane.roe@lawfirm.example")
    take_over(floor, omar, reports.zoom())
    engagement = floor.engagement
    assert queries.dispositions(engagement) == [("waiting", "none", 4)]
    compiled = compiling.compile_list(engagement, at=clock.now())
    assert [row.original_text or row.text for row in compiled.rows] == reports.ZOOM_TEXTS
    for words in ("Jane", "Roe", "lawfirm", "Mallory", "live answered"):
        assert words not in repr(compiled.rows)


def test_a_rehearsals_files_go_with_its_questions(floor: Floor, cora: User) -> None:
    Engagement.objects.filter(pk=floor.engagement_id).update(is_rehearsal=True)
    take_over(floor, cora, reports.zoom())
    removed = rehearsing.remove(Engagement.objects.get(pk=floor.engagement_id), by=cora)
    assert (removed.questions, removed.question_imports) == (4, 1)
    assert (Question.objects.count(), QuestionImport.objects.count()) == (0, 0)
