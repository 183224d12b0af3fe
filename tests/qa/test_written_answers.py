"""Answers in writing: drafted for the desk, published under a name, to all or to the asker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engagements.models import AuditEntry
from engagements.refusals import NotAllowed, Refused
from qa import queries, states
from qa.actions import answering, asking, changing, merging, moderating
from qa.models import Question, WrittenAnswer
from tests import factories

if TYPE_CHECKING:
    from engagements.models import Registration, User
    from qa.models import Floor

pytestmark = pytest.mark.django_db

WORDS = "zqanswer: at nine."


@pytest.fixture
def question(floor: Floor, ana: Registration) -> Question:
    return factories.make_question(floor, asker=ana, category=ana.category, state=states.SHOWN)


def write(floor: Floor, by: User, seen: int = 1, **given: Any) -> Question:
    says = {"text": WORDS, "given_by": "Dr. Ito, USCIS", "reach": "all"} | given
    return answering.write(floor, by=by, number=1, seen=seen, **says)


def read_by(floor: Floor, ana: Registration) -> dict[str, bool]:
    return {
        "room": WORDS in str(queries.snapshot(floor.pk, "room")),
        "screen": WORDS in str(queries.snapshot(floor.pk, "screen")),
        "asker": WORDS in str(queries.own(ana.pk)),
        "desk": WORDS in str(queries.snapshot(floor.pk, "desk")),
    }


def test_a_draft_is_for_the_desk_alone(
    floor: Floor, question: Question, ana: Registration, omar: User
) -> None:
    write(floor, omar)
    assert read_by(floor, ana) == {"room": False, "screen": False, "asker": False, "desk": True}
    assert Question.objects.get().outcome == states.NO_OUTCOME
    assert WORDS not in str([entry.detail for entry in AuditEntry.objects.all()])


def test_published_to_everybody_it_stands_below_the_question(
    floor: Floor, question: Question, ana: Registration, omar: User
) -> None:
    write(floor, omar)
    published = write(floor, omar, seen=2, publish=True)

    assert published.outcome == states.ANSWERED_IN_WRITING
    assert read_by(floor, ana) == {"room": True, "screen": True, "asker": True, "desk": True}
    shown: Any = queries.snapshot(floor.pk, "room")["questions"][0]
    assert shown["answer"] == {"text": WORDS, "by": "Dr. Ito, USCIS"}
    answer = WrittenAnswer.objects.get()
    assert (answer.drafted_by, answer.published_by) == (omar, omar)
    assert queries.dispositions(floor.engagement) == [(states.SHOWN, states.ANSWERED_IN_WRITING, 1)]


@pytest.mark.parametrize("state", [states.SHOWN, states.HELD, states.DISMISSED, states.WAITING])
def test_published_to_the_asker_alone(
    floor: Floor, question: Question, ana: Registration, omar: User, state: str
) -> None:
    Question.objects.update(state=state)
    published = write(floor, omar, reach="asker", publish=True)
    assert read_by(floor, ana) == {"room": False, "screen": False, "asker": True, "desk": True}
    # What is dismissed counts as dismissed.
    outcome = states.NO_OUTCOME if state == states.DISMISSED else states.ANSWERED_IN_WRITING
    assert published.outcome == outcome
    assert queries.dispositions(floor.engagement) == [(state, outcome, 1)]


def test_a_published_one_is_changed_in_place(
    floor: Floor, question: Question, ana: Registration, omar: User
) -> None:
    write(floor, omar, text="Something else.", publish=True)
    write(floor, omar, seen=3)
    assert read_by(floor, ana)["room"]
    write(floor, omar, seen=4, reach="asker")
    assert read_by(floor, ana) == {"room": False, "screen": False, "asker": True, "desk": True}


def test_taken_back_it_is_a_draft_again(
    floor: Floor, question: Question, ana: Registration, omar: User
) -> None:
    write(floor, omar, publish=True)
    back = answering.take_back(floor, by=omar, number=1, seen=3)
    assert (back.outcome, back.has_answer) == (states.NO_OUTCOME, True)
    assert read_by(floor, ana) == {"room": False, "screen": False, "asker": False, "desk": True}
    gone = answering.discard(floor, by=omar, number=1, seen=4)
    assert (gone.has_answer, WrittenAnswer.objects.count()) == (False, 0)
    assert not read_by(floor, ana)["desk"]


def test_shown_again_it_is_still_answered(
    floor: Floor, question: Question, ana: Registration, omar: User
) -> None:
    write(floor, omar, publish=True)
    held = moderating.hold(floor, by=omar, number=1, seen=3)
    assert (held.outcome, read_by(floor, ana)["room"]) == (states.ANSWERED_IN_WRITING, False)
    shown = moderating.show(floor, by=omar, number=1, seen=4)
    assert (shown.outcome, read_by(floor, ana)["room"]) == (states.ANSWERED_IN_WRITING, True)


def test_what_was_answered_live_stays_so(floor: Floor, question: Question, omar: User) -> None:
    moderating.mark(floor, by=omar, number=1, seen=1, outcome=states.ANSWERED_LIVE)
    assert write(floor, omar, seen=2, publish=True).outcome == states.ANSWERED_LIVE


def test_an_unseen_question_is_not_answered_for_everybody(
    floor: Floor, question: Question, ana: Registration, omar: User
) -> None:
    Question.objects.update(state=states.HELD)
    with pytest.raises(Refused) as refused:
        write(floor, omar, publish=True)
    assert refused.value.code == "not_shown"
    assert WrittenAnswer.objects.count() == 0

    write(floor, omar, reach="asker", publish=True)
    with pytest.raises(Refused):
        write(floor, omar, seen=3, reach="all")
    assert read_by(floor, ana) == {"room": False, "screen": False, "asker": True, "desk": True}


def test_without_an_asker_there_is_nobody_to_answer_alone(floor: Floor, omar: User) -> None:
    factories.make_question(floor, state=states.SHOWN)
    with pytest.raises(Refused) as refused:
        write(floor, omar, reach="asker", publish=True)
    assert refused.value.code == "no_asker"
    assert write(floor, omar, publish=True).outcome == states.ANSWERED_IN_WRITING


def test_the_same_again_is_refused(floor: Floor, question: Question, omar: User) -> None:
    write(floor, omar)
    with pytest.raises(Refused, match="already"):
        write(floor, omar, seen=2)
    with pytest.raises(Refused):
        answering.take_back(floor, by=omar, number=1, seen=2)
    write(floor, omar, seen=2, publish=True)
    with pytest.raises(Refused, match="Take it back"):
        answering.discard(floor, by=omar, number=1, seen=3)


def test_only_moderators_answer(floor: Floor, question: Question, mia: User, omar: User) -> None:
    for act in (answering.take_back, answering.discard):
        with pytest.raises(NotAllowed):
            act(floor, by=mia, number=1, seen=1)
    with pytest.raises(NotAllowed):
        write(floor, mia)
    assert write(floor, omar).has_answer


def test_a_mark_taken_off_leaves_what_is_published(
    floor: Floor, question: Question, omar: User
) -> None:
    write(floor, omar, publish=True)
    moderating.mark(floor, by=omar, number=1, seen=3, outcome=states.ANSWERED_LIVE)
    off = moderating.mark(floor, by=omar, number=1, seen=4, outcome=states.NO_OUTCOME)
    assert off.outcome == states.ANSWERED_IN_WRITING


def test_parted_it_is_answered_by_what_was_published_meanwhile(
    floor: Floor, question: Question, ana: Registration, omar: User
) -> None:
    factories.make_question(floor, state=states.SHOWN, number=2)
    merging.merge(floor, by=omar, number=1, seen=1, into=2)
    merged = write(floor, omar, seen=2, reach="asker", publish=True)
    assert merged.outcome == states.NO_OUTCOME
    parted = merging.unmerge(floor, by=omar, number=1, seen=merged.revision)
    assert (parted.state, parted.outcome) == (states.SHOWN, states.ANSWERED_IN_WRITING)


def test_words_that_were_answered_are_not_changed_by_their_asker(
    floor: Floor, question: Question, ana: Registration, omar: User
) -> None:
    Question.objects.update(state=states.WAITING)
    write(floor, omar, reach="asker")
    changing.change(floor, by=ana, number=1, text="Asked better?")
    write(floor, omar, seen=3, reach="asker", publish=True)
    with pytest.raises(Refused) as refused:
        changing.change(floor, by=ana, number=1, text="Something else?")
    assert refused.value.code == "decided"
    assert Question.objects.get().text == "Asked better?"


def test_withdrawn_it_has_no_outcome(
    floor: Floor, question: Question, ana: Registration, omar: User
) -> None:
    Question.objects.update(state=states.WAITING)
    write(floor, omar, reach="asker", publish=True)
    assert asking.withdraw(floor, by=ana, number=1).outcome == states.NO_OUTCOME
    assert queries.dispositions(floor.engagement) == []
