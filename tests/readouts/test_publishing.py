from __future__ import annotations

import hashlib
import io
import threading
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from pypdf import PdfReader

from engagements.models import AuditEntry, DeclaredAttendance
from engagements.refusals import NotAllowed, Refused
from qa import states
from qa.actions import redacting
from qa.models import Question
from readouts import queries
from readouts.actions import editing, publishing, sampling
from readouts.actions.editing import Overtaken
from readouts.document import Document
from readouts.models import Readout, ReadoutVersion
from tests.readouts.conftest import checksum_of, pdf_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from engagements.models import Engagement, User

pytestmark = pytest.mark.django_db


def text_of(pdf: bytes) -> str:
    return " ".join(
        " ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages
    )


def published(version: ReadoutVersion) -> tuple[object, bytes, str, str]:
    stored = ReadoutVersion.objects.get(pk=version.pk)
    return stored.document, pdf_of(stored), checksum_of(stored), stored.correction_note


@pytest.fixture
def submitted(readout: Readout, questions: list[Question], edna: User) -> Readout:
    editing.edit(readout, by=edna, revision=1, summary="What was **said**.")
    sampling.choose(readout, questions[0], by=edna, reason="Many ask this")
    return publishing.submit(readout, by=edna)


def test_second_person_publishes_what_is_frozen(submitted: Readout, edna: User, paul: User) -> None:
    with pytest.raises(Refused) as refusal:
        publishing.publish(submitted, by=edna)
    assert refusal.value.code == "last_editor"
    assert not ReadoutVersion.objects.exists()
    version = publishing.publish(submitted, by=paul)
    stored = ReadoutVersion.objects.get()
    assert (stored.pk, stored.number, stored.imported) == (version.pk, 1, False)
    assert (stored.published_by, stored.publisher) == (paul, "Paul")
    assert checksum_of(stored) == hashlib.sha256(pdf_of(stored)).hexdigest()
    assert Document.from_json(stored.document) == queries.document_of(submitted)
    assert "What was said." in text_of(pdf_of(stored))
    assert submitted.state == Readout.State.PUBLISHED
    entry = AuditEntry.objects.get(action="readout.frozen")
    assert (entry.actor, entry.detail) == (
        paul,
        {
            "version": 1,
            "digest": stored.digest,
            "files": {file.format: file.sha256 for file in stored.files.all()},
        },
    )


def test_administrator_may_be_the_second_person(submitted: Readout, ada: User) -> None:
    assert publishing.publish(submitted, by=ada).number == 1


@pytest.mark.parametrize("stranger", ["omar", "cora", "mia", "uma"])
def test_others_neither_submit_publish_return_correct_nor_withdraw(
    submitted: Readout, stranger: str, request: pytest.FixtureRequest
) -> None:
    user: User = request.getfixturevalue(stranger)
    moves: list[Callable[[], object]] = [
        lambda: publishing.publish(submitted, by=user),
        lambda: publishing.return_to_draft(submitted, by=user, note="x"),
        lambda: publishing.submit(submitted, by=user),
        lambda: publishing.correct(submitted, by=user, note="x"),
        lambda: publishing.withdraw(submitted, by=user, reason="x"),
    ]
    for move in moves:
        with pytest.raises(NotAllowed):
            move()
    submitted.refresh_from_db()
    assert (submitted.state, submitted.versions.count()) == ("in_review", 0)


def test_moves_out_of_order_are_refused_with_the_reason(
    submitted: Readout, edna: User, paul: User
) -> None:
    with pytest.raises(Refused) as refusal:
        publishing.submit(submitted, by=edna)
    assert refusal.value.code == "wrong_state"
    assert str(refusal.value).startswith(
        "This readout is in review, so it cannot be submitted for review. Edna changed that on "
    )
    publishing.return_to_draft(submitted, by=paul, note="A name is wrong.")
    with pytest.raises(Refused) as refusal:
        publishing.publish(submitted, by=paul)
    assert refusal.value.code == "wrong_state"
    with pytest.raises(Refused) as refusal:
        publishing.withdraw(submitted, by=paul, reason="Too early")
    assert refusal.value.code == "wrong_state"
    assert (submitted.state, submitted.versions.count()) == ("draft", 0)


def test_what_changed_after_reading_is_not_published(
    submitted: Readout, edna: User, paul: User, ada: User
) -> None:
    seen = submitted.revision
    publishing.return_to_draft(submitted, by=edna)
    editing.edit(submitted, by=edna, revision=seen, summary="Something else")
    publishing.submit(submitted, by=edna)
    with pytest.raises(Overtaken):
        publishing.publish(submitted, by=paul, revision=seen)
    assert not ReadoutVersion.objects.exists()
    assert publishing.publish(submitted, by=ada, revision=submitted.revision).number == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_publishers_at_once_one_wins(submitted: Readout, paul: User, ada: User) -> None:
    ready = threading.Barrier(2)
    results: list[str] = []

    def press(by: User) -> None:
        own = Readout.objects.select_related("engagement").get(pk=submitted.pk)
        ready.wait()
        try:
            results.append(f"version {publishing.publish(own, by=by).number}")
        except Refused as refused:
            results.append(refused.code)
        finally:
            connection.close()

    presses = [threading.Thread(target=press, args=(by,)) for by in (paul, ada)]
    for thread in presses:
        thread.start()
    for thread in presses:
        thread.join()
    assert sorted(results) == ["version 1", "wrong_state"]
    assert ReadoutVersion.objects.count() == 1


def test_version_never_changes_whatever_happens_later(
    submitted: Readout, over: Engagement, edna: User, paul: User
) -> None:
    version = publishing.publish(submitted, by=paul)
    before = published(version)
    Question.objects.update(text="Other words", state=states.DISMISSED)
    DeclaredAttendance.objects.update(people=1)
    over.title = "Another title"
    over.save()
    publishing.correct(submitted, by=edna, note="Figures")
    editing.edit(submitted, by=edna, revision=submitted.revision, summary="Other")
    with pytest.raises(TypeError):
        version.save()
    with pytest.raises(TypeError):
        version.delete()
    assert published(version) == before


def test_correction_is_a_new_version_and_the_old_one_stays(
    submitted: Readout, edna: User, paul: User
) -> None:
    first = publishing.publish(submitted, by=paul)
    before = published(first)
    publishing.correct(submitted, by=paul, note=" The number of\nquestions ")
    assert queries.latest_in_force(submitted) == first
    editing.edit(submitted, by=edna, revision=submitted.revision, summary="Put right.")
    publishing.submit(submitted, by=edna)
    second = publishing.publish(submitted, by=paul)
    assert (second.number, second.correction_note) == (2, "The number of questions")
    assert "Corrected: The number of questions" in text_of(pdf_of(second))
    assert queries.latest_in_force(submitted) == second
    assert published(first) == before


def test_who_opens_a_correction_is_its_last_editor(
    submitted: Readout, paul: User, edna: User
) -> None:
    publishing.publish(submitted, by=paul)
    publishing.correct(submitted, by=paul, note="A name")
    publishing.submit(submitted, by=edna)
    with pytest.raises(Refused) as refusal:
        publishing.publish(submitted, by=paul)
    assert refusal.value.code == "last_editor"
    assert publishing.publish(submitted, by=edna).number == 2


def test_withdrawn_stays_withdrawn_while_it_is_corrected(
    submitted: Readout, edna: User, paul: User, ada: User
) -> None:
    publishing.publish(submitted, by=paul)
    with pytest.raises(Refused) as refusal:
        publishing.withdraw(submitted, by=edna, reason="Wrong")
    assert refusal.value.code == "last_editor"
    publishing.withdraw(submitted, by=ada, reason="The figures were wrong.")
    assert (submitted.state, submitted.withdrawal_reason) == (
        "withdrawn",
        "The figures were wrong.",
    )
    publishing.correct(submitted, by=edna, note="Figures")
    assert queries.latest_in_force(submitted) is None
    publishing.submit(submitted, by=edna)
    second = publishing.publish(submitted, by=paul)
    assert queries.latest_in_force(submitted) == second
    assert [queries.is_withdrawn(version) for version in submitted.versions.all()] == [False, True]


@pytest.mark.parametrize("words", ["", " \n", "x" * 501])
def test_note_and_reason_are_needed_and_not_long(
    submitted: Readout, edna: User, paul: User, words: str
) -> None:
    publishing.publish(submitted, by=paul)
    with pytest.raises(Refused):
        publishing.correct(submitted, by=edna, note=words)
    with pytest.raises(Refused):
        publishing.withdraw(submitted, by=paul, reason=words)
    submitted.refresh_from_db()
    assert submitted.state == Readout.State.PUBLISHED


@pytest.mark.parametrize("state", [states.WITHDRAWN, states.DISMISSED])
def test_question_that_is_gone_by_now_is_not_published(
    submitted: Readout, questions: list[Question], paul: User, edna: User, state: str
) -> None:
    Question.objects.filter(pk=questions[0].pk).update(state=state)
    with pytest.raises(Refused) as refusal:
        publishing.publish(submitted, by=paul)
    assert refusal.value.code == "sample_gone"
    submitted.refresh_from_db()
    assert (submitted.state, submitted.versions.count()) == ("in_review", 0)
    publishing.return_to_draft(submitted, by=edna)
    with pytest.raises(Refused) as refusal:
        publishing.submit(submitted, by=edna)
    assert refusal.value.code == "sample_gone"


def test_what_cannot_be_printed_is_not_submitted(readout: Readout, edna: User) -> None:
    editing.edit(readout, by=edna, revision=1, summary="A rare sign: \U00012000")
    with pytest.raises(Refused) as refusal:
        publishing.submit(readout, by=edna)
    assert refusal.value.code == "unprintable"
    assert "U+12000" in str(refusal.value)
    readout.refresh_from_db()
    assert readout.state == Readout.State.DRAFT


def test_hostile_summary_is_inert_in_the_file(readout: Readout, edna: User, paul: User) -> None:
    hostile = '#read("/etc/passwd")\n\n<script>alert(1)</script>\n\n[here](javascript:alert(1))'
    editing.edit(readout, by=edna, revision=1, summary=hostile)
    publishing.submit(readout, by=edna)
    pdf = pdf_of(publishing.publish(readout, by=paul))
    words = text_of(pdf)
    assert '#read("/etc/passwd")' in words
    assert "<script>alert(1)</script>" in words
    assert "root:" not in words
    assert b"javascript" not in pdf.lower()


def test_words_that_were_redacted_since_are_not_published(
    submitted: Readout, questions: list[Question], paul: User, omar: User
) -> None:
    sample = submitted.samples.get(question=questions[0])
    seen, words = sample.text, " ".join(sample.text.split()[:2])
    redacting.redact(
        questions[0].floor, by=omar, number=questions[0].number, seen=1, words=[words],
        reason="person",
    )  # fmt: skip

    with pytest.raises(Refused) as refusal:
        publishing.publish(submitted, by=paul)

    assert refusal.value.code == "overtaken"
    masked = submitted.samples.get(pk=sample.pk).text
    assert words not in masked
    submitted.samples.filter(pk=sample.pk).update(text=seen)
    with pytest.raises(Refused) as refusal:
        publishing.publish(submitted, by=paul)
    assert refusal.value.code == "sample_redacted"
    submitted.samples.filter(pk=sample.pk).update(text=masked)
    assert publishing.publish(submitted, by=paul).number == 1
