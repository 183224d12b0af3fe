"""An agency at its desk in a real browser: given to a colleague, answered, cleared, submitted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

NUMBER = 30


def has_no_fault(page: Page) -> None:
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert [found["id"] for found in Axe().run(page).response["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]


def press(page: Page, name: str | re.Pattern[str]) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).first.click()


def said(page: Page) -> str:
    return page.locator(".messages").inner_text()


def open_list(page: Page, site: str, query: str = "") -> str:
    page.goto(f"{site}/agency/")
    address = page.locator(".list-card h3 a").first.get_attribute("href")
    page.goto(f"{site}{address}{query}")
    return f"{site}{address}"


def test_a_question_is_given_answered_cleared_and_submitted(
    person: Callable[..., Page], site: str
) -> None:
    liaison = person("agency liaison")
    has_no_fault(liaison)
    address = open_list(liaison, site)
    liaison.locator("[data-pick-all] input").check()
    expect(liaison.locator("[data-picked]")).to_have_text("(50)")
    liaison.locator("[data-pick-all] input").uncheck()
    liaison.locator(f"input[name=numbers][value='{NUMBER}']").check()
    liaison.locator("select[name=colleague]").select_option(label="Carl Jensen")
    press(liaison, "Give")
    assert "1 question given." in said(liaison)
    has_no_fault(liaison)

    # Without scripts, and by the keyboard alone.
    colleague = person("contributor", java_script_enabled=False)
    assert open_list(colleague, site) == address
    colleague.get_by_role("link", name=str(NUMBER), exact=True).click()
    colleague.get_by_role("radio", name=re.compile("^Answered")).focus()
    colleague.keyboard.press("Space")
    expect(colleague.locator("[name=page_url]")).to_be_hidden()
    colleague.get_by_role("textbox", name="Answer, or the reason").focus()
    colleague.keyboard.type("All calls are recorded, and kept for ninety days.")
    colleague.get_by_role("radio", name=re.compile("^Yes")).focus()
    colleague.keyboard.press("Space")
    colleague.get_by_role("button", name="Save and ask for clearance").focus()
    with colleague.expect_navigation():
        colleague.keyboard.press("Enter")
    assert "The answer waits for clearance." in said(colleague)

    liaison.goto(f"{address}questions/{NUMBER}/")
    assert "Carl Jensen asks for clearance of this answer." in liaison.content()
    has_no_fault(liaison)
    press(liaison, "Clear and submit to the office")
    assert "The answer is submitted to the office." in said(liaison)
    press(liaison, "Take it back to change it")
    has_no_fault(liaison)
    press(liaison, "Save and submit to the office")
    open_list(liaison, site, f"?q={NUMBER}&state=submitted")
    expect(liaison.locator("tbody .agency-question")).to_have_count(1)
    for page in ("people/", f"{address.removeprefix(site + '/agency/')}extension/"):
        liaison.goto(f"{site}/agency/{page}")
        has_no_fault(liaison)
