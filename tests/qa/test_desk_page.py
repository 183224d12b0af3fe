"""The desk as a page without scripts: what is listed, page by page; forms for one and for many."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from qa import queries, states
from qa.forms import BulkForm, UndoForm
from qa.forms.desk import MOST_AT_ONCE
from qa.models import Question
from tests.factories import make_question

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import User
    from qa.models import Floor

pytestmark = pytest.mark.django_db

DESK = reverse("desk", args=["live-session"])


def move(name: str) -> str:
    return reverse("desk-decide", args=["live-session", name])


def listed(response: Any) -> list[int]:
    return [int(number) for number in re.findall(r'data-key="(\d+)"', response.content.decode())]


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def desk(omar: User, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(omar)


def test_what_is_chosen_stands_in_the_address_and_counts_follow(floor: Floor, desk: Client) -> None:
    fees = floor.engagement.labels.create(name="Fees")
    make_question(floor, "A visa fee?", label=fees, open_findings=["ssn"])
    make_question(floor, "Another visa?", language="es")
    make_question(floor, "A form?", state=states.HELD, source=Question.Source.PHONE)
    make_question(floor, "Answered?", state=states.SHOWN, outcome=states.ANSWERING)

    # What is being answered now stays, whatever is chosen.
    for query, numbers in {
        "": [1, 2, 4, 3],
        "?q=visa": [1, 2, 4],
        "?q=%232": [2, 4],
        "?state=held": [4, 3],
        f"?label={fees.pk}": [1, 4],
        "?label=none": [2, 4, 3],
        "?language=es": [2, 4],
        "?source=phone": [4, 3],
        "?flagged=on": [1, 4],
        "?q=visa&language=es": [2, 4],
        "?state=no-state&label=seven": [1, 2, 4, 3],
    }.items():
        response = desk.get(DESK + query)
        assert listed(response) == numbers, query
    assert 'value="visa"' in desk.get(f"{DESK}?q=visa").content.decode()


def test_long_lists_have_pages_of_fifteen(floor: Floor, desk: Client) -> None:
    for _ in range(17):
        make_question(floor)
    first = desk.get(f"{DESK}?sort=number")
    assert listed(first) == list(range(1, 16))
    assert 'href="?sort=number&amp;waiting=2#waiting-heading"' in first.content.decode()
    assert listed(desk.get(f"{DESK}?waiting=2")) == [16, 17]
    assert listed(desk.get(f"{DESK}?waiting=nine")) == list(range(1, 16))


def test_a_card_as_sent_holds_only_what_fits_its_question(floor: Floor, desk: Client) -> None:
    for state in (states.WAITING, states.SHOWN, states.DISMISSED):
        for _ in range(16):
            make_question(floor, state=state)
    page = desk.get(DESK).content.decode()
    assert len(page) < 200 * 1024

    def card(number: int) -> str:
        return page.split(f'data-key="{number}"')[1].split("</li>\n")[0]

    def moves(number: int) -> list[str]:
        return re.findall(r'(?:name="outcome" value|data-do)="(\w+)"', card(number))[1:]

    reasons = ["dismiss"] * len(queries.dismissal_reasons())
    assert moves(1) == ["show", "hold", *reasons, "divert"]
    assert moves(17) == [
        "answering", "mark", "answered_live", "mark", "follow_up", "mark",
        "hold", *reasons, "divert",
    ]  # fmt: skip
    assert moves(33) == ["show", "hold"]


def test_many_are_decided_by_check_boxes_and_taken_back(floor: Floor, desk: Client) -> None:
    for _ in range(3):
        make_question(floor)
    sent = {"move": "hold", "questions": ["1:1", "2:5", "3:1"], "reason": "unclear", "label": ""}
    response = desk.post(f"{move('bulk')}?sort=newest", sent, follow=True)

    assert response.redirect_chain[-1][0] == f"{DESK}?sort=newest"
    assert said(response) == [
        "Question 2 has changed since you saw it.", "2 questions changed.",
    ]  # fmt: skip
    assert [q.state for q in Question.objects.order_by("number")] == [
        states.HELD, states.WAITING, states.HELD,
    ]  # fmt: skip
    page = response.content.decode()
    assert page.count('name="questions" value="1:2" formaction=') == 1
    response = desk.post(move("undo"), {"questions": "1:2"}, follow=True)
    # Made without an event, it has nothing before to go back to.
    assert said(response) == ["There is nothing of yours to undo about question 1."]


def test_one_key_for_what_is_about_one_case_is_a_button_too(floor: Floor, desk: Client) -> None:
    make_question(floor)
    response = desk.post(move("divert"), {"number": 1, "seen": 1}, follow=True)
    assert said(response) == ["Question 1: dismissed."]
    assert Question.objects.get().dismissal == states.CASE_SPECIFIC
    assert desk.post(move("no-move"), {"number": 1, "seen": 1}).status_code == 404


@pytest.mark.parametrize(
    "questions", ["", "7", "7:0", "7:1,", "a:1", "7:1;8:1", "99999999999:1", "4294967296:1"]
)
def test_pairs_that_are_none_are_refused(questions: str) -> None:
    assert not UndoForm({"questions": questions}).is_valid()
    assert UndoForm({"questions": "7:1,8:2"}).is_valid()


def test_so_many_at_once_and_no_more() -> None:
    pairs = [f"{number}:1" for number in range(1, MOST_AT_ONCE + 2)]
    assert BulkForm({"move": "show", "questions": ",".join(pairs[:-1])}).is_valid()
    assert BulkForm({"move": "show", "questions": ",".join(pairs)}).errors["questions"] == [
        "Please choose at most 200 questions at a time."
    ]
