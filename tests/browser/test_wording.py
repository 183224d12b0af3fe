"""The office's phrases, tried while they are typed, and without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import PHONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

NAMES = "the total, and the names of the roles without numbers"


def test_a_wording_is_tried_while_it_is_typed(person: Callable[..., Page], site: str) -> None:
    page = person("administrator")
    page.goto(f"{site}/office/wording/")
    page.get_by_label("Name").fill("Ours")
    page.get_by_role("button", name="Add").click()
    preview = page.locator("#wording-preview")
    expect(preview).to_contain_text("Word for word the same.")
    page.locator("#id_attendance_by").select_option(label=NAMES)
    expect(preview).to_contain_text("joined this webinar, including attorneys")
    page.locator("#id_joined").fill("Stakeholders joined $this_kind.")
    expect(preview).to_contain_text("Please put $people into this phrase.")
    page.locator("#id_joined").fill("")
    expect(preview).to_contain_text("including attorneys")
    assert Axe().run(page).violations_count == 0
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("The wording is saved.")

    # The same without scripts, on a phone.
    plain = person("administrator", java_script_enabled=False, viewport=PHONE)
    plain.goto(page.url)
    plain.locator("#id_attendance_by").select_option("total")
    plain.get_by_role("button", name="Preview without saving").first.click()
    said = plain.locator(".wording-variants .is-used").first
    expect(said).to_contain_text("A total of 828 stakeholders joined this webinar.")
    plain.goto(page.url)
    expect(plain.locator("#id_attendance_by")).to_have_value("names")
