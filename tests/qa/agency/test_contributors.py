"""A contributor of an agency: the questions that were given, and nothing else of the agency."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import get_resolver, reverse

from qa import states
from qa.actions.agency import assigning, writing
from qa.actions.agency.writing import Content
from qa.models import AgencyAnswer, Directorate, ExtensionRequest, Forwarding
from tests.test_access import names

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import User

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db

OPEN = {"agency", "agency-forwarding", "agency-question", "agency-question-inside",
        "agency-answer-move"}  # fmt: skip
"""What a contributor may open of the agency's pages, with own questions only."""


@pytest.fixture
def given(sent: Forwarding, uma: User, carl: User) -> Forwarding:
    """Carl has question 1; Uma has written to 2."""
    assigning.give_to_colleague(sent, numbers=[1], by=uma, colleague=carl)
    writing.write(sent, number=2, content=Content(text="Of Uma's"), by=uma)
    return sent


def test_a_contributor_sees_the_own_questions_and_no_other(
    given: Forwarding, carl: User, sign_in: SignIn
) -> None:
    client = sign_in(carl)
    page = client.get(f"/agency/forwardings/{given.pk}/").content.decode()
    assert "Question 1?" in page
    for hidden in ("Question 2?", "Of Uma", "Question 4?", "Download", "Tokens"):
        assert hidden not in page
    assert "0 of 1 question given to you" in client.get("/agency/").content.decode()

    own = f"/agency/forwardings/{given.pk}/questions/1/"
    page = client.get(own).content.decode()
    assert "Question 2" not in page
    assert "submit to the office" not in page
    said = {"status": "answered", "text": "At nine.", "is_publishable": "yes", "revision": 0}
    assert client.post(own, said | {"do": "submit"}).status_code == 404
    assert client.post(own, said | {"revision": 1, "do": "ask"}).status_code == 302
    assert AgencyAnswer.objects.get(question__number=1).state == states.ANSWER_CLEARING
    for number in (2, 3, 4, 99):
        other = f"/agency/forwardings/{given.pk}/questions/{number}/"
        assert client.get(other).status_code == 404
        assert client.post(other, said).status_code == 404
        assert client.post(f"{other}inside/", {"note": "I"}).status_code == 404
    for move in ("submit", "clear", "take_back", "send_back"):
        assert client.post(f"{own}{move}/", {"remark": "I"}).status_code == 404
    assert AgencyAnswer.objects.get(question__number=1).state == states.ANSWER_CLEARING
    assert AgencyAnswer.objects.get(question__number=2).text == "Of Uma's"


def test_every_other_page_of_the_agency_is_not_there(
    given: Forwarding, uma: User, carl: User, sign_in: SignIn
) -> None:
    """Of all addresses of agencies that there are, so that a new one has to be thought of."""
    client = sign_in(carl)
    part = Directorate.objects.create(agency=given.agency, name="Calls")
    keys = {"pk": given.pk, "number": 1, "kind": "xlsx", "receipt": 1, "extension": 1,
            "upload": 1, "move": "promote", "token": "a"}  # fmt: skip
    closed = [
        name for name in names(get_resolver()) if name.startswith("agency") and name not in OPEN
    ]
    closed.remove("agency-names")
    assert "agency-people" in closed
    for name in closed:
        [(_path, parts), *_others] = get_resolver().reverse_dict.getlist(name)[0][0]
        address = reverse(name, kwargs={part: keys[part] for part in parts})
        found = {client.get(address).status_code, client.post(address, {"name": "I"}).status_code}
        assert (name, found - {404, 405}) == (name, set())
    assert list(Directorate.objects.all()) == [part]
    assert not ExtensionRequest.objects.exists()


def test_the_lists_go_when_the_questions_are_taken_back(
    given: Forwarding, uma: User, carl: User, sign_in: SignIn
) -> None:
    client = sign_in(carl)
    assert client.get(f"/agency/forwardings/{given.pk}/").status_code == 200
    assigning.give_to_colleague(given, numbers=[1], by=uma, colleague=None)
    assert client.get(f"/agency/forwardings/{given.pk}/").status_code == 404
    assert "No question yet" in client.get("/agency/").content.decode()
