"""The answer by mail and the language of a question, asked for in the room and ended there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_hour import wait_until_live

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

SPANISH = "¿Cuándo abre la oficina de Tucson los sábados?"
WISHED = "The agency's answer will be mailed to you."


def test_an_asker_wants_the_answer_by_mail_and_changes_that(
    person: Callable[..., Page], neighbors: Iterator[str]
) -> None:
    page = person(viewport=PHONE)
    page.goto(next(neighbors))
    wait_until_live(page)
    wish = page.locator("#id_wants_answer")
    expect(wish).not_to_be_checked()

    page.locator("#id_text").fill(SPANISH)
    wish.check()
    page.get_by_text("Is your question not in English?").click()
    page.get_by_label("Language of my question").select_option(label="Español")
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Send question").click()

    card = page.locator(".card-own").filter(has_text=SPANISH)
    expect(card.get_by_text(WISHED)).to_be_visible()
    card.get_by_role("button", name="Do not mail it").click()
    expect(page.locator("[data-room=said]")).to_contain_text("will not be mailed to you.")
    expect(card.get_by_text(WISHED)).to_be_hidden()
    page.reload()
    wait_until_live(page)
    card = page.locator(".card-own").filter(has_text=SPANISH)
    expect(card.get_by_text(WISHED)).to_be_hidden()
    card.get_by_role("button", name="Mail me the agency's answer").click()
    expect(card.get_by_text(WISHED)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
