"""Two thousand questions at the desk: only what is in sight is in the page, and nothing jumps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.test_deciding import ASKED, Desk, card, question
from tests.browser.test_hour import wait_until_live

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

MANY = 2_000


@pytest.fixture
def server() -> Desk:
    server = Desk()
    waiting = [
        question(number, text=f"Text {number}? " * (number % 5 + 1)) for number in range(1, MANY)
    ]
    shown = question(MANY, "shown", shown_at=ASKED)
    server.snapshot = server.snapshot | {"questions": [*waiting, shown]}
    return server


@pytest.fixture
def desk(person: Callable[..., Page], server: Desk, links: dict[str, str]) -> Page:
    page = person()
    page.route_web_socket(re.compile("/live/v1/desk/"), server.meet)
    page.goto(links["moderator"])
    wait_until_live(page)
    return page


def rows(desk: Page) -> int:
    return desk.locator("[data-desk=waiting] .card").count()


def place_of(desk: Page, number: int) -> float:
    place = card(desk, number).bounding_box()
    assert place is not None
    return place["y"]


def test_only_rows_in_sight_are_in_the_page_and_they_keep_their_place(
    desk: Page, server: Desk
) -> None:
    expect(desk.locator("[data-desk=waiting-count]")).to_have_text(str(MANY - 1))
    assert 0 < rows(desk) < 40

    card(desk, 1).focus()
    for _ in range(30):
        desk.keyboard.press("j")
    expect(card(desk, 31)).to_be_focused()
    expect(card(desk, 31)).to_be_in_viewport()
    expect(card(desk, 31)).to_have_attribute("aria-posinset", "31")
    expect(card(desk, 31)).to_have_attribute("aria-setsize", str(MANY - 1))
    assert 0 < rows(desk) < 40

    # Questions above go and one comes: what is read stays where it is.
    before = place_of(desk, 31)
    gone = [{"type": "question", "question": question(n, "held", revision=2)} for n in range(2, 9)]
    fresh = {"type": "question", "question": question(MANY + 1)}
    server.say({"type": "events", "after": 4, "number": 12, "events": [*gone, fresh]})
    expect(desk.locator("[data-desk=waiting-count]")).to_have_text(str(MANY - 7))
    assert abs(place_of(desk, 31) - before) < 2
    expect(card(desk, 31)).to_be_focused()

    # The new one is told of, and one click away.
    news = desk.get_by_role("button", name="1 new")
    news.click()
    expect(card(desk, MANY + 1)).to_be_focused()
    expect(card(desk, MANY + 1)).to_be_in_viewport()
    expect(news).to_be_hidden()
    assert 0 < rows(desk) < 40


def test_the_choice_stands_in_the_address_and_the_lists_follow(desk: Page) -> None:
    desk.get_by_role("searchbox").fill("#77")
    expect(desk.locator("[data-desk=waiting] .card")).to_have_count(1)
    desk.wait_for_url("**q=%2377**")
    desk.locator(".desk-more > summary").click()
    desk.locator("#filter-state").select_option("shown")
    expect(desk.locator("[data-desk=waiting] .card")).to_have_count(0)
    desk.get_by_role("link", name="Show everything").click()
    expect(desk.locator("[data-desk=waiting-count]")).to_have_text(str(MANY - 1))
    assert "q=" not in desk.url
