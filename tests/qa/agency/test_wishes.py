"""The wish for an answer by mail: the asker's own, and ended by a click."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from engagements.models import OutgoingMail, Registration
from engagements.refusals import NotAllowed, Refused
from qa import queries
from qa.actions import wishes
from qa.actions.agency import telling
from qa.queries.wishes import token_of
from tests import factories
from tests.qa.agency.askers import asked, mailed, person, publish

if TYPE_CHECKING:
    from django.test import Client

    from engagements.models import User
    from qa.models import Floor

pytestmark = pytest.mark.django_db


def test_the_wish_is_the_askers_own_and_nobody_else_reads_it(
    floor: Floor, ana: Registration, omar: User
) -> None:
    question = asked(floor, ana, wants_answer=False)
    ben = person(floor, "Ben")
    head = queries.position(floor.pk).head

    wishes.want(floor, by=ana, number=1, wanted=True)
    with pytest.raises(NotAllowed):
        wishes.want(floor, by=ben, number=1, wanted=False)

    question.refresh_from_db()
    assert (question.wants_answer, question.revision) == (True, 1)
    assert queries.position(floor.pk).head == head
    assert queries.own(ana.pk)["questions"][0]["wants_answer"] is True
    assert "wants_answer" not in queries.snapshot(floor.pk, "desk")["questions"][0]
    assert [entry.act for entry in queries.history(floor, question)] == []


def test_without_an_address_it_is_not_taken(floor: Floor) -> None:
    walker = Registration.objects.create(
        engagement=floor.engagement, name="Walker", category=factories.category(),
        notice=factories.make_registration(floor.engagement).notice,
    )  # fmt: skip
    question = asked(floor, walker, wants_answer=False)

    with pytest.raises(Refused, match="no e-mail address"):
        wishes.want(floor, by=walker, number=question.number, wanted=True)

    question.refresh_from_db()
    assert question.wants_answer is False


def test_a_wish_after_the_answer_is_granted_at_once(
    floor: Floor, ana: Registration, edna: User
) -> None:
    question = asked(floor, ana, wants_answer=False)
    telling.tell([publish(question, edna)])
    assert mailed() == []

    for _each in range(2):
        wishes.want(floor, by=ana, number=question.number, wanted=True)

    assert mailed() == [ana.email]


def test_the_mailed_link_ends_them_by_a_click_without_a_page(
    floor: Floor, ana: Registration, edna: User, client: Client
) -> None:
    asked(floor, ana)
    answered = asked(floor, ana, "Answered?")
    telling.tell([publish(answered, edna)])
    address = reverse("answer-mails", args=[token_of(ana)])

    page = client.get(address)
    assert "1, 2" in page.content.decode()
    assert floor.questions.filter(wants_answer=True).count() == 2
    done = client.post(address, {"List-Unsubscribe": "One-Click"})

    assert (done.status_code, done["Content-Type"]) == (200, "text/plain")
    assert floor.questions.filter(wants_answer=True).count() == 0
    assert OutgoingMail.objects.get().state == OutgoingMail.State.DISCARDED
    assert client.get(reverse("room", args=[floor.engagement.slug])).status_code == 404
    client.post(address, {"resume": "yes"})
    assert floor.questions.filter(wants_answer=True).count() == 2
    assert client.get(reverse("answer-mails", args=[ana.token()])).status_code == 404
