"""A question edited for publication keeps what was asked; note and language are the desk's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engagements.models import AuditEntry
from engagements.refusals import NotAllowed, Refused
from qa import queries, states
from qa.actions import editing, redacting
from qa.models import Question
from tests import factories

if TYPE_CHECKING:
    from engagements.models import Registration, User
    from qa.models import Floor

pytestmark = pytest.mark.django_db

ASKED = "when dos it open"
BETTER = "When does it open?"


@pytest.fixture
def question(floor: Floor, ana: Registration) -> Question:
    return factories.make_question(
        floor, ASKED, asker=ana, category=ana.category, state=states.SHOWN
    )


def edit(floor: Floor, by: User, text: str, seen: int = 1) -> Question:
    return editing.edit(floor, by=by, number=1, seen=seen, text=text)


def test_the_room_reads_the_edited_text_and_the_asker_both(
    floor: Floor, question: Question, ana: Registration, omar: User
) -> None:
    edit(floor, omar, BETTER)

    shown = queries.snapshot(floor.pk, "room")["questions"][0]
    assert (shown["text"], shown["is_edited"]) == (BETTER, True)  # type: ignore[typeddict-item]  # of the room
    assert ASKED not in str(queries.snapshot(floor.pk, "room"))
    own = queries.own(ana.pk)["questions"][0]
    assert (own["text"], own["original_text"], own["revision"]) == (BETTER, ASKED, 2)
    entry = AuditEntry.objects.get(action="question.edited")
    assert BETTER not in str(entry.detail)
    question.refresh_from_db()
    assert (question.decided_by, question.state) == (None, states.SHOWN)


def test_it_goes_back_to_what_was_asked(floor: Floor, question: Question, omar: User) -> None:
    with pytest.raises(Refused):
        editing.restore(floor, by=omar, number=1, seen=1)
    edit(floor, omar, BETTER)
    restored = editing.restore(floor, by=omar, number=1, seen=2)
    assert (restored.text, restored.is_edited, restored.revision) == (ASKED, False, 3)


def test_it_is_looked_through_for_identifiers_anew(
    floor: Floor, question: Question, omar: User
) -> None:
    marked = edit(floor, omar, "When is IOE0912345678 decided?")
    assert marked.open_findings == ["receipt_number"]
    assert edit(floor, omar, BETTER, seen=2).open_findings == []


def test_redacted_words_do_not_come_back(floor: Floor, question: Question, omar: User) -> None:
    edit(floor, omar, "When is John Doe's case decided?")
    redacting.redact(floor, by=omar, number=1, seen=2, words=["John Doe"], reason="person")
    masked = Question.objects.get(pk=question.pk)
    for text in ("When is john  doe decided?", "JOHN-DOE?"):
        with pytest.raises(Refused) as refused:
            edit(floor, omar, text, seen=3)
        assert refused.value.code == "redacted"
    edited = edit(floor, omar, masked.text.replace("When", "On which day"), seen=3)
    assert edited.is_redacted
    assert "Doe" not in edited.text


def test_words_that_only_look_like_redacted_ones_may_be_written(
    floor: Floor, question: Question, omar: User
) -> None:
    edit(floor, omar, "Is the ass at the passport desk a person?")
    for seen, words in ((2, "ass"), (3, "person")):
        redacting.redact(floor, by=omar, number=1, seen=seen, words=[words], reason="offensive")
    masked = Question.objects.get(pk=question.pk)
    edited = edit(floor, omar, masked.text.replace("Is the", "Why is the personal"), seen=4)
    assert edited.text == masked.text.replace("Is the", "Why is the personal")
    with pytest.raises(Refused):
        edit(floor, omar, "Is the A-s-s at the passport desk?", seen=5)


@pytest.mark.parametrize(
    ("text", "seen", "state", "code"),
    [
        (ASKED, 1, states.SHOWN, "already"),
        (BETTER, 9, states.SHOWN, "decided"),
        (BETTER, 1, states.WITHDRAWN, "withdrawn"),
    ],
)
def test_refused_with_a_reason(
    floor: Floor, question: Question, omar: User, text: str, seen: int, state: str, code: str
) -> None:
    Question.objects.update(state=state)
    with pytest.raises(Refused) as refused:
        edit(floor, omar, text, seen)
    assert refused.value.code == code
    question.refresh_from_db()
    assert (question.text, question.revision) == (ASKED, 1)


def test_a_note_is_for_the_desk_alone(
    floor: Floor, question: Question, ana: Registration, omar: User
) -> None:
    editing.annotate(floor, by=omar, number=1, seen=1, note="zqnote")

    assert "zqnote" in str(queries.snapshot(floor.pk, "desk"))
    for told in (
        queries.snapshot(floor.pk, "room"), queries.snapshot(floor.pk, "screen"),
        queries.own(ana.pk), [entry.detail for entry in AuditEntry.objects.all()],
    ):  # fmt: skip
        assert "zqnote" not in str(told)
    with pytest.raises(Refused):
        editing.annotate(floor, by=omar, number=1, seen=2, note="zqnote")
    assert editing.annotate(floor, by=omar, number=1, seen=2, note="").note == ""


def test_the_language_can_be_corrected(floor: Floor, question: Question, omar: User) -> None:
    assert editing.set_language(floor, by=omar, number=1, seen=1, language="es").language == "es"
    with pytest.raises(Refused):
        editing.set_language(floor, by=omar, number=1, seen=2, language="es")


@pytest.mark.parametrize("who", ["ada", "edna", "mia"])
def test_others_than_moderators_change_nothing(
    floor: Floor, question: Question, request: pytest.FixtureRequest, who: str, omar: User
) -> None:
    somebody = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        edit(floor, somebody, BETTER)
    with pytest.raises(NotAllowed):
        editing.annotate(floor, by=somebody, number=1, seen=1, note="n")
    assert edit(floor, omar, BETTER).text == BETTER
