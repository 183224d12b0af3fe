"""How many questions agencies have answered: what the public reads, and what never drifts by it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from engagements.models import Engagement
from qa import states
from qa.models import PublishedAnswer
from readouts import queries
from readouts.actions import drafting, publishing, watching
from readouts.models import FollowUpEdition, ReadoutVersion, Recurrence, RecurringQuestion
from readouts.queries import archive, recurring
from readouts.queries.answered import answered_at, answered_by_agency
from tests import factories
from tests.qa.agency.lists import answer, publish

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from engagements.models import User
    from qa.models import Forwarding
    from readouts.models import Readout

pytestmark = pytest.mark.django_db


@pytest.fixture
def forwarded(over: Engagement, edna: User) -> Forwarding:
    """The three questions of the worked example, with the agency."""
    return factories.make_forwarding(over, sent_by=edna, due_on=date(2021, 6, 15))


@pytest.fixture
def published(over: Engagement, forwarded: Forwarding, edna: User, paul: User) -> Readout:
    readout = drafting.draft(over, by=edna)
    publishing.submit(readout, by=edna, without_summary=True)
    publishing.publish(readout, by=paul)
    watching.look()
    return readout


def edition_of(engagement: Engagement, *, by: User) -> FollowUpEdition:
    return FollowUpEdition.objects.create(
        engagement=engagement, number=1, document={"entries": []}, answered=0, questions=0,
        published_at=factories.START, published_by=by,
    )  # fmt: skip


def state_all(readout: Readout) -> None:
    """As if the published text told each number of what became of the questions."""
    version = readout.versions.get()
    told = [entry | {"stated": True} for entry in version.provenance]
    ReadoutVersion.objects.filter(pk=version.pk).update(provenance=told)


def test_an_answer_after_publication_is_no_drift(
    published: Readout, forwarded: Forwarding, edna: User
) -> None:
    state_all(published)
    publish(forwarded, 1, by=edna)
    publish(forwarded, 2, by=edna, status=states.DECLINED)
    watching.look_anew()
    watching.look()
    published.refresh_from_db()
    assert queries.drift_of(published) == []
    # Another question less with the agency is one: the list was recalled.
    forwarded.state = states.FORWARDING_RECALLED
    forwarded.save()
    watching.look_anew()
    watching.look()
    published.refresh_from_db()
    assert {one.key: (one.was, one.now) for one in queries.drift_of(published)} == {
        "disposition.answered_by_agency": (0, 1),
        "disposition.declined_by_agency": (0, 1),
        "disposition.forwarded": (3, 0),
        "disposition.open": (0, 1),
    }


def test_a_version_from_before_these_lines_does_not_drift_either(
    published: Readout, forwarded: Forwarding, edna: User
) -> None:
    state_all(published)
    version = published.versions.get()
    lines = {"disposition.answered_by_agency", "disposition.declined_by_agency"}
    former = [entry for entry in version.provenance if entry["key"] not in lines]
    ReadoutVersion.objects.filter(pk=version.pk).update(provenance=former)
    publish(forwarded, 1, by=edna)
    watching.look_anew()
    watching.look()
    published.refresh_from_db()
    assert queries.drift_of(published) == []


def test_the_public_reads_the_count_once_it_reads_a_readout(
    client: Client, over: Engagement, forwarded: Forwarding, edna: User, paul: User
) -> None:
    publish(forwarded, 1, by=edna)
    answer(forwarded, 2, states.ANSWER_SUBMITTED)
    pages = [over.get_absolute_url(), "/archive/", "/answered/"]
    for page in pages:
        assert "1 of 3 answered" not in client.get(page).content.decode(), page
    readout = drafting.draft(over, by=edna)
    publishing.submit(readout, by=edna, without_summary=True)
    publishing.publish(readout, by=paul)
    for page in [*pages, "/engagements/contact-center/readout/"]:
        text = client.get(page).content.decode()
        assert "<strong>1 of 3 answered</strong>" in text, page
        # What waits inside the office or the agency is nobody's business.
        assert "accept" not in text
    assert "June 15, 2021" in client.get("/answered/").content.decode()
    # A draft of somebody else's and a rehearsal have nothing to tell.
    over.is_rehearsal = True
    over.save()
    assert "1 of 3" not in client.get("/answered/").content.decode()


def test_answers_alone_are_told_too(over: Engagement, forwarded: Forwarding, edna: User) -> None:
    publish(forwarded, 1, by=edna, is_withheld=True)
    assert answered_at([over.pk]) == {}
    edition_of(over, by=edna)
    (told,) = answered_at([over.pk]).values()
    assert told.has_answers
    assert [(one.count.answered, one.count.declined, one.count.open) for one in told.counts] == [
        (0, 1, 2)
    ]


def test_the_count_of_an_agency_is_that_of_its_engagements_together(
    published: Readout,
    forwarded: Forwarding,
    edna: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    publish(forwarded, 1, by=edna)
    with django_assert_num_queries(6):
        (line,) = answered_by_agency()
    assert line.agency == forwarded.agency
    assert (line.count.answered, line.count.asked) == (1, 3)
    assert [(engagement, has) for engagement, _one, has in line.rows] == [
        (published.engagement, False)
    ]


def test_the_archive_counts_in_a_fixed_number_of_queries(
    published: Readout, edna: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    others = [
        factories.make_engagement(f"other-{number}", state=Engagement.State.ENDED)
        for number in range(3)
    ]
    for one in others:
        factories.make_forwarding(one, sent_by=edna)
        edition_of(one, by=edna)
    with django_assert_num_queries(5):
        few = answered_at([published.engagement_id])
    with django_assert_num_queries(5):
        many = answered_at([published.engagement_id, *(one.pk for one in others)])
    assert (len(few), len(many)) == (1, 4)
    hits = archive.hits([published.engagement_id], archive.Wanted())
    assert hits[0].answered is not None
    assert hits[0].answered.counts[0].count.open == 3


def test_a_question_that_an_agency_answered_is_answered_where_it_is_asked_again(
    over: Engagement, forwarded: Forwarding, edna: User
) -> None:
    question = over.floor.questions.get(number=1)
    noted = RecurringQuestion.objects.create(text=question.text, noted_by=edna)
    Recurrence.objects.create(question=question, recurring=noted, recognized_by=edna)
    (again,) = recurring.asked_again(edna)
    assert (again.engagements, again.unanswered) == (1, 1)
    made = publish(forwarded, 1, by=edna)
    (again,) = recurring.asked_again(edna)
    assert again.unanswered == 0
    PublishedAnswer.objects.create(
        answer=made.answer, number=2, status=states.DECLINED, text="Sued.", published_by=edna
    )
    (again,) = recurring.asked_again(edna)
    assert again.unanswered == 1
