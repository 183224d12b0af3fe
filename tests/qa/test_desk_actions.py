"""Diverting, sorting, many at once, and taking back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engagements import clock
from engagements.models import AuditEntry, User
from engagements.refusals import NotAllowed, Refused
from qa import events, projection, states
from qa.actions import bulk, editing, intake, merging, moderating, sorting, undoing
from qa.models import DismissalReason, FloorEvent, Question
from tests.factories import START, make_question, make_user

if TYPE_CHECKING:
    from qa.models import Floor

pytestmark = pytest.mark.django_db


@pytest.fixture
def olga(floor: Floor) -> User:
    olga = make_user("Olga")
    floor.engagement.memberships.create(user=olga, role="moderator")
    return olga


@pytest.fixture
def asked(floor: Floor) -> list[Question]:
    """Three questions as they come in: each with its event."""
    questions = [Question(floor=floor, text=f"Why {n}?", original_text=f"Why {n}?") for n in "abc"]
    intake.store(events.lock(floor.pk), questions)
    return questions


def state_of(number: int) -> tuple[str, str, int]:
    question = Question.objects.get(number=number)
    return question.state, question.outcome, question.revision


def test_a_question_about_one_case_is_diverted_and_the_asker_told(
    floor: Floor, asked: list[Question], omar: User
) -> None:
    DismissalReason.objects.filter(code=states.CASE_SPECIFIC).update(
        is_active=False, is_told=False, label="about one case"
    )
    question = moderating.divert(floor, by=omar, number=1, seen=1)

    event = FloorEvent.objects.filter(question_number=1).last()
    assert event is not None
    own = projection.own_view(event.payload["question"])
    assert (own["state"], own["dismissal"], own["reason"]) == (
        states.DISMISSED, states.CASE_SPECIFIC, "about one case",
    )  # fmt: skip
    assert (question.revision, event.payload["act"]) == (2, "question.diverted")
    with pytest.raises(Refused) as refusal:
        moderating.divert(floor, by=omar, number=1, seen=2)
    assert refusal.value.code == "already"


def test_label_and_speaker_are_those_of_the_engagement_and_no_decision(
    floor: Floor, asked: list[Question], omar: User
) -> None:
    label = floor.engagement.labels.create(name="Fees")
    speaker = floor.engagement.speakers.create(name="Dr. Vega")
    sorting.set_label(floor, by=omar, number=1, seen=1, label=label.pk)
    question = sorting.assign(floor, by=omar, number=1, seen=2, speaker=speaker.pk)

    assert (question.label, question.speaker, question.decided_by) == (label, speaker, None)
    acts = [event.payload["act"] for event in FloorEvent.objects.filter(question_number=1)]
    assert acts == ["question.asked", "question.labelled", "question.assigned"]
    for wrong in (label.pk + 99, speaker.pk + 99):
        with pytest.raises(Refused) as refusal:
            sorting.set_label(floor, by=omar, number=1, seen=3, label=wrong)
        assert refusal.value.code == "invalid"
    assert sorting.set_label(floor, by=omar, number=1, seen=3, label=None).label is None


def test_who_is_second_after_a_label_is_told_of_a_change_not_of_a_decision(
    floor: Floor, asked: list[Question], omar: User, olga: User
) -> None:
    with clock.set_to(START):
        sorting.set_label(floor, by=omar, number=1, seen=1, label=None)

    with pytest.raises(Refused) as refusal:
        moderating.show(floor, by=olga, number=1, seen=1)
    assert str(refusal.value) == "At 2:00:00 p.m. Omar changed question 1."


def test_many_at_once_and_only_those_that_changed_are_refused(
    floor: Floor, asked: list[Question], omar: User, olga: User
) -> None:
    with clock.set_to(START):
        moderating.hold(floor, by=olga, number=2, seen=1)

    pairs = [(1, 1), (2, 1), (3, 1), (99, 1)]
    done, refused = bulk.apply(floor, by=omar, move="show", questions=pairs)

    assert [question.number for question in done] == [1, 3]
    assert refused == [
        (2, "Olga decided about question 2 at 2:00:00 p.m.: held."),
        (99, "There is no question with this number."),
    ]
    assert [state_of(number)[0] for number in (1, 2, 3)] == [
        states.SHOWN, states.HELD, states.SHOWN,
    ]  # fmt: skip
    assert AuditEntry.objects.filter(action="question.shown").count() == 2


@pytest.mark.parametrize("move", ["hold", "dismiss", "divert", "label", "assign"])
def test_every_move_for_many(floor: Floor, asked: list[Question], omar: User, move: str) -> None:
    label = floor.engagement.labels.create(name="Fees")
    speaker = floor.engagement.speakers.create(name="Dr. Vega")
    done, refused = bulk.apply(
        floor,
        by=omar,
        move=move,
        questions=[(1, 1), (2, 1)],
        reason="unclear",
        label=label.pk,
        speaker=speaker.pk,
    )
    assert (len(done), refused) == (2, [])
    found = {(q.state, q.dismissal, q.label, q.speaker) for q in Question.objects.exclude(number=3)}
    assert found == {
        {
            "hold": (states.HELD, "", None, None),
            "dismiss": (states.DISMISSED, "unclear", None, None),
            "divert": (states.DISMISSED, states.CASE_SPECIFIC, None, None),
            "label": (states.WAITING, "", label, None),
            "assign": (states.WAITING, "", None, speaker),
        }[move]
    }


def test_only_moderators_act_upon_many(floor: Floor, asked: list[Question], omar: User) -> None:
    somebody = make_user("Somebody")
    with pytest.raises(NotAllowed):
        bulk.apply(floor, by=somebody, move="show", questions=[(1, 1)])
    with pytest.raises(NotAllowed):
        undoing.undo(floor, by=somebody, questions=[(1, 2)])
    assert bulk.apply(floor, by=omar, move="show", questions=[(1, 1)]).done


def test_the_last_decision_is_taken_back_and_the_one_before_it(
    floor: Floor, asked: list[Question], omar: User
) -> None:
    moderating.show(floor, by=omar, number=1, seen=1)
    moderating.mark(floor, by=omar, number=1, seen=2, outcome=states.ANSWERED_LIVE)
    moderating.dismiss(floor, by=omar, number=1, seen=3, reason="unclear")

    for revision, expected in [
        (4, (states.SHOWN, states.ANSWERED_LIVE, 5)),
        (5, (states.SHOWN, states.NO_OUTCOME, 6)),
        (6, (states.WAITING, states.NO_OUTCOME, 7)),
    ]:
        done, refused = undoing.undo(floor, by=omar, questions=[(1, revision)])
        assert ([q.number for q in done], refused) == ([1], [])
        assert state_of(1) == expected

    question = Question.objects.get(number=1)
    assert (question.shown_at, question.decided_by, question.dismissal) == (None, None, "")
    _, refused = undoing.undo(floor, by=omar, questions=[(1, 7)])
    assert refused == [(1, "There is nothing of yours to undo about question 1.")]
    acts = [event.payload["act"] for event in FloorEvent.objects.filter(question_number=1)]
    assert acts[-3:] == ["question.undone"] * 3
    assert AuditEntry.objects.filter(action="question.undone").count() == 3


def test_the_room_hears_of_what_is_taken_back(
    floor: Floor, asked: list[Question], omar: User
) -> None:
    moderating.show(floor, by=omar, number=1, seen=1)
    undoing.undo(floor, by=omar, questions=[(1, 2)])

    last = FloorEvent.objects.filter(question_number=1).last()
    assert last is not None
    told = projection.for_audience(last.kind, last.payload, projection.ROOM)
    assert told == {"type": "question-gone", "number": 1}


def test_nobody_takes_back_what_another_decided_or_has_changed_since(
    floor: Floor, asked: list[Question], omar: User, olga: User
) -> None:
    with clock.set_to(START):
        moderating.show(floor, by=omar, number=1, seen=1)
        moderating.show(floor, by=omar, number=2, seen=1)
        moderating.hold(floor, by=olga, number=2, seen=2)

    for by, pair, words in [
        (olga, (1, 2), "Omar decided about question 1 at 2:00:00 p.m.: shown."),
        (omar, (2, 2), "Olga decided about question 2 at 2:00:00 p.m.: held."),
        (omar, (2, 3), "Olga decided about question 2 at 2:00:00 p.m.: held."),
    ]:
        done, refused = undoing.undo(floor, by=by, questions=[pair])
        assert (done, [one.message for one in refused]) == ([], [words])
    assert (state_of(1), state_of(2)) == (
        (states.SHOWN, states.NO_OUTCOME, 2),
        (states.HELD, states.NO_OUTCOME, 3),
    )


def test_what_another_question_is_doing_now_is_not_taken_from_it(
    floor: Floor, asked: list[Question], omar: User
) -> None:
    for number in (1, 2):
        moderating.show(floor, by=omar, number=number, seen=1)
    moderating.mark(floor, by=omar, number=1, seen=2, outcome=states.ANSWERING)
    moderating.mark(floor, by=omar, number=1, seen=3, outcome=states.ANSWERED_LIVE)
    moderating.mark(floor, by=omar, number=2, seen=2, outcome=states.ANSWERING)

    undoing.undo(floor, by=omar, questions=[(1, 4)])
    sorting.set_label(floor, by=omar, number=2, seen=3, label=None)
    undoing.undo(floor, by=omar, questions=[(2, 4)])

    assert state_of(1)[:2] == (states.SHOWN, states.NO_OUTCOME)
    assert state_of(2)[:2] == (states.SHOWN, states.ANSWERING)


def test_a_question_without_history_cannot_be_put_back(floor: Floor, omar: User) -> None:
    make_question(floor)
    moderating.show(floor, by=omar, number=1, seen=1)
    _, refused = undoing.undo(floor, by=omar, questions=[(1, 2)])
    assert refused == [(1, "There is nothing of yours to undo about question 1.")]
    assert state_of(1) == (states.SHOWN, states.NO_OUTCOME, 2)


def test_label_and_votes_come_back_too(floor: Floor, asked: list[Question], omar: User) -> None:
    fees = floor.engagement.labels.create(name="Fees")
    sorting.set_label(floor, by=omar, number=1, seen=1, label=fees.pk)
    sorting.set_label(floor, by=omar, number=1, seen=2, label=None)
    undoing.undo(floor, by=omar, questions=[(1, 3)])
    assert Question.objects.get(number=1).label == fees

    Question.objects.filter(number=2).update(votes=3)
    moderating.show(floor, by=omar, number=2, seen=1)
    moderating.hold(floor, by=omar, number=2, seen=2)
    mark = Question.objects.get(number=2).vote_mark
    undoing.undo(floor, by=omar, questions=[(2, 3)])
    assert Question.objects.get(number=2).vote_mark == mark + 1


def test_with_answer_now_the_question_comes_back_that_had_to_stop(
    floor: Floor, asked: list[Question], omar: User, olga: User
) -> None:
    for number in (1, 2):
        moderating.show(floor, by=omar, number=number, seen=1)
    moderating.mark(floor, by=olga, number=1, seen=2, outcome=states.ANSWERING)
    moderating.mark(floor, by=omar, number=2, seen=2, outcome=states.ANSWERING)
    assert state_of(1) == (states.SHOWN, states.NO_OUTCOME, 4)

    done, _ = undoing.undo(floor, by=omar, questions=[(2, 3)])

    assert [question.number for question in done] == [2, 1]
    assert state_of(1) == (states.SHOWN, states.ANSWERING, 5)
    assert state_of(2) == (states.SHOWN, states.NO_OUTCOME, 4)


def test_what_stopped_for_another_and_changed_since_does_not_come_back(
    floor: Floor, asked: list[Question], omar: User, olga: User
) -> None:
    for number in (1, 2):
        moderating.show(floor, by=omar, number=number, seen=1)
        moderating.mark(floor, by=omar, number=number, seen=2, outcome=states.ANSWERING)
    moderating.mark(floor, by=olga, number=1, seen=4, outcome=states.ANSWERED_LIVE)

    done, _ = undoing.undo(floor, by=omar, questions=[(2, 3)])

    assert [question.number for question in done] == [2]
    assert state_of(1) == (states.SHOWN, states.ANSWERED_LIVE, 5)


def test_words_note_and_language_come_back_too(
    floor: Floor, asked: list[Question], omar: User
) -> None:
    editing.annotate(floor, by=omar, number=1, seen=1, note="Ask the agency.")
    editing.set_language(floor, by=omar, number=1, seen=2, language="es")
    editing.edit(floor, by=omar, number=1, seen=3, text="Case MSC2190000001?")
    assert Question.objects.get(number=1).open_findings == ["receipt_number"]

    for revision, expected in [
        (4, ("Why a?", "es", "Ask the agency.")),
        (5, ("Why a?", "", "Ask the agency.")),
        (6, ("Why a?", "", "")),
    ]:
        undoing.undo(floor, by=omar, questions=[(1, revision)])
        question = Question.objects.get(number=1)
        assert (question.text, question.language, question.note) == expected
        assert question.open_findings == []


def test_a_merge_is_taken_back_where_it_was_made(
    floor: Floor, asked: list[Question], omar: User
) -> None:
    merging.merge(floor, by=omar, number=1, seen=1, into=2)
    for pair, words in [
        ((1, 2), "Question 1 was merged: open it to undo the merge."),
        ((2, 2), "Question 2 took in another one: open that to undo it."),
    ]:
        _, refused = undoing.undo(floor, by=omar, questions=[pair])
        assert [one.message for one in refused] == [words]
    assert state_of(1) == (states.MERGED, states.NO_OUTCOME, 2)


def test_the_one_who_had_decided_before_is_found_by_account_not_by_name(
    floor: Floor, asked: list[Question], omar: User
) -> None:
    first = make_user(omar.name, email="omar.too@office.example")
    floor.engagement.memberships.create(user=first, role="moderator")
    moderating.hold(floor, by=omar, number=1, seen=1)
    moderating.show(floor, by=first, number=1, seen=2)
    sorting.set_label(floor, by=omar, number=1, seen=3, label=None)
    moderating.dismiss(floor, by=omar, number=1, seen=4, reason="unclear")

    undoing.undo(floor, by=omar, questions=[(1, 5)])

    question = floor.questions.get(number=1)
    assert (question.state, question.decided_by) == (states.SHOWN, first)
