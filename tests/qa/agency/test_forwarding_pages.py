from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements import clock
from qa.models import Forwarding
from tests import factories
from tests.factories import forward_list

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import Engagement, User

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db

SLUG = "live-session"


def address(name: str, *more: object) -> str:
    return reverse(name, args=[SLUG, *more])


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_from_the_first_click_to_the_sealed_page(
    ended: Engagement, edna: User, sign_in: SignIn
) -> None:
    office = sign_in(edna)
    fees = ended.labels.create(name="Fees")
    ended.floor.questions.filter(number__in=[1, 6]).update(label=fees)

    page = office.post(address("forwarding-begin"), follow=True)
    draft = Forwarding.objects.get()
    here = address("forwarding-draft", draft.pk)
    assert page.redirect_chain[-1][0] == here
    said = words(page.content.decode())
    assert "Written questions received 5" in said
    assert "On this list = 5" in said
    assert "Withdrawn, not counted 1 by number only" in said
    assert "1 question goes without one for that reason." in said
    assert "no: fewer than 5 share it" in said
    assert "withdrawn by the asker: only the number is on the list" in said

    due_on = clock.now().date() + timedelta(days=14)
    sent = {
        "revision": 1, "labels": [fees.pk], "states": [], "due_on": due_on.isoformat(),
        "cover_note": "<b>Please</b> read.",
    }  # fmt: skip
    page = office.post(here, sent, follow=True)
    assert "Not chosen \N{MINUS SIGN} 3" in words(page.content.decode())
    mark = page.context["compiled"].mark

    page = office.post(address("forwarding-seal", draft.pk), {"seen": mark}, follow=True)
    assert page.redirect_chain[-1][0] == address("forwarding", 1)
    html = page.content.decode()
    draft.refresh_from_db()
    assert draft.due_on == due_on
    assert draft.digest in html
    assert "what is stored agrees with it" in html
    assert "&lt;b&gt;Please&lt;/b&gt; read." in html
    for file in draft.files.all():
        assert file.sha256 in html
        taken = office.get(address("forwarding-file", 1, file.format))
        assert taken.content == bytes(file.content)
    assert words(office.get(address("forwarding", 1)).content.decode()).count("Edna") >= 4

    # The second of two clicks leads to the list that the first one sent.
    again = office.post(address("forwarding-seal", draft.pk), {"seen": mark})
    assert (again.status_code, again["Location"]) == (302, address("forwarding", 1))
    assert Forwarding.objects.count() == 1


def test_a_draft_that_somebody_else_changed_keeps_what_was_typed(
    ended: Engagement, edna: User, paul: User, sign_in: SignIn
) -> None:
    office, other = sign_in(edna), sign_in(paul)
    office.post(address("forwarding-begin"))
    here = address("forwarding-draft", Forwarding.objects.get().pk)
    other.post(here, {"revision": 1, "cover_note": "Paul's."})

    page = office.post(here, {"revision": 1, "cover_note": "Edna's."})

    html = page.content.decode()
    assert "Somebody else has changed this draft meanwhile." in html
    assert "Edna&#x27;s." in html
    assert Forwarding.objects.get().cover_note == "Paul's."
    office.post(here, {"revision": page.context["form"]["revision"].value(), "cover_note": "Both."})
    assert Forwarding.objects.get().cover_note == "Both."


def test_a_date_in_the_past_is_said_at_its_field(
    ended: Engagement, edna: User, sign_in: SignIn
) -> None:
    office = sign_in(edna)
    office.post(address("forwarding-begin"))
    here = address("forwarding-draft", Forwarding.objects.get().pk)
    page = office.post(here, {"revision": 1, "due_on": "2001-01-01", "cover_note": "Stays."})
    assert page.context["form"].errors == {"due_on": ["The due date has to be after today."]}
    assert "Stays." in page.content.decode()
    assert Forwarding.objects.get().revision == 1


def test_what_changed_since_the_look_is_not_sent(
    ended: Engagement, edna: User, sign_in: SignIn
) -> None:
    office = sign_in(edna)
    page = office.post(address("forwarding-begin"), follow=True)
    draft = Forwarding.objects.get()
    ended.floor.questions.filter(number=1).update(text="<script>alert(1)</script>")

    answer = office.post(
        address("forwarding-seal", draft.pk), {"seen": page.context["compiled"].mark}, follow=True
    )

    html = answer.content.decode()
    assert "The list has changed since you looked at it." in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert" not in html
    assert Forwarding.objects.get().state == "draft"


def test_the_sealed_page_says_what_is_different_and_who_took_it(
    ended: Engagement, edna: User, uma: User, sign_in: SignIn
) -> None:
    forward_list(ended, by=edna)
    ended.floor.questions.filter(number=1).update(text="Question nought?")
    forward_list(ended, by=edna)
    factories.make_question(ended.floor, "One more?")
    office = sign_in(edna)

    said = words(office.get(address("forwarding", 2)).content.decode())
    assert "Different from list 1 0 questions added, 0 removed, 1 changed." in said
    assert "List 2 has taken the place of this one." in words(
        office.get(address("forwarding", 1)).content.decode()
    )
    begun = words(office.post(address("forwarding-begin"), follow=True).content.decode())
    assert "Different from list 2 1 question added, 0 removed, 0 changed." in begun
    assert "Question 7 Added" in begun
    overview = words(office.get(address("forwardings")).content.decode())
    assert "A list for USCIS is being drafted" in overview
    assert "0 of 6 came" not in overview
    assert "0 of 3 came" in overview  # The office answered one, and dismissed one.


def test_a_recall_needs_a_reason(ended: Engagement, edna: User, sign_in: SignIn) -> None:
    forward_list(ended, by=edna)
    office = sign_in(edna)
    page = office.post(address("forwarding-recall", 1), {"reason": " "}, follow=True)
    assert "Please say why the list is recalled." in page.content.decode()
    assert Forwarding.objects.get().state == "sent"
    page = office.post(address("forwarding-recall", 1), {"reason": "A mistake."}, follow=True)
    assert "Recalled: A mistake." in words(page.content.decode())
    assert Forwarding.objects.get().state == "recalled"


def test_another_agency_meanwhile_is_told(ended: Engagement, edna: User, sign_in: SignIn) -> None:
    forward_list(ended, by=edna)
    office = sign_in(edna)
    office.post(address("forwarding-begin"))
    draft = Forwarding.objects.get(state="draft")
    ended.agency = factories.make_agency("EOIR")
    ended.save()

    said = words(office.get(address("forwardings")).content.decode())
    assert "The engagement is for EOIR now, so this draft can only be discarded." in said
    assert "the engagement is for EOIR now" in said
    page = words(office.get(address("forwarding-draft", draft.pk)).content.decode())
    assert "It cannot be sent yet. This draft is for USCIS" in page
    office.post(address("forwarding-discard", draft.pk))
    assert list(Forwarding.objects.values_list("number", "state")) == [(1, "sent")]


def test_a_list_of_many_pages_asks_no_more_than_a_short_one(
    ended: Engagement, edna: User, sign_in: SignIn
) -> None:
    office = sign_in(edna)
    office.post(address("forwarding-begin"))
    here = address("forwarding-draft", Forwarding.objects.get().pk)
    office.get(here)
    with CaptureQueriesContext(connection) as few:
        office.get(here)
    for _number in range(60):
        factories.make_question(ended.floor)
    with CaptureQueriesContext(connection) as many:
        page = office.get(f"{here}?page=3")
    assert len(page.context["rows"]) == 16
    assert len(many) == len(few)
