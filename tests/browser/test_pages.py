"""Every page a person meets: nothing for axe to find, no sideways scrolling on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESKTOP, PHONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

OFFICE = "/office/engagements/contact-center"
PAGES = [
    ("", "/"),
    ("", "/engagements/contact-center/"),
    ("", "/engagements/contact-center/readout/"),
    ("", "/engagements/contact-center/readout/counted/"),
    ("", "/engagements/contact-center/questions/"),
    ("", "/archive/"),
    ("", "/answered/"),
    ("", "/archive/?q=fee+contact&year=2021"),
    ("", "/archive/?q=nothing+of+this+kind"),
    ("", "/engagements/online-filing/"),
    ("", "/engagements/online-filing/register/"),
    ("", "/engagements/nothing-here/"),
    ("", "/accounts/login/"),
    ("", "/accounts/password/reset/"),
    ("stakeholder", "/engagements/processing-times/room/"),
    ("stakeholder", "/engagements/processing-times/registration/"),
    ("", "/engagements/processing-times/walk-in/"),
    ("moderator", "/office/engagements/processing-times/desk/"),
    ("moderator", "/engagements/processing-times/screen/"),
    ("moderator", "/engagements/processing-times/screen/?look=dark"),
    ("coordinator", "/office/"),
    ("coordinator", "/office/engagements/new/"),
    ("coordinator", f"{OFFICE}/"),
    ("coordinator", "/office/engagements/online-filing/edit/"),
    ("coordinator", f"{OFFICE}/registrants/"),
    ("coordinator", f"{OFFICE}/members/"),
    ("coordinator", "/office/engagements/online-filing/floor/"),
    ("coordinator", "/office/engagements/processing-times/labels/"),
    ("coordinator", "/office/outbox/"),
    ("editor", f"{OFFICE}/readout/"),
    ("editor", f"{OFFICE}/readout/figures/"),
    ("editor", f"{OFFICE}/readout/figures/share.attorney/?again=yes"),
    ("editor", f"{OFFICE}/forwardings/"),
    ("editor", f"{OFFICE}/answers/"),
    ("editor", f"{OFFICE}/follow-up/"),
    ("editor", "/office/commitments/"),
    ("editor", "/office/memory/?by=category"),
    ("editor", "/office/memory/questions/"),
    ("editor", "/office/agencies/promises/"),
    ("agency liaison", "/agency/"),
    ("administrator", "/office/people/"),
    ("administrator", "/office/categories/"),
    ("administrator", "/office/audit/"),
]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize(("part", "address"), PAGES, ids=[address for _, address in PAGES])
def test_page(
    person: Callable[..., Page], site: str, part: str, address: str, size: dict[str, int]
) -> None:
    page = person(part, viewport=size)
    page.goto(site + address)

    found = Axe().run(page)

    assert [v["id"] for v in found.response["violations"]] == [], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.locator("h1").count() == 1
