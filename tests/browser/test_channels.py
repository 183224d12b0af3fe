"""A question by phone and a platform's report reach a desk that is open; a sheet is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_hour import wait_until_live
from tests.qa import reports

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

HERE = "/office/engagements/processing-times"
PHONED = "Is there a number for callers who hear badly?"
ROWS = [
    [
        "1",
        "May a caller ask for a callback?\nAnd when?",
        "Zoe",
        "zoe@mail.example",
        "live answered",
    ],
    ["2", "Our receipt is IOE0912345678, what now?", "Anonymous Attendee", "", ""],
]


def looks_good(page: Page) -> None:
    found = Axe().run(page)
    assert [v["id"] for v in found.response["violations"]] == [], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_questions_by_phone_and_from_a_platform_reach_the_desk_at_once(
    person: Callable[..., Page], site: str
) -> None:
    desk = person("moderator")
    desk.goto(f"{site}{HERE}/desk/?q=caller")
    wait_until_live(desk)

    page = person("moderator", viewport=PHONE)
    page.goto(f"{site}{HERE}/intake/?source=phone")
    page.get_by_label("The question, as the person put it").fill(PHONED)
    looks_good(page)
    page.get_by_role("button", name="Save and enter another").click()
    expect(page.get_by_text("It waits at the desk.")).to_be_visible()
    expect(page.get_by_label("The question, as the person put it")).to_be_empty()
    expect(desk.get_by_text(PHONED).first).to_be_visible()

    page.goto(f"{site}{HERE}/intake/imports/")
    looks_good(page)
    page.get_by_label("Report of questions").set_input_files(
        {"name": "qa.csv", "mimeType": "text/csv", "buffer": reports.zoom(ROWS)}
    )
    page.get_by_role("button", name="Look at the file").click()
    expect(page.get_by_text("This looks like: receipt number.")).to_be_visible()
    looks_good(page)
    page.get_by_label("Take over row 8").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Take over the ticked questions").press("Enter")
    expect(page.get_by_text("1 question is taken over.")).to_be_visible()
    expect(desk.get_by_text("May a caller ask for a callback?").first).to_be_visible()

    page.get_by_text("Undo …").click()
    page.get_by_role("button", name="Yes, undo it").click()
    expect(page.get_by_text("1 question is withdrawn.")).to_be_visible()


def test_the_sheet_is_one_page_with_two_places(person: Callable[..., Page], site: str) -> None:
    page = person("moderator", viewport=PHONE, java_script_enabled=False)
    page.goto(f"{site}{HERE}/intake/sheet/")
    expect(page.get_by_text("For the staff: number")).to_have_count(2)
    for paper in ("Letter", "A4"):
        assert page.pdf(format=paper).count(b"/Type /Page\n") == 1
