"""The picker of sample questions in a real browser: ticks, keys, dragging, and without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESKTOP, PHONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

READOUT = "/office/engagements/contact-center/readout/"
SAMPLES = f"{READOUT}samples/"

DROPPED = """async (given) => {
  const { dropped, sideOf } = await import("/static/readouts/sample_order.js");
  return [
    ...given.map(([moved, target, side]) => dropped(["a", "b", "c"], moved, target, side).join("")),
    sideOf(14, { top: 10, height: 10 }), sideOf(15, { top: 10, height: 10 }),
  ];
}"""


def order(page: Page) -> list[str]:
    found = page.locator("[data-sample] .card-number").all_inner_texts()
    return [text.removeprefix("Question ").strip() for text in found]


def saves(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=button).last.click()


def axe(page: Page) -> list[str]:
    return [found["id"] for found in Axe().run(page).response["violations"]]


def test_where_a_dragged_one_goes(site: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(site)
    found = page.evaluate(
        DROPPED,
        [["a", "c", "after"], ["a", "c", "before"], ["c", "a", "before"], ["b", "a", "after"],
         ["a", "a", "after"], ["x", "a", "after"], ["a", "x", "before"]],
    )  # fmt: skip
    assert found == ["bca", "bac", "cab", "abc", "abc", "abc", "abc", "before", "after"]
    page.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_editor_chooses_says_why_and_puts_in_order(
    person: Callable[..., Page], site: str, scripts: bool
) -> None:
    page = person("editor", java_script_enabled=scripts)
    page.goto(site + READOUT)
    correction = page.locator('form[action$="/correct/"]')
    if correction.count():
        page.locator("details:has(form[action$='/correct/']) > summary").click()
        correction.locator("[name=note]").fill("Other questions")
        saves(page, correction.locator("button").inner_text())
    page.goto(f"{site}{SAMPLES}?sort=-number")
    before = order(page)

    tick = page.locator("[name=choose-pick]:not(:disabled)").first
    number = page.locator("tr:has([name=choose-pick]:not(:disabled)) td.num").first.inner_text()
    tick.check()
    page.locator("[name=choose-why]").select_option("category")
    page.locator("[name=choose-own]").fill("Nobody else asked this")
    with page.expect_navigation():
        page.locator("[name=choose-own]").press("Enter")
    assert order(page) == [*before, number]
    card = page.locator("[data-sample]").last
    reason = card.locator("[name$=-reason]").input_value()
    assert reason.startswith("Speaks for its role: ")
    assert reason.endswith("Nobody else asked this")

    card.locator("textarea").fill("What did <b>nobody</b> else ask?")
    up = card.locator("button[id^=up-]")
    name = up.get_attribute("id")
    up.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    moved = page.locator(f"[data-sample]:has(#{name})")
    assert order(page) == [*before[:-1], number, before[-1]]
    assert moved.locator("textarea").input_value() == "What did <b>nobody</b> else ask?"
    assert "nobody" in " ".join(moved.locator(".sample-changes ins").all_inner_texts())
    assert page.locator(f"#{name}:focus").count() == 1

    if scripts:
        _drag_one_up(page, [*before[:-2], number, *before[-2:]])
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            assert axe(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    with page.expect_navigation():
        page.locator(f"[data-sample]:has(#{name}) button[value^=remove-]").click()
    assert order(page) == before


def _drag_one_up(page: Page, expected: list[str]) -> None:
    """The last but one, over the card before it."""
    cards, handles = page.locator("[data-sample]"), page.locator("[data-handle]:visible")
    last = len(expected) - 1
    cards.nth(last - 2).evaluate("card => card.scrollIntoView({ block: 'start' })")
    handles.nth(last - 1).hover()
    page.mouse.down()
    # Once to begin to drag, and again to be over the card.
    for _time in range(2):
        cards.nth(last - 2).hover(position={"x": 200, "y": 60}, force=True)
    page.mouse.up()
    assert order(page) == expected
    places = [place.input_value() for place in page.locator("[name$=-position]").all()]
    assert places == [str(place) for place in range(1, len(expected) + 1)]
    saves(page, "Save words and order")
    assert order(page) == expected
