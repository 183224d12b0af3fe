"""The office's page of what agencies still owe, its questions, its workbook, and its first page."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from engagements import clock
from qa import states
from qa.queries.agency import open_promises
from qa.queries.agency.open_promises import Chosen, promised
from tests import factories
from tests.qa.agency.lists import answer, publish

if TYPE_CHECKING:
    from django.test import Client

    from engagements.models import Engagement, User
    from qa.models import Forwarding

pytestmark = pytest.mark.django_db

PAGE = "/office/agencies/promises/"


@pytest.fixture
def late(sent: Forwarding) -> Forwarding:
    """Sent forty days ago, due ten days ago by the engagement's clock."""
    now = clock.now()
    sent.sent_at = now - timedelta(days=40)
    sent.due_on = sent.engagement.local(now).date() - timedelta(days=10)
    sent.save()
    return sent


@pytest.fixture
def other(engagement: Engagement, edna: User) -> Forwarding:
    """Of another agency, sent three days ago, without a due date."""
    engagement.agency = factories.make_agency("EOIR")
    engagement.save()
    return factories.make_forwarding(
        engagement, sent_by=edna, sent_at=clock.now() - timedelta(days=3)
    )


def test_ages_and_counts_by_agency_and_together(
    late: Forwarding, other: Forwarding, edna: User
) -> None:
    publish(late, 1, by=edna)
    answer(late, 2, states.ANSWER_SUBMITTED)
    answer(late, 4, states.ANSWER_ACCEPTED)
    found = promised(edna, Chosen())
    assert [
        (line.agency.short_name, line.count.asked, line.count.answered, line.count.outstanding,
         line.with_office, line.oldest, line.median, line.overdue_days)
        for line in found.agencies if line.agency
    ] == [("USCIS", 4, 1, 1, 2, 40, 40, 10), ("EOIR", 4, 0, 4, 0, 3, 3, 0)]  # fmt: skip
    total = found.total
    assert (total.count.asked, total.count.open, total.oldest, total.median) == (8, 7, 40, 3)
    assert (total.lists, total.overdue_lists) == (2, 1)
    assert [line.forwarding for line in promised(edna, Chosen(sort="agency")).lists] == [
        other,
        late,
    ]
    assert [line.forwarding for line in promised(edna, Chosen(overdue=True)).lists] == [late]
    agency = str(other.agency_id)
    assert [line.forwarding for line in promised(edna, Chosen(agency=agency)).lists] == [other]


def test_the_age_is_from_the_first_list_that_the_agency_still_has(
    late: Forwarding, edna: User
) -> None:
    late.state = states.FORWARDING_SUPERSEDED
    late.save()
    factories.make_forwarding(late.engagement, sent_by=edna, number=2, sent_at=clock.now())
    (line,) = promised(edna, Chosen()).lists
    assert line.oldest == 40
    late.state = states.FORWARDING_RECALLED
    late.save()
    (line,) = promised(edna, Chosen()).lists
    assert line.oldest == 0


def test_what_the_agency_has_returned_is_not_overdue(late: Forwarding, edna: User) -> None:
    for number in (1, 2, 4, 5):
        answer(late, number, states.ANSWER_SUBMITTED)
    (line,) = promised(edna, Chosen()).lists
    assert (line.is_overdue, line.count.open) == (False, 4)
    assert open_promises.overdue_of(edna, most=5) == ([], 0)


def test_the_page_and_its_questions(
    client: Client, late: Forwarding, other: Forwarding, edna: User, mia: User
) -> None:
    publish(late, 1, by=edna)
    answer(late, 2, states.ANSWER_CLEARING)
    merged = late.engagement.floor.questions.get(number=4)
    merged.state, merged.merged_into = (
        states.MERGED,
        late.engagement.floor.questions.get(number=1),
    )
    merged.save()
    client.force_login(edna)
    text = client.get(PAGE).content.decode()
    assert "10 days late" in text
    assert "Agency EOIR" in text
    assert "list 1, EOIR" in text
    assert "list 1, EOIR" not in client.get(f"{PAGE}?overdue=on").content.decode()
    # What fits no choice is left out.
    assert "list 1, EOIR" in client.get(f"{PAGE}?agency=x&sort=y").content.decode()
    questions = client.get(f"{PAGE}{late.pk}/").content.decode()
    assert "2 open questions" in questions
    assert "Question 2?" in questions
    assert "In clearance" in questions
    assert "Question 5?" in questions
    assert "Question 4?" not in questions
    late.state = states.FORWARDING_RECALLED
    late.save()
    assert client.get(f"{PAGE}{late.pk}/").status_code == 404
    # Who works elsewhere sees nothing of it.
    client.force_login(mia)
    assert "Agency EOIR" not in client.get(PAGE).content.decode()
    assert client.get(f"{PAGE}{other.pk}/").status_code == 404


def test_the_workbook_has_the_figures_of_the_page(
    client: Client, late: Forwarding, other: Forwarding, edna: User
) -> None:
    publish(late, 1, by=edna)
    client.force_login(edna)
    answered = client.get(f"{PAGE.removesuffix('/')}.xlsx?sort=agency")
    assert answered["Content-Disposition"].startswith("attachment")
    book = load_workbook(BytesIO(answered.content))
    assert book.properties.creator == "Office of the Citizenship and Immigration Services Ombudsman"
    agencies = list(book["By agency"].values)
    assert agencies[0][:4] == ("Agency", "Lists in force", "Asked", "Answered")
    assert agencies[1:] == [
        ("Agency EOIR", 1, 4, 0, 0, 4, 0, 0, 3, 3, None),
        ("U.S. Citizenship and Immigration Services", 1, 4, 1, 0, 3, 0, 0, 40, 40, 10),
    ]
    lists = list(book["By list"].values)
    assert [row[2] for row in lists[1:]] == [1, 1]
    assert lists[1][3] is None
    due = lists[2][3]
    assert getattr(due, "date", lambda: due)() == late.due_on
    words = [str(cell) for row in book["Read me"].values for cell in row if cell]
    assert not any("Question 1?" in word for word in words)


def test_the_first_page_of_the_office_tells_of_overdue_lists_and_waiting_answers(
    client: Client, late: Forwarding, edna: User, uma: User
) -> None:
    client.force_login(edna)
    answer(late, 2, states.ANSWER_SUBMITTED)
    text = client.get("/office/").content.decode()
    assert "1 agency list is overdue" in text
    assert "3 of 4 have no answer yet" in text
    assert "1 answer to accept or return" in text
    late.due_on = timezone.localdate() + timedelta(days=3)
    late.save()
    assert "overdue" not in client.get("/office/").content.decode()


def test_nothing_with_an_agency_is_said_in_words(client: Client, ada: User) -> None:
    client.force_login(ada)
    assert "No list is with an agency" in client.get(PAGE).content.decode()
