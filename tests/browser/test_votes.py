"""Votes, the order of the list and the big screen, in several browsers at once."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_hour import wait_until_live

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Locator, Page

ROOM = "/engagements/processing-times/room/"
SCREEN = "/engagements/processing-times/screen/"

# Shown since the demonstration began.
FIRST, SECOND = "within 14 months", "one field office to the next"


def shown(page: Page, text: str) -> Locator:
    return page.locator("[data-room=questions] .card", has_text=text)


def at_desk(page: Page, text: str) -> Locator:
    return page.locator("[data-desk=shown] .card", has_text=text)


def vote(page: Page, text: str) -> None:
    shown(page, text).get_by_role("button", name="Vote for this question").click()


def take_back(page: Page, text: str) -> None:
    shown(page, text).get_by_role("button", name="Take my vote back").click()


def votes(card: Locator) -> Locator:
    return card.locator("[data-part=votes]")


@pytest.fixture
def desk(person: Callable[..., Page]) -> Page:
    page = person("moderator")
    wait_until_live(page)
    return page


@pytest.fixture
def ana(person: Callable[..., Page], neighbors: Iterator[str]) -> Page:
    page = person(next(neighbors))
    wait_until_live(page)
    return page


@pytest.fixture
def ben(person: Callable[..., Page], neighbors: Iterator[str]) -> Page:
    page = person(next(neighbors), viewport=PHONE)
    wait_until_live(page)
    return page


def test_a_vote_is_counted_in_other_browsers_within_a_second(
    ana: Page, ben: Page, desk: Page
) -> None:
    expect(votes(shown(ben, FIRST))).to_have_text("0 votes")
    expect(votes(at_desk(desk, FIRST))).to_be_hidden()

    vote(ana, FIRST)
    voted_at = time.monotonic()
    expect(votes(shown(ben, FIRST))).to_have_text("1 vote", timeout=1000)
    expect(votes(at_desk(desk, FIRST))).to_have_text("1 vote", timeout=1000)
    assert time.monotonic() - voted_at < 1
    expect(votes(shown(ana, FIRST))).to_have_text("1 vote")

    vote(ben, FIRST)
    expect(votes(shown(ana, FIRST))).to_have_text("2 votes", timeout=1000)
    take_back(ana, FIRST)
    expect(votes(shown(ben, FIRST))).to_have_text("1 vote", timeout=1000)
    take_back(ben, FIRST)
    expect(votes(shown(ana, FIRST))).to_have_text("0 votes", timeout=1000)


def test_a_vote_is_the_persons_on_every_device_and_after_a_reload(ana: Page) -> None:
    other = ana.context.new_page()
    other.goto(ana.url)
    wait_until_live(other)

    vote(ana, SECOND)
    mine = shown(other, SECOND).get_by_role("button", name="Take my vote back")
    expect(mine).to_be_visible()
    other.reload()
    wait_until_live(other)
    expect(mine).to_be_visible()
    take_back(other, SECOND)

    expect(shown(ana, SECOND).get_by_role("button", name="Vote for this question")).to_be_visible()


def test_the_desk_says_who_sees_counts_and_whether_people_vote(
    ana: Page, ben: Page, desk: Page
) -> None:
    vote(ana, FIRST)
    expect(votes(shown(ben, FIRST))).to_have_text("1 vote")

    desk.get_by_role("button", name="Desk only").click()
    expect(votes(shown(ben, FIRST))).to_be_hidden(timeout=1000)
    expect(votes(at_desk(desk, FIRST))).to_have_text("1 vote")
    expect(ben.locator("#sort option[value=votes]")).to_be_disabled()
    vote(ben, FIRST)
    expect(votes(at_desk(desk, FIRST))).to_have_text("2 votes")

    desk.get_by_role("button", name="Off", exact=True).click()
    expect(shown(ben, FIRST).get_by_role("button")).to_have_count(0)
    expect(votes(at_desk(desk, FIRST))).to_be_hidden()

    desk.get_by_role("button", name="Public", exact=True).click()
    expect(votes(shown(ben, FIRST))).to_have_text("2 votes")
    take_back(ana, FIRST)
    take_back(ben, FIRST)
    expect(votes(shown(ana, FIRST))).to_have_text("0 votes")


def test_on_a_closed_floor_nobody_votes(ana: Page, desk: Page) -> None:
    button = shown(ana, FIRST).get_by_role("button", name="Vote for this question")
    desk.get_by_role("button", name="Closed").click()
    expect(button).to_be_disabled()

    desk.get_by_role("button", name="Voting only").click()
    expect(button).to_be_enabled()
    expect(ana.get_by_label("Your question")).to_be_hidden()

    desk.get_by_role("button", name="Open", exact=True).click()
    expect(ana.get_by_label("Your question")).to_be_visible()


def test_the_list_is_read_in_an_order_of_ones_own(ana: Page, ben: Page) -> None:
    vote(ana, SECOND)
    vote(ben, SECOND)
    expect(votes(shown(ben, SECOND))).to_have_text("2 votes")

    ben.get_by_label("Order").select_option("Most votes first")
    first = ben.locator("[data-room=questions] .card").first
    expect(first).to_contain_text(SECOND)
    expect(ben).to_have_url(re.compile("sort=votes"))
    ben.reload()
    wait_until_live(ben)
    expect(first).to_contain_text(SECOND)

    ben.get_by_label("Order").select_option("By number")
    expect(first).to_contain_text("Question 1")
    take_back(ana, SECOND)
    take_back(ben, SECOND)


def test_the_focus_stays_with_the_question_that_moves(ana: Page, ben: Page) -> None:
    vote(ana, SECOND)
    ben.get_by_label("Order").select_option("Most votes first")
    first = ben.locator("[data-room=questions] .card").first
    expect(first).to_contain_text(SECOND)

    shown(ben, FIRST).get_by_role("button", name="Vote for this question").focus()
    ben.keyboard.press("Enter")
    vote(ana, FIRST)
    expect(first).to_contain_text(FIRST)
    expect(first.get_by_role("button", name="Take my vote back")).to_be_focused()
    ben.keyboard.press("Enter")
    expect(votes(first)).to_have_text("1 vote")
    take_back(ana, FIRST)
    take_back(ana, SECOND)


def test_what_is_answered_may_be_left_out(ana: Page, desk: Page) -> None:
    at_desk(desk, SECOND).get_by_role("button", name="Answered live").click()
    expect(shown(ana, SECOND)).to_contain_text("Answered live")

    ana.get_by_label("Not answered yet").check()
    expect(shown(ana, SECOND)).to_have_count(0)
    at_desk(desk, SECOND).get_by_role("button", name="Not answered").click()
    expect(shown(ana, SECOND)).to_be_visible()


def test_the_screen_shows_what_is_being_answered_within_a_second(
    desk: Page, ana: Page, site: str
) -> None:
    screen = desk.context.new_page()
    screen.goto(site + SCREEN)
    expect(screen.locator(".live-line")).to_have_attribute("data-state", "live")
    now = screen.locator("[data-screen=now]")
    expect(now).to_be_hidden()
    expect(screen.locator("[data-part=people]")).to_have_text(re.compile(r"^\d+ (person|people)"))
    vote(ana, FIRST)
    expect(screen.locator("[data-screen=coming] li").first).to_contain_text(FIRST)
    expect(screen.locator("[data-screen=coming] li").first).to_contain_text("1 vote")
    take_back(ana, FIRST)

    at_desk(desk, SECOND).get_by_role("button", name="Answer now").click()
    marked_at = time.monotonic()
    expect(now).to_contain_text(SECOND, timeout=1000)
    assert time.monotonic() - marked_at < 1
    expect(ana.locator("[data-room=questions] .card").first).to_contain_text(SECOND)

    at_desk(desk, SECOND).get_by_role("button", name="Not answered").click()
    expect(now).to_be_hidden()


def test_without_scripts_one_votes_sorts_and_reads_the_screen(
    person: Callable[..., Page], neighbors: Iterator[str], site: str
) -> None:
    room = person(next(neighbors), java_script_enabled=False)
    room.get_by_label("Order").select_option("By number")
    room.get_by_label("Not answered yet").check()
    room.get_by_role("button", name="Apply").click()
    expect(room.locator("[data-room=questions] .card").first).to_contain_text("Question 1")

    vote(room, FIRST)
    expect(room).to_have_url(f"{site}{ROOM}?sort=number&unanswered=on#question-1")
    expect(votes(shown(room, FIRST))).to_have_text("1 vote")
    take_back(room, FIRST)
    expect(votes(shown(room, FIRST))).to_have_text("0 votes")

    desk = person("moderator", java_script_enabled=False)
    desk.get_by_role("button", name="Off", exact=True).click()
    room.reload()
    expect(shown(room, FIRST).get_by_role("button")).to_have_count(0)
    desk.get_by_role("button", name="Public", exact=True).click()
    at_desk(desk, FIRST).get_by_role("button", name="Answer now").click()
    desk.goto(site + SCREEN)
    expect(desk.locator("[data-screen=now]")).to_contain_text(FIRST)
    desk.go_back()
    at_desk(desk, FIRST).get_by_role("button", name="Not answered").click()
