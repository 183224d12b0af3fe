"""A promise is followed from the first page of the office to the public's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import PHONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

EVIDENCE = "The slides are on the office's website."


def test_a_promise_is_kept_by_keyboard_and_without_scripts(
    person: Callable[..., Page], site: str
) -> None:
    """And opened again, so that the demonstration is as it was."""
    page = person("editor", viewport=PHONE, java_script_enabled=False)
    page.goto(f"{site}/office/")
    page.get_by_role("link", name="Post the presentation").press("Enter")
    address = page.url
    page.get_by_label("What shows that it was kept").fill(EVIDENCE)
    page.get_by_role("button", name="It was kept").press("Enter")
    expect(page.get_by_role("heading", name="Kept", exact=True)).to_be_visible()
    page.goto(f"{site}/engagements/contact-center/readout/")
    promises = page.get_by_role("region", name="What the office promised")
    expect(promises).to_contain_text(EVIDENCE)
    expect(promises).to_contain_text("The list with 163 questions was sent to USCIS")
    page.goto(address)
    page.get_by_role("button", name="Open it again").press("Enter")
    expect(page.get_by_text("Overdue", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_page_of_a_promise_is_accessible(person: Callable[..., Page], site: str) -> None:
    page = person("editor")
    page.goto(f"{site}/office/commitments/?state=all")
    page.get_by_role("link", name="will share a full list").click()
    found = Axe().run(page)
    assert [v["id"] for v in found.response["violations"]] == [], found.generate_report()
