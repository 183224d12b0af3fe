"""Scripts and server put a list in the same order, or it would jump when the scripts take over."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from qa import states
from qa.forms import arranged

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

RUN = """async ([questions, sort]) => {
  const order = await import("/static/qa/order.js");
  return order.arranged(questions, sort, (question) => question.votes).map((q) => q.number);
}"""


def questions(seed: int) -> list[dict[str, Any]]:
    chance = random.Random(seed)
    moments = [None, "2021-04-14T18:05:00+00:00", "2021-04-14T18:05:00.250000+00:00"]
    numbers = chance.sample(range(1, 200), 60)
    return [
        {
            "number": number,
            "votes": chance.choice([0, 0, 1, 2, 11]),
            "shown_at": chance.choice(moments),
            "outcome": states.ANSWERING if index == 7 else states.NO_OUTCOME,
        }
        for index, number in enumerate(numbers)
    ]


@pytest.mark.parametrize("sort", ["newest", "votes", "number"])
def test_the_same_order_in_both_places(person: Callable[..., Page], site: str, sort: str) -> None:
    page = person()
    page.goto(f"{site}/static/qa/order.js")
    for seed in range(5):
        given = questions(seed)
        expected = [question["number"] for question in arranged(given, sort)]
        assert page.evaluate(RUN, [given, sort]) == expected
