"""The registration form: parts that apply only after another answer, with scripts and without."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

FORM = "/engagements/online-filing/register/"


def fill(page: Page, name: str) -> None:
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail address").fill(f"{name.lower()}@public.example")
    page.get_by_label("Employer").check()
    page.get_by_label("I have read this notice").check()


def test_a_part_shows_when_it_applies(person: Callable[..., Page], site: str) -> None:
    page = person()
    page.goto(site + FORM)
    fill(page, "Lena")
    detail = page.get_by_label("What do you need?")
    expect(detail).to_be_hidden()
    other = page.get_by_role("checkbox", name="Something else")
    other.press("Space")
    detail.fill("A large font")
    other.press("Space")
    expect(detail).to_be_hidden()
    expect(detail).to_be_disabled()
    page.get_by_role("checkbox", name="Captions").check()
    page.get_by_role("button", name="Register").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your mail")


def test_without_scripts_everything_is_there_and_nothing_too_much_is_asked(
    person: Callable[..., Page], site: str
) -> None:
    page = person(java_script_enabled=False)
    page.goto(site + FORM)
    expect(page.get_by_label("What do you need?")).to_be_visible()
    fill(page, "Max")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your mail")


def test_what_is_wrong_leads_to_its_field(person: Callable[..., Page], site: str) -> None:
    page = person()
    page.goto(site + FORM)
    page.get_by_role("button", name="Register").click()
    page.get_by_role("alert").get_by_role("link", name="E-mail address").press("Enter")
    expect(page.get_by_label("E-mail address")).to_be_focused()


def test_an_invited_person_accepts_by_the_mailed_link(
    person: Callable[..., Page], links: dict[str, str], site: str
) -> None:
    """In a browser, because only a browser tells the origin of a form by itself."""
    office = person(links["coordinator"])
    office.goto(f"{site}/office/engagements/online-filing/invitees/upload/")
    office.locator("input[type=file]").set_input_files(
        {
            "name": "guests.csv",
            "mimeType": "text/csv",
            "buffer": b"Name,E-mail\nIda,ida@x.example\n",
        }
    )
    office.get_by_role("button", name="Look at the file").click()
    office.get_by_role("button", name="Invite 1 person").click()
    office.goto(f"{site}/office/outbox/")
    office.get_by_role("row", name="ida@x.example").get_by_role("link").click()
    (link,) = set(re.findall(r"http\S+/invited/[^/\s]+/", office.inner_text("main")))

    page = person()
    page.goto(link)
    expect(page).to_have_url(f"{site}/engagements/online-filing/invitation/")
    page.get_by_label("Employer").check()
    page.get_by_label("I have read this notice").check()
    page.get_by_role("button", name="Register").click()
    expect(page).to_have_url(f"{site}/engagements/online-filing/registration/")
