"""A list for the agency is prepared in a browser without scripts: looked at, and discarded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

LISTS = "/office/engagements/contact-center/forwardings/"


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_sealed_list(person: Callable[..., Page], site: str, size: dict[str, int]) -> None:
    page = person("editor", viewport=size)
    page.goto(f"{site}{LISTS}1/")
    found = Axe().run(page)
    assert [v["id"] for v in found.response["violations"]] == [], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_a_draft_without_scripts(person: Callable[..., Page], site: str) -> None:
    page = person("editor", java_script_enabled=False)
    page.goto(site + LISTS)
    page.get_by_role("button", name="Prepare a list for USCIS").click()
    page.get_by_role("checkbox", name="To follow up (5)").check()
    page.get_by_label("Cover note").fill("Only what the speakers promised.")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    sums = page.locator(".list-sums .stat dd")
    expect(sums).to_have_text(["163", "− 158", "= 5", "0"])  # noqa: RUF001 - a minus sign
    expect(page.locator(".listed-rows tbody tr")).to_have_count(5)
    expect(page.get_by_text("0 questions added, 158 removed, 0 changed.")).to_be_visible()
    draft = page.url

    reader = person("editor")
    for size in (PHONE, DESKTOP):
        reader.set_viewport_size(size)  # type: ignore[arg-type]
        reader.goto(draft)
        found = Axe().run(reader)
        assert [v["id"] for v in found.response["violations"]] == [], found.generate_report()
        assert reader.evaluate("document.documentElement.scrollWidth") <= size["width"]

    page.get_by_text("Seal and send …").click()
    expect(page.get_by_role("button", name="Yes, seal it and send it")).to_be_visible()
    page.get_by_text("Discard the draft …").click()
    page.get_by_role("button", name="Yes, discard it").click()
    expect(page.get_by_text("The draft is discarded.")).to_be_visible()
    expect(page.get_by_role("button", name="Prepare a list for USCIS")).to_be_visible()
