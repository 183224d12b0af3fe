"""A poll from the office's page to the room, the screen and the results, in several browsers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_hour import wait_until_live

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Locator, Page

OFFICE = "/office/engagements/processing-times/polls/"
SCREEN = "/engagements/processing-times/screen/"
QUESTION = "How long did your case take?"

PURE = """async (cases) => {
  const state = await import("/static/qa/state.js");
  const order = await import("/static/qa/poll_order.js");
  const take = (audience, messages) => messages.reduce(state.take, state.initial(audience));
  const results = (audience, messages) => {
    const known = take(audience, messages);
    return [...known.polls.values()].map((poll) => state.resultsOf(known, poll));
  };
  const numbers = (polls) => polls.map((poll) => poll.number);
  return {
    results: Object.fromEntries(["room", "desk", "screen"].map((audience) => [
      audience, cases.live.map((messages) => results(audience, messages))])),
    own: [...take("room", cases.own).ownAnswers],
    survey: cases.survey.map((messages) => take("room", messages).survey),
    standing: order.standing(cases.polls).map(numbers),
    desk: numbers(order.atDesk(cases.polls)),
    screen: cases.screen.map(([polls, now]) => order.onScreen(polls, Date.parse(now))?.number ?? 0),
    scale: order.choicesOf({ kind: "scale", low_label: "poor", high_label: "" })
      .map(({ text }) => text),
  };
}"""
FIGURES = {"answers": 3, "counts": [2, 1], "percents": [67, 33]}


def poll(number: int = 1, **fields: Any) -> dict[str, Any]:
    known = {"number": number, "state": "open", "shows_live": False, "results": None}
    return known | {"opened_at": None, "closed_at": None} | fields


def snapshot(*polls: dict[str, Any], **fields: Any) -> dict[str, Any]:
    known = {"type": "snapshot", "epoch": "a", "number": 1, "mark": 0, "questions": [], "votes": {}}
    return known | {"polls": polls} | fields


def events(*changes: dict[str, Any]) -> dict[str, Any]:
    return {"type": "events", "after": 1, "number": 2, "events": changes}


def test_the_pure_parts(browser: Browser, site: str) -> None:
    told = {"type": "poll-results", "results": {"1": FIGURES}}
    closed = {"type": "poll", "poll": poll(state="closed", results=FIGURES)}
    many = [
        poll(1, state="closed", opened_at="2021-04-14T18:00", closed_at="2021-04-14T18:05"),
        poll(2, opened_at="2021-04-14T18:10"),
        poll(3, state="draft"),
        poll(4, opened_at="2021-04-14T18:20"),
        poll(5, state="closed", opened_at="2021-04-14T18:30", closed_at="2021-04-14T18:40"),
    ]
    over = [one for one in many if one["state"] == "closed"]
    cases = {
        "live": [
            [snapshot(poll()), told],
            [snapshot(poll(shows_live=True)), told],
            [told, snapshot(poll()), events(closed)],
            [snapshot(poll()), told, events({"type": "poll-gone", "number": 1})],
        ],
        "own": [
            {"type": "own", "questions": [], "votes": [], "poll_answers": {"3": [1, 2], "4": [1]}},
            {"type": "own-poll-answer", "number": 4, "chosen": [5]},
        ],
        "survey": [
            [snapshot()],
            [snapshot(survey=True)],
            [snapshot(), events({"type": "survey", "is_open": True})],
        ],
        "polls": many,
        "screen": [
            [many, "2021-04-14T18:41"],
            [over, "2021-04-14T18:44"],
            [over, "2021-04-14T18:46"],
        ],
    }
    page = browser.new_page()
    page.goto(f"{site}/static/qa/state.js")

    number = {"answers": 3, "counts": [], "percents": []}
    assert page.evaluate(PURE, cases) == {
        "results": {
            "room": [[None], [FIGURES], [FIGURES], []],
            "desk": [[FIGURES], [FIGURES], [FIGURES], []],
            "screen": [[number], [FIGURES], [FIGURES], []],
        },
        "own": [[3, [1, 2]], [4, [5]]],
        "survey": [False, True, True],
        "standing": [[4, 2], [5, 1, 3]],
        "desk": [2, 4, 3, 1, 5],
        "screen": [4, 5, 0],
        "scale": ["1: poor", "2", "3", "4", "5"],
    }
    page.close()


@pytest.fixture
def ana(person: Callable[..., Page], neighbors: Iterator[str]) -> Page:
    page = person(next(neighbors), viewport=PHONE)
    wait_until_live(page)
    return page


@pytest.fixture
def ben(person: Callable[..., Page], neighbors: Iterator[str]) -> Page:
    """Without scripts."""
    return person(next(neighbors), java_script_enabled=False)


def in_room(page: Page) -> Locator:
    return page.locator("[data-polls=list] .poll", has_text=QUESTION)


def check(page: Page) -> None:
    """Nothing for axe to find, and no sideways scrolling."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def write(office: Page) -> None:
    office.get_by_role("link", name="Write a poll").click()
    check(office)
    office.get_by_label("Question").fill(QUESTION)
    office.get_by_label("Answers, one in each line").fill("Under a year\nOne year or more")
    office.get_by_role("button", name="Save the draft").click()


def test_a_poll_is_written_answered_twice_shown_and_closed(
    person: Callable[..., Page], ana: Page, ben: Page, site: str
) -> None:
    office = person("moderator")
    office.goto(site + OFFICE)
    write(office)
    desk, screen = office.context.new_page(), office.context.new_page()
    desk.goto(f"{site}/office/engagements/processing-times/desk/")
    screen.goto(site + SCREEN)
    expect(screen.locator(".live-line")).to_have_attribute("data-state", "live")
    wait_until_live(desk)
    expect(in_room(ana)).to_have_count(0)

    desk.locator("[data-desk=polls] summary").click()
    at_desk = desk.locator("[data-desk=polls] .desk-poll", has_text=QUESTION)
    at_desk.get_by_role("button", name="Open").click()
    expect(in_room(ana)).to_be_visible(timeout=2000)
    expect(screen.locator("[data-screen=poll]")).to_contain_text(QUESTION)
    in_room(ana).get_by_label("Under a year").check()
    in_room(ana).get_by_role("button", name="Send my answer").click()
    expect(in_room(ana)).to_contain_text("Your answer is saved.")
    expect(screen.locator("[data-screen=poll]")).to_contain_text("1 answer")
    check(ana)

    ben.reload()
    in_room(ben).get_by_label("One year or more").check()
    in_room(ben).get_by_role("button", name="Send my answer").click()
    expect(in_room(ben).get_by_role("button", name="Change my answer")).to_be_visible()
    expect(screen.locator("[data-screen=poll]")).to_contain_text("2 answers")
    wait_until_live(desk)
    expect(at_desk).to_contain_text("Under a year 50%")
    expect(in_room(ana).locator("[data-part=results]")).to_be_hidden()

    at_desk.get_by_role("button", name="Close").click()
    row = in_room(ana).locator("tr", has_text="Under a year")
    expect(row).to_contain_text("your answer")
    expect(row).to_contain_text("50%")
    expect(row.locator("[data-part=count]")).to_have_text("1")
    ana.reload()
    wait_until_live(ana)
    expect(row.locator("[data-part=count]")).to_have_text("1")
    expect(in_room(ana).locator("[data-part=form]")).to_be_hidden()
    expect(screen.locator("[data-screen=poll]")).to_contain_text("Results of the poll")
    expect(screen.locator("[data-screen=poll] .poll-percent").first).to_have_text("50%")
    ben.reload()
    expect(in_room(ben).locator("tr", has_text="One year or more")).to_contain_text("your answer")
    check(ana)

    office.reload()
    office.locator(".office-poll", has_text=QUESTION).get_by_text("By role category").click()
    expect(office.locator(".poll-categories")).to_contain_text("fewer than 20 answers")
    for width, height in (DESKTOP.values(), PHONE.values()):
        office.set_viewport_size({"width": width, "height": height})
        check(office)
