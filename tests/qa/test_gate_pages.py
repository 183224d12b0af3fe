"""Identifiers at the desk and before a list leaves; the office's lists. All without scripts."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from openpyxl import load_workbook

from engagements.models import Engagement, Office
from engagements.refusals import Refused
from qa.actions import asking, lists
from qa.masking import MARKS
from qa.models import DismissalReason, FlaggedWord, ForwardedQuestion, Question
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client

    from engagements.models import Registration, User
    from qa.models import Floor

pytestmark = pytest.mark.django_db

SECRET = "A123-456-789"
TEXT = f"Why does {SECRET} wait?"
FORWARDINGS = reverse("forwardings", args=["live-session"])
BEGIN = reverse("forwarding-begin", args=["live-session"])


def address(name: str, number: int = 1) -> str:
    return reverse(name, args=["live-session", number])


@pytest.fixture
def question(floor: Floor, ana: Registration) -> Question:
    asking.ask(floor, by=ana, text="How long does it take?", client_id=uuid4())
    asking.ask(floor, by=ana, text=TEXT, client_id=uuid4())
    return floor.questions.get(number=2)


@pytest.fixture
def over(question: Question, live_engagement: Engagement) -> Engagement:
    live_engagement.state = Engagement.State.ENDED
    live_engagement.save()
    return live_engagement


def finding(question: Question, **more: Any) -> dict[str, Any]:
    question.refresh_from_db()
    return {"seen": question.revision, "finding": question.findings.get().pk} | more


def test_a_moderator_decides_redacts_looks_and_takes_it_back(
    question: Question, omar: User, sign_in: Callable[[User], Client]
) -> None:
    desk = sign_in(omar)
    page = desk.get(address("desk-question", 2)).content.decode()
    assert "A-Number" in page
    found = finding(question)

    answer = desk.post(
        address("desk-redact", 2), {"seen": 1, "findings": found["finding"], "reason": "identifier"}
    )
    assert answer["Location"] == address("desk-question", 2)
    page = desk.get(answer["Location"]).content.decode()
    assert "The words are redacted." in page
    assert SECRET not in page

    sealed = desk.post(address("desk-sealed", 2))
    assert SECRET in sealed.content.decode()
    assert "no-store" in sealed["Cache-Control"]

    redaction = question.redactions.get()
    desk.post(address("desk-redaction-undo", 2), {"seen": 2, "redaction": redaction.pk})
    question.refresh_from_db()
    assert (question.text, question.is_redacted) == (TEXT, False)


def test_words_may_be_written_down_and_a_panel_gets_the_part_again(
    question: Question, omar: User, sign_in: Callable[[User], Client]
) -> None:
    answer = sign_in(omar).post(
        address("desk-redact", 2),
        {"seen": 1, "words": f"{SECRET}\n wait", "reason": "person"},
        headers={"X-Requested-With": "fetch"},
    )

    assert answer["Location"] == address("desk-question", 2) + "?part=1"
    question.refresh_from_db()
    assert question.text == f"Why does {MARKS['person']} {MARKS['person']}?"


def test_what_is_not_valid_or_not_there_is_told_and_changes_nothing(
    question: Question, omar: User, sign_in: Callable[[User], Client]
) -> None:
    desk = sign_in(omar)
    for sent in (
        {"seen": 1, "reason": "identifier"},
        {"seen": 1, "reason": "identifier", "words": "B1"},
        {"seen": 1, "reason": "none of them", "words": SECRET},
        {"seen": 7, "reason": "identifier", "words": SECRET},
        {"seen": 1, "reason": "identifier", "findings": "999999"},
    ):
        answer = desk.post(address("desk-redact", 2), sent, follow=True)
        assert [told.level_tag for told in answer.context["messages"]] == ["error"]
    desk.post(address("desk-finding", 2), finding(question, verdict="kept"))

    stored = Question.objects.get(pk=question.pk)
    assert (stored.text, stored.revision, stored.open_findings) == (TEXT, 1, ["a_number"])


def test_nothing_with_an_undecided_identifier_leaves(
    over: Engagement, question: Question, edna: User, tmp_path: Path
) -> None:
    Question.objects.update(open_findings=[])

    with pytest.raises(Refused) as refused:
        factories.forward_list(over, by=edna)
    with pytest.raises(CommandError) as exported:
        call_command("export_questions", over.slug, output=str(tmp_path / "a.xlsx"))

    assert refused.value.code == "undecided"
    assert str(refused.value).startswith("Question 2 ")
    assert str(exported.value) == str(refused.value)
    assert not over.forwardings.exists()
    assert not list(tmp_path.iterdir())


def test_an_identifier_in_a_reason_that_would_leave_is_noticed_too(
    over: Engagement, question: Question, edna: User
) -> None:
    question.findings.update(state="kept")
    Question.objects.filter(number=1).update(state="dismissed", dismissal_text=f"see {SECRET}")

    with pytest.raises(Refused):
        factories.forward_list(over, by=edna)

    Question.objects.filter(number=1).update(dismissal_text="see there")
    assert factories.forward_list(over, by=edna).question_count == 2


def test_who_forwards_is_shown_what_waits_and_goes_on_from_there(
    over: Engagement, question: Question, edna: User, ada: User, sign_in: Callable[[User], Client]
) -> None:
    Question.objects.update(open_findings=[])
    office = sign_in(edna)

    blocked = office.post(BEGIN, follow=True).content.decode()
    draft = over.forwardings.get()
    page = reverse("forwarding-draft", args=[over.slug, draft.pk])
    seal = reverse("forwarding-seal", args=[over.slug, draft.pk])
    assert "Question 2 may hold a personal identifier." in blocked
    assert "1 question waits for a decision" in blocked
    assert TEXT in blocked
    assert "Seal and send …" not in blocked
    office.post(seal, {"seen": "0" * 32})
    assert not ForwardedQuestion.objects.exists()
    # Its number leads those to the question who may open the desk.
    link = f'<a href="{reverse("desk-question", args=[over.slug, 2])}">Question 2</a>'
    assert (link in blocked, link in sign_in(ada).get(page).content.decode()) == (
        False,
        True,
    )

    answer = office.post(
        address("desk-finding", 2),
        finding(question, verdict="kept", reason="an example", back_to="lists"),
    )
    assert answer["Location"] == page
    mark = office.get(page).context["compiled"].mark
    office.post(seal, {"seen": mark})

    assert over.forwardings.get().question_count == 2
    assert ForwardedQuestion.objects.get(number=2).text == TEXT


def test_a_redacted_question_leaves_masked_and_what_left_before_stays(
    over: Engagement, question: Question, edna: User, omar: User,
    sign_in: Callable[[User], Client],
) -> None:  # fmt: skip
    desk = sign_in(omar)
    desk.post(address("desk-finding", 2), finding(question, verdict="not_identifier"))
    factories.forward_list(over, by=edna)

    desk.post(address("desk-redact", 2), {"seen": 2, "words": SECRET, "reason": "identifier"})
    second = factories.forward_list(over, by=edna)

    texts = ForwardedQuestion.objects.filter(number=2).order_by("pk").values_list("text", flat=True)
    assert list(texts) == [TEXT, TEXT.replace(SECRET, MARKS["identifier"])]
    sheet = load_workbook(io.BytesIO(factories.list_file(second)))["Questions"]
    assert SECRET not in str(list(sheet.iter_rows(values_only=True)))
    page = desk.get(address("desk-question", 2)).content.decode()
    assert "keeps the words with which it went" in page


def test_the_word_list_is_kept_by_a_coordinator_and_not_overwritten_unseen(
    cora: User, engagement: Engagement, sign_in: Callable[[User], Client]
) -> None:
    office = sign_in(cora)
    page = reverse("flagged-words")
    assert office.get(page).status_code == 200
    seen = lists.list_digest([])

    saved = office.post(page, {"words": " fee  waiver \nbacklog\n\nBacklog", "seen": seen})
    stale = office.post(page, {"words": "", "seen": seen})
    too_long = office.post(page, {"words": "x" * 61, "seen": seen})

    assert (saved.status_code, stale.status_code, too_long.status_code) == (302, 409, 400)
    assert list(FlaggedWord.objects.values_list("word", flat=True)) == ["Backlog", "fee waiver"]


def reasons_sent(**changes: Any) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    for reason in DismissalReason.objects.all():
        values = {"label": reason.label, "position": reason.position, "is_told": "on",
                  "is_active": "on"}  # fmt: skip
        sent |= {f"reason-{reason.pk}-{name}": value for name, value in values.items()}
    return sent | changes


def test_reasons_are_added_renamed_switched_off_and_removed(
    cora: User, engagement: Engagement, sign_in: Callable[[User], Client]
) -> None:
    office = sign_in(cora)
    page = reverse("dismissal-reasons")
    unclear = DismissalReason.objects.get(code="unclear").pk
    new = {"reason-new-label": "Too long", "reason-new-position": 9, "reason-new-is_active": "on"}
    office.post(page, reasons_sent(**new))
    added = DismissalReason.objects.get(code="too-long")
    assert (added.label, added.position, added.is_told, added.is_built_in) == (
        "Too long", 9, False, False,
    )  # fmt: skip

    renamed = reasons_sent(**{f"reason-{unclear}-label": "hard to read"})
    del renamed[f"reason-{unclear}-is_active"]
    renamed[f"reason-{added.pk}-is_removed"] = "on"
    # A built-in one has no such box; who sends it all the same removes nothing.
    renamed[f"reason-{unclear}-is_removed"] = "on"
    assert office.post(page, renamed).status_code == 302

    reason = DismissalReason.objects.get(pk=unclear)
    assert (reason.code, reason.label, reason.is_active) == ("unclear", "hard to read", False)
    assert not DismissalReason.objects.filter(pk=added.pk).exists()


def test_one_reason_stays_in_use_and_none_that_is_built_in_is_removed(
    cora: User, engagement: Engagement, sign_in: Callable[[User], Client]
) -> None:
    sent = {name: value for name, value in reasons_sent().items() if "is_active" not in name}
    built_in = DismissalReason.objects.get(code="unclear")
    words = lists.ReasonWords("unclear", 1, is_told=True, is_active=True)

    refused = sign_in(cora).post(reverse("dismissal-reasons"), sent)
    with pytest.raises(Refused) as removing:
        lists.edit_reasons(by=cora, words={built_in.pk: words}, removed=[built_in.pk])

    assert (refused.status_code, removing.value.code) == (409, "built_in")
    assert DismissalReason.objects.filter(is_active=True).count() == 5


def test_the_case_form_is_an_address_by_https(
    sign_in: Callable[[User], Client],
) -> None:
    admin = factories.make_user("Ada", is_administrator=True)
    office = sign_in(admin)
    names = {
        name: getattr(Office.current(), name)
        for name in ("department", "department_short", "name", "short_name")
    }
    page = reverse("office-words")

    for address in ("http://case.example/", "javascript:alert(1)", "case"):
        assert office.post(page, names | {"case_form_url": address}).status_code == 400
    good = {"case_form_url": "https://case.example/7001", "case_form_name": "Form 7001"}
    assert office.post(page, names | good).status_code == 302

    current = Office.current()
    assert (current.case_form_url, current.case_form_name) == tuple(good.values())
