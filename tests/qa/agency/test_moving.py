from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engagements.models import AuditEntry, OutgoingMail
from engagements.refusals import NotAllowed, Refused
from qa import states
from qa.actions.agency import moving, writing
from qa.actions.agency.writing import Content
from qa.models import AgencyAnswer, Forwarding
from qa.queries.agency import desk

if TYPE_CHECKING:
    from engagements.models import Agency, User

pytestmark = pytest.mark.django_db

READY = Content(status=states.ANSWERED, text="At nine.", is_publishable=True)


@pytest.fixture
def written(sent: Forwarding, uma: User) -> Forwarding:
    """Uma has written to 1, 2 and 4, and to 4 without saying whether it is public."""
    unsaid = Content(status=states.ANSWERED, text="At ten.")
    writing.write_all(sent, contents={1: READY, 2: READY, 4: unsaid}, by=uma, via="page")
    return sent


@pytest.fixture
def clearing(agency: Agency) -> Agency:
    agency.clears_answers = True
    agency.save()
    return agency


def told() -> dict[int, str]:
    return dict(AgencyAnswer.objects.values_list("question__number", "state"))


def test_what_is_ready_goes_to_the_office_and_comes_back_until_it_has_decided(
    written: Forwarding, uma: User, lee: User
) -> None:
    assert moving.submit(written, numbers=[1, 2], by=lee) == [1, 2]
    answer = AgencyAnswer.objects.get(question__number=1)
    assert (answer.state, answer.submitted_by, answer.revision) == ("submitted", lee, 2)

    assert moving.submit(written, numbers=[1, 2], by=lee) == []
    assert moving.take_back(written, numbers=[1], by=uma) == [1]
    answer.refresh_from_db()
    assert (answer.state, answer.submitted_by, answer.submitted_at) == ("draft", None, None)
    AgencyAnswer.objects.filter(question__number=2).update(state=states.ANSWER_ACCEPTED)
    with pytest.raises(Refused) as refusal:
        moving.take_back(written, numbers=[2], by=uma)
    assert refusal.value.code == "not_now"
    assert told() == {1: "draft", 2: "accepted", 4: "draft"}
    actions = AuditEntry.objects.filter(action__startswith="answers.").order_by("pk")
    assert [(one.action, one.detail) for one in actions][1:] == [
        ("answers.submit", {"number": 1}),
        ("answers.submit", {"number": 2}),
        ("answers.take_back", {"number": 1}),
    ]


def test_what_is_not_ready_keeps_all_of_them_here(written: Forwarding, uma: User) -> None:
    for numbers, code in (([1, 4], "publishable"), ([1, 5], "in_progress"), ([1, 3], "no_such")):
        for move in (moving.submit, moving.ask_clearance):
            with pytest.raises(Refused) as refusal:
                move(written, numbers=numbers, by=uma)
            assert refusal.value.code == code
    assert told() == {1: "draft", 2: "draft", 4: "draft"}


def test_of_all_that_is_ready_nothing_is_held_up_by_what_left_the_list(
    written: Forwarding, uma: User
) -> None:
    same = Content(status=states.SAME_AS, same_as=2, is_publishable=True)
    writing.write(written, number=5, content=same, by=uma)
    assert desk.ready(written) == 3
    # The next list in its place, on which one was withdrawn.
    written.questions.filter(number=2).update(text="", status=states.WITHDRAWN)

    assert desk.ready(written) == 1
    assert moving.submit_ready(written, by=uma) == [1]
    assert told() == {1: "submitted", 2: "draft", 4: "draft", 5: "draft"}


def test_a_second_person_clears_where_the_agency_wants_it(
    written: Forwarding, uma: User, lee: User, clearing: Agency
) -> None:
    with pytest.raises(Refused) as refusal:
        moving.submit(written, numbers=[1, 2], by=lee)
    assert refusal.value.code == "not_cleared"
    moving.ask_clearance(written, numbers=[1, 2], by=uma)
    for move in (moving.clear, moving.submit):
        with pytest.raises(Refused) as refusal:
            move(written, numbers=[1, 2], by=uma)
        assert refusal.value.code == "own_answer"
    assert told() == {1: "clearing", 2: "clearing", 4: "draft"}

    assert moving.clear(written, numbers=[1], by=lee) == [1]
    answer = AgencyAnswer.objects.get(question__number=1)
    assert (answer.state, answer.cleared_by) == ("cleared", lee)
    assert moving.submit(written, numbers=[1], by=uma) == [1]
    # Whoever may clear it submits it in one go.
    assert moving.submit(written, numbers=[2], by=lee) == [2]
    assert AgencyAnswer.objects.get(question__number=2).cleared_by == lee


def test_other_words_need_another_clearance(
    written: Forwarding, uma: User, lee: User, clearing: Agency
) -> None:
    moving.ask_clearance(written, numbers=[1], by=uma)
    moving.clear(written, numbers=[1], by=lee)
    other = Content(status=states.ANSWERED, text="At ten.", is_publishable=True)
    changed = writing.write(written, number=1, content=other, by=lee)

    assert (changed.state, changed.cleared_by) == ("draft", None)
    with pytest.raises(Refused) as refusal:
        moving.submit(written, numbers=[1], by=uma)
    assert refusal.value.code == "not_cleared"


def test_what_is_sent_back_says_why_and_its_writer_is_told(
    written: Forwarding, uma: User, lee: User, carl: User
) -> None:
    AgencyAnswer.objects.filter(question__number=1).update(assigned_to=carl)
    writing.write(written, number=1, content=Content(text="Soon."), by=carl)
    writing.write(written, number=1, content=READY, by=carl)
    moving.ask_clearance(written, numbers=[1], by=carl)
    for remark in ("", " \x00 "):
        with pytest.raises(Refused) as refusal:
            moving.send_back(written, numbers=[1], by=lee, remark=remark)
        assert refusal.value.code == "no_remark"
    for move in (moving.clear, moving.submit, moving.take_back):
        with pytest.raises(NotAllowed):
            move(written, numbers=[1], by=carl)
    with pytest.raises(NotAllowed):
        moving.send_back(written, numbers=[1], by=carl, remark="I")
    assert not OutgoingMail.objects.exists()

    assert moving.send_back(written, numbers=[1], by=lee, remark="Name the day.") == [1]

    answer = AgencyAnswer.objects.get(question__number=1)
    assert (answer.state, answer.remark) == ("draft", "Name the day.")
    mail = OutgoingMail.objects.get()
    assert mail.to == carl.email
    assert "Name the day." in mail.body
    assert "nine" not in mail.body
