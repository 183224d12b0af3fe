"""Redaction: the words are nowhere but under the seal, and come back exactly."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagements.models import AuditEntry
from engagements.refusals import NotAllowed, Refused
from qa import events, projection, queries
from qa.actions import answering, asking, editing, gating, moderating, redacting, sealing
from qa.live.feed import Feed
from qa.masking import MARKS
from qa.models import (
    Finding,
    FlaggedWord,
    FloorEvent,
    Question,
    Redaction,
    SealedText,
    WrittenAnswer,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engagements.models import Registration, User
    from qa.models import Floor

pytestmark = pytest.mark.django_db

SECRET = "A123-456-789"
TEXT = f"Why does {SECRET} of my cousin Ivana wait?"
MARK = MARKS["identifier"]


@pytest.fixture
def question(floor: Floor, ana: Registration) -> Question:
    return asking.ask(floor, by=ana, text=TEXT, client_id=uuid4())


def redact(
    floor: Floor, by: User, question: Question, *words: str, reason: str = "identifier"
) -> Question:
    return redacting.redact(
        floor, by=by, number=question.number, seen=revision(question), words=words, reason=reason
    )


def undo(floor: Floor, by: User, question: Question, redaction: Redaction) -> Question:
    return redacting.undo(
        floor, by=by, number=question.number, seen=revision(question), redaction=redaction.pk
    )


def revision(question: Question) -> int:
    return Question.objects.get(pk=question.pk).revision


def everywhere(question: Question) -> str:
    """All that is stored of a question but what is sealed."""
    stored = Question.objects.get(pk=question.pk)
    rows: Sequence[Any] = [
        stored.text, stored.original_text, stored.note, stored.dismissal_text,
        *Finding.objects.filter(question=question).values_list("words", flat=True),
        *FloorEvent.objects.values_list("payload", flat=True),
        *WrittenAnswer.objects.values_list("text", flat=True),
        *AuditEntry.objects.values_list("detail", flat=True),
    ]  # fmt: skip
    return json.dumps(list(rows), ensure_ascii=False)


def test_redacted_words_are_under_the_seal_and_nowhere_else(
    floor: Floor, question: Question, omar: User
) -> None:
    editing.annotate(floor, by=omar, number=1, seen=1, note=f"see {SECRET}")
    editing.edit(floor, by=omar, number=1, seen=2, text=f"Why does {SECRET} wait?")
    moderating.dismiss(floor, by=omar, number=1, seen=3, reason="unclear", text=f"{SECRET}: a case")
    assert everywhere(question).count(SECRET) > 8

    changed = redact(floor, omar, question, SECRET)

    assert SECRET not in everywhere(question)
    assert changed.text == f"Why does {MARK} wait?"
    assert changed.original_text == f"Why does {MARK} of my cousin Ivana wait?"
    assert (changed.is_redacted, changed.open_findings) == (True, [])
    assert changed.note == f"see {MARK}"
    sealed = SealedText.objects.get(question=question)
    assert (sealed.text, sealed.original_text) == (f"Why does {SECRET} wait?", TEXT)
    finding = question.findings.get()
    assert (finding.state, finding.words, finding.decided_by) == ("redacted", "", omar)
    entry = AuditEntry.objects.filter(action="question.redacted").get()
    assert entry.actor == omar


def test_a_finding_is_redacted_by_its_key(floor: Floor, question: Question, omar: User) -> None:
    finding = question.findings.get()

    changed = redacting.redact(
        floor, by=omar, number=1, seen=1, findings=[finding.pk], reason="identifier"
    )

    assert changed.text == TEXT.replace(SECRET, MARK)


def test_a_written_answer_loses_the_words_too(floor: Floor, question: Question, omar: User) -> None:
    moderating.show(floor, by=omar, number=1, seen=1)
    answering.write(
        floor, by=omar, number=1, seen=2, text=f"{SECRET} waits.", given_by="Omar", reach="all",
        publish=True,
    )  # fmt: skip

    redact(floor, omar, question, SECRET)

    assert SECRET not in everywhere(question)
    assert WrittenAnswer.objects.get().text == f"{MARK} waits."


def test_another_spelling_in_the_history_is_masked_too(
    floor: Floor, question: Question, omar: User
) -> None:
    spelled = "a# 123 456 789"
    editing.annotate(floor, by=omar, number=1, seen=1, note=f"is it {spelled}?")
    editing.annotate(floor, by=omar, number=1, seen=2, note="no")
    assert spelled in everywhere(question)

    redact(floor, omar, question, SECRET)

    assert spelled not in everywhere(question)


def test_words_that_are_not_there_are_refused(floor: Floor, question: Question, omar: User) -> None:
    for words in (["B999"], [SECRET, "B999"], [], ["  "]):
        with pytest.raises(Refused):
            redact(floor, omar, question, *words)

    stored = Question.objects.get(pk=question.pk)
    assert (stored.text, stored.revision, stored.is_redacted) == (TEXT, 1, False)
    assert not Redaction.objects.exists()
    assert not SealedText.objects.exists()


def test_undone_it_is_as_it_was_and_waits_for_a_decision_again(
    floor: Floor, question: Question, omar: User
) -> None:
    redact(floor, omar, question, SECRET)
    redact(floor, omar, question, "Ivana", reason="person")
    first, second = question.redactions.all()

    half = undo(floor, omar, question, first)
    assert half.text == TEXT.replace("Ivana", MARKS["person"])
    assert half.open_findings == ["a_number"]
    whole = undo(floor, omar, question, second)

    assert (whole.text, whole.original_text, whole.is_redacted) == (TEXT, TEXT, False)
    assert not SealedText.objects.exists()
    with pytest.raises(NotAllowed):
        undo(floor, omar, question, second)


def test_an_edit_brings_nothing_back_and_is_kept_by_an_undo(
    floor: Floor, question: Question, omar: User
) -> None:
    redact(floor, omar, question, SECRET)
    with pytest.raises(Refused):
        editing.edit(floor, by=omar, number=1, seen=2, text="Why does A123 456 789 wait?")

    edited = editing.edit(floor, by=omar, number=1, seen=2, text=f"How long will {MARK} wait?")
    assert edited.text == f"How long will {MARK} wait?"
    restored = undo(floor, omar, question, question.redactions.get())

    assert restored.text == f"How long will {SECRET} wait?"
    assert restored.original_text == TEXT


def test_only_the_desk_redacts_and_the_sealed_words_are_opened_on_record(
    floor: Floor, question: Question, omar: User, edna: User
) -> None:
    with pytest.raises(NotAllowed):
        redact(floor, edna, question, SECRET)
    with pytest.raises(NotAllowed):
        sealing.open_sealed(floor, by=omar, number=1)
    redact(floor, omar, question, SECRET)
    with pytest.raises(NotAllowed):
        sealing.open_sealed(floor, by=edna, number=1)
    looks = AuditEntry.objects.filter(action="question.sealed_opened")
    assert not looks.exists()

    assert sealing.open_sealed(floor, by=omar, number=1).original_text == TEXT
    assert looks.get().actor == omar


def test_what_its_asker_has_withdrawn_the_seal_tells_nobody(
    floor: Floor, question: Question, ana: Registration, omar: User
) -> None:
    redact(floor, omar, question, SECRET)
    assert sealing.open_sealed(floor, by=omar, number=1).original_text == TEXT

    asking.withdraw(floor, by=ana, number=1)
    with pytest.raises(NotAllowed):
        sealing.open_sealed(floor, by=omar, number=1)
    assert AuditEntry.objects.filter(action="question.sealed_opened").count() == 1


def test_a_redacted_word_of_the_offices_list_leaves_the_history_too(
    floor: Floor, ana: Registration, omar: User
) -> None:
    for word in ("zqnitwit", "cousin"):
        FlaggedWord.objects.create(word=word, added_by=omar)
    question = asking.ask(
        floor, by=ana, text="Which Zqnitwít has my cousin's file?", client_id=uuid4()
    )
    assert question.flagged_words == ["cousin", "zqnitwit"]

    redacted = redact(floor, omar, question, "Zqnitwít", reason="offensive")

    assert redacted.flagged_words == ["cousin"]
    told = [event.payload["question"]["flagged_words"] for event in FloorEvent.objects.all()]
    assert told == [["cousin"], ["cousin"]]
    assert "zqnitw" not in everywhere(question).casefold()


@pytest.mark.parametrize("audience", projection.AUDIENCES)
def test_who_kept_the_words_tells_them_to_nobody_who_comes_later(
    floor: Floor, question: Question, omar: User, audience: str
) -> None:
    moderating.show(floor, by=omar, number=1, seen=1)
    feed = Feed(audience, 0)
    for told in queries.events_since(floor.pk, 0, most=100):
        feed.take(told)
    before = feed.frame(0)
    assert before is not None
    assert SECRET in before

    redact(floor, omar, question, SECRET)
    for told in queries.events_since(floor.pk, 0, most=100):
        feed.take(told)

    after = feed.frame(0)
    assert after is not None
    assert SECRET not in after
    assert MARK in after
    assert feed.words_gone_at == feed.head


PIECES = (SECRET, "456", "Ivana", "my cousin Ivana", "789 of my", "wait?")


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.integers(0, 2 * len(PIECES) - 1), max_size=7))
def test_whatever_is_redacted_and_undone_in_whatever_order_all_comes_back(
    floor: Floor, ana: Registration, omar: User, steps: list[int]
) -> None:
    question = asking_again(floor, ana)
    for step in steps:
        in_force = list(question.redactions.filter(undone_at=None))
        if step < len(PIECES):
            visible = Question.objects.get(pk=question.pk).text
            if PIECES[step] in visible:
                redact(floor, omar, question, PIECES[step])
                assert PIECES[step] not in Question.objects.get(pk=question.pk).text
        elif in_force:
            undo(floor, omar, question, in_force[step % len(in_force)])
    for redaction in question.redactions.filter(undone_at=None):
        undo(floor, omar, question, redaction)

    stored = Question.objects.get(pk=question.pk)
    assert (stored.text, stored.original_text, stored.is_redacted) == (TEXT, TEXT, False)
    assert stored.open_findings == ["a_number"]


def asking_again(floor: Floor, ana: Registration) -> Question:
    """Another question, whatever the asker's pace."""
    locked = events.lock(floor.pk)
    number = locked.last_question_number + 1
    question = Question(floor=locked, number=number, asker=ana, text=TEXT, original_text=TEXT)
    asking.insert(locked, [question])
    locked.save(update_fields=["last_question_number"])
    return Question.objects.get(pk=question.pk)


def test_a_look_at_all_before_a_list_leaves_finds_what_came_before_the_gate(
    floor: Floor, question: Question
) -> None:
    Finding.objects.all().delete()
    Question.objects.update(open_findings=[])

    waiting = gating.reexamine_list(floor)

    assert [one.number for one in waiting] == [1]
    stored = Question.objects.get(pk=question.pk)
    assert (stored.open_findings, stored.revision) == (["a_number"], 2)
    assert question.findings.get().words == SECRET
    assert gating.reexamine_list(floor)[0].revision == 2
