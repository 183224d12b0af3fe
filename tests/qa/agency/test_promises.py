"""How many of the forwarded questions an agency has answered in public: it adds up, always."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from qa import states
from qa.actions.agency import assigning
from qa.models import AgencyAnswer, PublishedAnswer
from qa.queries import accounts, received_questions
from qa.queries.agency import open_promises, promises
from qa.queries.totals import question_totals
from tests import factories
from tests.qa.agency.lists import answer, publish

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from engagements.models import Engagement, User
    from qa.models import Forwarding

pytestmark = pytest.mark.django_db


def count_of(forwarding: Forwarding) -> dict[str, int]:
    """What is not nothing, in full; the public's count is the same without two of its lines."""
    count = promises.counted([forwarding.pk])[forwarding.pk]
    assert count.asked + count.settled + count.withdrawn == forwarding.questions.count()
    assert count.answered + count.declined + count.open == count.asked
    found = promises.answer_counts([forwarding.engagement_id])[forwarding.engagement_id]
    public = next(one.count for one in found if one.forwarding == forwarding)
    assert asdict(public) == asdict(count) | {"submitted": 0, "accepted": 0}
    return {name: number for name, number in asdict(count).items() if number}


def test_each_question_of_a_list_stands_in_one_line(sent: Forwarding, edna: User) -> None:
    assert count_of(sent) == {"open": 4, "withdrawn": 1}
    publish(sent, 1, by=edna)
    publish(sent, 2, by=edna, status=states.DECLINED)
    answer(sent, 4, states.ANSWER_SUBMITTED)
    answer(sent, 5, states.ANSWER_DRAFT)
    assert count_of(sent) == {
        "answered": 1,
        "declined": 1,
        "open": 2,
        "submitted": 1,
        "withdrawn": 1,
    }
    count = promises.counted([sent.pk])[sent.pk]
    assert (count.asked, count.outstanding, count.percent) == (4, 1, 25)
    AgencyAnswer.objects.filter(state=states.ANSWER_SUBMITTED).update(state=states.ANSWER_ACCEPTED)
    assert count_of(sent)["accepted"] == 1


def test_what_the_office_did_itself_is_not_asked_of_the_agency(
    sent: Forwarding, edna: User
) -> None:
    questions = sent.engagement.floor.questions
    questions.filter(number=1).update(outcome=states.ANSWERED_LIVE)
    questions.filter(number=2).update(state=states.DISMISSED)
    questions.filter(number=4).update(state=states.WITHDRAWN)
    assert count_of(sent) == {"settled": 2, "withdrawn": 2, "open": 1}
    # What the agency answered all the same is its answer.
    publish(sent, 2, by=edna)
    assert count_of(sent) == {"answered": 1, "settled": 1, "withdrawn": 2, "open": 1}


def test_a_merged_question_counts_and_is_answered_with_the_other(
    sent: Forwarding, edna: User
) -> None:
    """One into two, and two into four: a tree, whose root is answered."""
    first, second, fourth = (
        sent.engagement.floor.questions.get(number=number) for number in (1, 2, 4)
    )
    for lower, upper in ((first, second), (second, fourth)):
        lower.state, lower.merged_into = states.MERGED, upper
        lower.save()
    assert count_of(sent) == {"open": 4, "withdrawn": 1}
    answer(sent, 5, states.ANSWER_SUBMITTED)
    made = publish(sent, 4, by=edna)
    assert count_of(sent) == {"answered": 3, "open": 1, "submitted": 1, "withdrawn": 1}
    # A correction that takes the answer back is what counts.
    PublishedAnswer.objects.create(
        answer=made.answer, number=2, status=states.DECLINED, text="Sued.", published_by=edna
    )
    assert count_of(sent)["declined"] == 3
    # An answer of its own comes first.
    publish(sent, 1, by=edna)
    assert count_of(sent) == {
        "answered": 1,
        "declined": 2,
        "open": 1,
        "submitted": 1,
        "withdrawn": 1,
    }


def test_a_draft_to_a_merged_question_does_not_hide_that_the_other_is_answered(
    sent: Forwarding, edna: User
) -> None:
    first, second = (sent.engagement.floor.questions.get(number=number) for number in (1, 2))
    first.state, first.merged_into = states.MERGED, second
    first.save()
    answer(sent, 1, states.ANSWER_DRAFT)
    own = answer(sent, 2, states.ANSWER_DRAFT)
    assert count_of(sent) == {"open": 4, "withdrawn": 1}
    own.state = states.ANSWER_SUBMITTED
    own.save()
    assert count_of(sent) == {"open": 4, "submitted": 2, "withdrawn": 1}
    assert promises.counted([sent.pk])[sent.pk].outstanding == 2
    words = [str(AgencyAnswer.State.SUBMITTED.label)] * 2 + ["", ""]
    found = open_promises.open_questions(sent)
    assert [(one.question.number, one.answer) for one in found] == list(
        zip((1, 2, 4, 5), words, strict=True)
    )


def test_what_is_only_given_to_somebody_is_not_begun(
    sent: Forwarding, uma: User, edna: User
) -> None:
    part = assigning.add_directorate(sent.agency, by=uma, name="Field Office")
    before = [(one.question.number, one.answer) for one in open_promises.open_questions(sent)]

    assigning.give_to_directorate(sent, numbers=[before[0][0]], by=uma, directorate=part)

    assert AgencyAnswer.objects.filter(directorate=part).count() == 1
    found = open_promises.open_questions(sent)
    assert [(one.question.number, one.answer) for one in found] == before


def test_what_is_answered_to_the_office_alone_is_no_public_answer(
    sent: Forwarding, edna: User
) -> None:
    publish(sent, 1, by=edna, is_withheld=True)
    assert count_of(sent) == {"declined": 1, "open": 3, "withdrawn": 1}


def test_only_lists_in_force_count_each_agency_by_itself(sent: Forwarding, edna: User) -> None:
    engagement = sent.engagement
    publish(sent, 1, by=edna)
    sent.state = states.FORWARDING_SUPERSEDED
    sent.save()
    assert promises.answer_counts([engagement.pk]) == {}
    engagement.agency = factories.make_agency("EOIR")
    engagement.save()
    second = factories.make_forwarding(engagement, sent_by=edna, number=2)
    assert count_of(second) == {"open": 4, "withdrawn": 1}
    factories.make_forwarding(engagement, sent_by=edna, number=3, state=states.FORWARDING_RECALLED)
    found = promises.answer_counts([engagement.pk])[engagement.pk]
    assert [one.forwarding for one in found] == [second]


def test_many_lists_are_counted_in_as_many_queries_as_one(
    sent: Forwarding, edna: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    publish(sent, 1, by=edna)
    with django_assert_num_queries(3):
        promises.answer_counts([sent.engagement_id])
    more = [factories.make_engagement(f"more-{number}") for number in range(4)]
    for engagement in more:
        factories.make_forwarding(engagement, sent_by=edna)
    with django_assert_num_queries(3):
        found = promises.answer_counts([sent.engagement_id, *(one.pk for one in more)])
    assert len(found) == 5


def test_the_accounts_tell_what_the_agency_answered_and_add_up(
    sent: Forwarding, edna: User
) -> None:
    engagement: Engagement = sent.engagement
    publish(sent, 1, by=edna)
    publish(sent, 2, by=edna, status=states.DECLINED)
    engagement.floor.questions.filter(number=5).update(outcome=states.ANSWERED_LIVE)
    expected = {
        states.ANSWERED_BY_AGENCY: 1,
        states.DECLINED_BY_AGENCY: 1,
        states.ANSWERED_LIVE: 1,
        states.FORWARDED: 1,
    }
    told = {line.key: line.questions for line in accounts(engagement) if line.questions}
    assert told == expected
    totals = question_totals(type(engagement).objects.filter(pk=engagement.pk))
    assert {row.disposition: row.questions for row in totals} == expected
    # Recalled: what was published stays, the others are open again.
    sent.state = states.FORWARDING_RECALLED
    sent.save()
    told = {line.key: line.questions for line in accounts(engagement) if line.questions}
    assert told == {
        states.ANSWERED_BY_AGENCY: 1,
        states.DECLINED_BY_AGENCY: 1,
        states.ANSWERED_LIVE: 1,
        states.OPEN: 1,
    }
    assert len(received_questions(engagement)) == 5
