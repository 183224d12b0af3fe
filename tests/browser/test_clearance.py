"""A correction on its way to the public in a real browser: cleared, returned, cleared again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESKTOP, PHONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

READOUT = "/office/engagements/contact-center/readout/"
PREVIEW = f"{READOUT}preview/"


def opened(page: Page, words: str) -> None:
    """Show what is behind a button that asks once more; without scripts, too."""
    page.locator("details > summary", has_text=words).click()


def press(page: Page, button: str | re.Pattern[str]) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=button).last.click()


def submit(page: Page, site: str, summary: str) -> None:
    page.goto(site + READOUT)
    page.locator("textarea[name=summary]").fill(summary)
    with page.expect_navigation():
        page.locator("button[name=then][value=submit]").click()


def approve(page: Page, site: str) -> None:
    page.goto(site + PREVIEW)
    press(page, re.compile("^Approve:"))
    assert "It counts for exactly the text that you read." in page.content()


def has_no_fault(page: Page) -> None:
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert [found["id"] for found in Axe().run(page).response["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_a_correction_is_cleared_returned_cleared_again_and_published(
    person: Callable[..., Page], site: str
) -> None:
    editor = person("editor")
    editor.goto(site + READOUT)
    if editor.locator("form[action$='/correct/']").count():
        opened(editor, "Open a correction …")
        editor.locator("form[action$='/correct/'] [name=note]").fill("A sentence was missing")
        press(editor, "Open a correction")
    submit(editor, site, "The speakers explained how calls are answered.")

    counsel = person("counsel", java_script_enabled=False)
    counsel.goto(f"{site}/office/")
    with counsel.expect_navigation():
        counsel.locator(f"a[href='{PREVIEW}']").click()
    with counsel.expect_navigation():
        counsel.locator(f"a[href='{READOUT}changes/']").click()
    assert counsel.locator(".changes ins").count() > 0
    approve(counsel, site)

    affairs = person("coordinator")
    affairs.goto(site + PREVIEW)
    opened(affairs, "Return to draft …")
    has_no_fault(affairs)
    affairs.locator("textarea[name=note]").fill("Say how many calls.")
    press(affairs, "Return to draft")

    editor.goto(site + READOUT)
    assert "Say how many calls." in editor.content()
    submit(editor, site, "The speakers explained how 11 million calls are answered.")
    editor.goto(site + PREVIEW)
    assert editor.locator(".chain-void").count() == 1
    has_no_fault(editor)
    editor.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    approve(counsel, site)
    approve(affairs, site)

    publisher = person("publisher")
    publisher.goto(site + PREVIEW)
    opened(publisher, "Publish at a set time …")
    has_no_fault(publisher)
    publisher.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    opened(publisher, "Publish …")
    press(publisher, "Yes, publish it")
    assert "Published." in publisher.content()
    publisher.goto(f"{site}{READOUT}history/")
    assert publisher.locator("s", has_text="Approved: Counsel").count() == 1
    has_no_fault(publisher)

    anybody = person(java_script_enabled=False)
    anybody.goto(f"{site}/engagements/contact-center/readout/")
    assert "11 million calls" in anybody.content()
    with anybody.expect_navigation():
        anybody.get_by_role("link", name=re.compile("^What changed from version")).first.click()
    assert anybody.locator(".changes :is(ins, del)").count() > 0


def test_the_pages_of_the_chain_have_no_fault(person: Callable[..., Page], site: str) -> None:
    page = person("administrator")
    page.goto(f"{site}/office/clearance/")
    page.locator(".chain-card summary").first.click()
    has_no_fault(page)
