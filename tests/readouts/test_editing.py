from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engagements.models import AuditEntry
from engagements.refusals import NotAllowed, Refused
from qa import states
from readouts import queries
from readouts.actions import editing, publishing, sampling
from readouts.actions.editing import Overtaken
from readouts.actions.sampling import SampleEntry
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from engagements.models import User
    from qa.models import Question
    from readouts.models import Readout

pytestmark = pytest.mark.django_db


def sample_of(readout: Readout) -> list[tuple[int, str]]:
    return [(sample.question.number, sample.text) for sample in readout.samples.all()]


@pytest.fixture
def sampled(readout: Readout, questions: list[Question], edna: User) -> Readout:
    for question in questions:
        sampling.choose(readout, question, by=edna, reason="Many ask this")
    return readout


def test_edit_saves_cleaned_words_and_counts_the_revision(readout: Readout, paul: User) -> None:
    editing.edit(
        readout,
        by=paul,
        revision=1,
        summary="One.\r\n\r\n\x00Two. ",
        posts_presentation=True,
        small_figures_reason=" They\nagreed ",
    )
    readout.refresh_from_db()
    assert readout.summary == "One.\n\nTwo."
    assert readout.small_figures_reason == "They agreed"
    assert queries.stored_facts(readout).posts_presentation
    assert (readout.last_editor, readout.revision) == (paul, 2)
    assert AuditEntry.objects.get(action="readout.edited").actor == paul


def test_what_is_not_given_stays(readout: Readout, edna: User) -> None:
    editing.edit(
        readout,
        by=edna,
        revision=1,
        summary="One.",
        posts_presentation=True,
        small_figures_reason="They agreed",
    )
    editing.edit(readout, by=edna, revision=2, summary="Two.")
    assert (readout.summary, readout.small_figures_reason) == ("Two.", "They agreed")
    assert queries.stored_facts(readout).posts_presentation


def test_who_sends_the_same_words_changes_nothing(readout: Readout, edna: User, paul: User) -> None:
    editing.edit(readout, by=edna, revision=1, summary="One.")
    editing.edit(
        readout,
        by=paul,
        revision=1,
        summary="One.",
        posts_presentation=False,
        small_figures_reason="",
    )
    assert (readout.last_editor, readout.revision) == (edna, 2)
    assert AuditEntry.objects.filter(action="readout.edited").count() == 1


def test_second_of_two_editors_is_told_and_overwrites_nothing(
    readout: Readout, edna: User, paul: User
) -> None:
    editing.edit(readout, by=edna, revision=1, summary="Edna's words")
    with pytest.raises(Overtaken) as overtaken:
        editing.edit(readout, by=paul, revision=1, summary="Paul's words")
    assert overtaken.value.readout.summary == "Edna's words"
    assert str(overtaken.value).startswith("Edna saved this readout at ")
    readout.refresh_from_db()
    assert (readout.summary, readout.last_editor, readout.revision) == ("Edna's words", edna, 2)
    editing.edit(readout, by=paul, revision=2, summary="Words of both")
    assert readout.summary == "Words of both"


def test_only_editors_here_edit_and_only_a_draft(
    sampled: Readout, questions: list[Question], edna: User, omar: User, ada: User, mia: User
) -> None:
    before = sample_of(sampled)
    first = sampled.samples.all()[0].pk
    for stranger in (omar, ada, mia):
        with pytest.raises(NotAllowed):
            editing.edit(sampled, by=stranger, revision=sampled.revision, summary="x")
        with pytest.raises(NotAllowed):
            sampling.choose(sampled, questions[0], by=stranger, reason="Many ask this")
        with pytest.raises(NotAllowed):
            sampling.move(sampled, first, by=stranger, steps=1)
        with pytest.raises(NotAllowed):
            sampling.remove(sampled, first, by=stranger)
        with pytest.raises(NotAllowed):
            sampling.arrange(sampled, by=stranger, revision=sampled.revision, entries=[])
    publishing.submit(sampled, by=edna, without_summary=True)
    with pytest.raises(Refused) as refusal:
        editing.edit(sampled, by=edna, revision=sampled.revision, summary="x")
    assert refusal.value.code == "wrong_state"
    with pytest.raises(Refused):
        sampling.remove(sampled, first, by=edna)
    assert sample_of(sampled) == before


def test_reviewed_questions_are_chosen_once_with_the_words_of_the_room(
    readout: Readout, questions: list[Question], edna: User
) -> None:
    held = factories.make_question(readout.engagement.floor, "A held one?", state=states.HELD)
    sampling.choose(readout, questions[1], by=edna, reason="Many ask this")
    sampling.choose(readout, held, by=edna, reason="Many ask this")
    with pytest.raises(Refused) as refusal:
        sampling.choose(readout, held, by=edna, reason="Many ask this")
    assert refusal.value.code == "already"
    assert sample_of(readout) == [(2, "Who answers?"), (4, "A held one?")]


@pytest.mark.parametrize(
    "state", [states.WAITING, states.DISMISSED, states.MERGED, states.WITHDRAWN]
)
def test_what_was_not_let_through_is_not_quoted(readout: Readout, edna: User, state: str) -> None:
    question = factories.make_question(readout.engagement.floor, "Secret?", state=state)
    with pytest.raises(Refused) as refusal:
        sampling.choose(readout, question, by=edna, reason="Many ask this")
    assert (refusal.value.code, sample_of(readout)) == ("not_choosable", [])


def test_words_are_edited_for_publication_and_the_question_keeps_its_own(
    sampled: Readout, questions: list[Question], edna: User
) -> None:
    first, second, third = sampled.samples.all()
    sampling.arrange(
        sampled,
        by=edna,
        revision=sampled.revision,
        entries=[
            SampleEntry(first.pk, first.text, 1),
            SampleEntry(second.pk, "Who answers calls? ", 2),
            SampleEntry(third.pk, third.text, 1),
        ],
    )
    assert sample_of(sampled) == [
        (3, "What about time zones?"),
        (1, "When does it open?"),
        (2, "Who answers calls?"),
    ]
    assert [sample.position for sample in sampled.samples.all()] == [1, 2, 3]
    questions[1].refresh_from_db()
    assert (questions[1].text, questions[1].original_text) == ("Who answers?", "Who answers?")


def test_place_of_another_moves_down_too(sampled: Readout, edna: User) -> None:
    first = sampled.samples.all()[0]
    sampling.arrange(
        sampled,
        by=edna,
        revision=sampled.revision,
        entries=[SampleEntry(first.pk, first.text, 2)],
    )
    assert [number for number, _text in sample_of(sampled)] == [2, 1, 3]


@pytest.mark.parametrize(("words", "code"), [(" \n", "empty"), ("x" * 2_001, "too_long")])
def test_words_must_be_there_and_not_too_many(
    sampled: Readout, edna: User, words: str, code: str
) -> None:
    before = sample_of(sampled)
    first = sampled.samples.all()[0]
    entries = [SampleEntry(first.pk, words, 1)]
    with pytest.raises(Refused) as refusal:
        sampling.arrange(sampled, by=edna, revision=sampled.revision, entries=entries)
    assert (refusal.value.code, sample_of(sampled)) == (code, before)


def test_arranging_on_an_old_revision_changes_nothing(
    sampled: Readout, edna: User, paul: User
) -> None:
    first, second, _third = sampled.samples.all()
    seen = sampled.revision
    sampling.remove(sampled, second.pk, by=edna)
    with pytest.raises(Overtaken):
        sampling.arrange(
            sampled, by=paul, revision=seen, entries=[SampleEntry(first.pk, "Mine?", 1)]
        )
    assert sample_of(sampled) == [(1, "When does it open?"), (3, "What about time zones?")]


@pytest.mark.parametrize(
    ("number", "steps", "order"),
    [(3, -1, [1, 3, 2]), (1, 1, [2, 1, 3]), (1, -1, [1, 2, 3]), (3, 1, [1, 2, 3])],
)
def test_move_up_and_down(
    sampled: Readout, edna: User, number: int, steps: int, order: list[int]
) -> None:
    sample = sampled.samples.get(question__number=number)
    sampling.move(sampled, sample.pk, by=edna, steps=steps)
    assert [number for number, _text in sample_of(sampled)] == order


def test_removed_leaves_no_gap_and_cannot_be_moved(sampled: Readout, edna: User) -> None:
    second = sampled.samples.all()[1]
    sampling.remove(sampled, second.pk, by=edna)
    assert [sample.position for sample in sampled.samples.all()] == [1, 2]
    presses: list[Callable[[], object]] = [
        lambda: sampling.remove(sampled, second.pk, by=edna),
        lambda: sampling.move(sampled, second.pk, by=edna, steps=1),
    ]
    for press in presses:
        with pytest.raises(Refused) as refusal:
            press()
        assert refusal.value.code == "gone"


def test_audit_holds_no_words(sampled: Readout) -> None:
    entry = AuditEntry.objects.filter(action="readout.sample_changed").latest("pk")
    assert entry.detail["questions"] == [1, 2, 3]
    assert "open" not in str(entry.detail)
