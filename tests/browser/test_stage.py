"""Screen and speaker's view on devices that nobody has signed in on, and messages backstage."""

from __future__ import annotations

import re
import time
import uuid
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_hour import wait_until_live

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

DESK = "/office/engagements/processing-times/desk/"
DEVICES = "/office/engagements/processing-times/devices/"
SCREEN = "/engagements/processing-times/screen/"
GONE = "This link opens nothing any more. Please ask the office for a new one."


@pytest.fixture
def office(person: Callable[..., Page], site: str) -> Page:
    page = person("moderator")
    page.goto(site + DEVICES)
    return page


def make_link(office: Page, name: str, opens: str = "the big screen") -> str:
    office.get_by_label("Device").fill(name)
    office.get_by_label("It opens").select_option(opens)
    office.get_by_role("button", name="Make a link").click()
    return office.locator("#device-address").inner_text()


def revoke(office: Page, name: str) -> None:
    row = office.get_by_role("row", name=name)
    row.locator("summary").click()
    row.get_by_role("button", name="Yes, revoke it").click()


def check(page: Page) -> None:
    found = Axe().run(page)
    assert [v["id"] for v in found.response["violations"]] == [], found.generate_report()
    width = page.evaluate("innerWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_device_shows_the_screen_without_a_sign_in_until_its_link_is_revoked(
    person: Callable[..., Page], office: Page, site: str
) -> None:
    name = f"hall {uuid.uuid4().hex[:8]}"
    link = make_link(office, name)
    check(office)

    hall = person(link)
    wait_until_live(hall)
    assert hall.url == site + SCREEN
    check(hall)
    hall.reload()
    wait_until_live(hall)
    # A cookie with an end is still there when the browser was closed and opened again.
    [kept] = hall.context.cookies()
    assert kept["expires"] > time.time() + 24 * 60 * 60

    office.goto(site + DEVICES)
    revoke(office, name)
    expect(hall.locator(".live-line")).to_have_text(GONE, timeout=2000)
    expect(hall.locator(".screen-foot")).to_be_hidden()
    hall.reload()
    assert "/accounts/login/" in hall.url


def test_a_speaker_acknowledges_and_the_desk_sees_it(
    person: Callable[..., Page], office: Page, site: str
) -> None:
    speaker = office.get_by_label("It opens").locator("option").nth(1)
    label, name = speaker.inner_text(), speaker.inner_text().partition(",")[0]
    link = make_link(office, f"tablet {uuid.uuid4().hex[:8]}", label)
    tablet = person(link, viewport=PHONE)
    wait_until_live(tablet)
    office.goto(site + DESK)
    wait_until_live(office)
    office.locator("[data-desk=backstage] > summary").click()

    text = f"Two minutes left, {uuid.uuid4().hex[:8]}."
    office.get_by_label("Message backstage").fill(text)
    office.get_by_label("Message backstage").press("Enter")
    note = tablet.locator(".backstage-note", has_text=text)
    expect(note).to_be_visible()
    expect(tablet.locator("#announce")).to_contain_text(text)
    expect(tablet).to_have_title(re.compile(r"^\(\d+\) "))
    check(tablet)
    note.get_by_role("button", name="Acknowledge").click()
    expect(office.locator(".backstage-note", has_text=text)).to_contain_text(f"Read by {name}")
    expect(note.get_by_role("button")).to_be_hidden()

    tablet.set_viewport_size({"width": 1180, "height": 820})
    answer = f"Understood, {uuid.uuid4().hex[:8]}."
    tablet.get_by_label("Message backstage").fill(answer)
    tablet.get_by_role("button", name="Send").click()
    said = office.locator(".backstage-note", has_text=answer)
    expect(said).to_have_class("backstage-note is-due is-fresh")
    expect(office.locator("[data-desk=backstage-due]")).to_contain_text("to acknowledge")
    said.get_by_role("button", name="Acknowledge").press("Enter")
    expect(tablet.locator(".backstage-note", has_text=answer)).to_contain_text("Read by")
    expect(said).to_be_focused()


def test_without_scripts_the_speaker_reads_and_acknowledges(
    person: Callable[..., Page], office: Page, site: str
) -> None:
    speaker = office.get_by_label("It opens").locator("option").nth(1).inner_text()
    tablet = person(make_link(office, "paper-like tablet", speaker), java_script_enabled=False)
    office.goto(site + DESK)
    wait_until_live(office)
    office.locator("[data-desk=backstage] > summary").click()
    text = f"Please go on, {uuid.uuid4().hex[:8]}."
    office.get_by_label("Message backstage").fill(text)
    office.get_by_role("button", name="Send", exact=True).click()
    expect(office.locator(".backstage-note", has_text=text)).to_be_visible()

    tablet.reload()
    note = tablet.locator(".backstage-note", has_text=text)
    note.get_by_role("button", name="Acknowledge").click()
    expect(note).to_contain_text("Read by")
    expect(office.locator(".backstage-note", has_text=text)).to_contain_text("Read by")


def test_a_screen_whose_account_has_signed_out_says_so(
    person: Callable[..., Page], site: str
) -> None:
    screen = person("moderator")
    screen.goto(site + SCREEN)
    wait_until_live(screen)
    other = screen.context.new_page()
    other.goto(f"{site}/accounts/logout/")
    other.get_by_role("button", name="Sign out").last.click()

    expect(screen.locator(".live-line")).to_have_text("You are signed out. Sign in again.")
    expect(screen.locator("[data-screen=full]")).to_be_disabled()
