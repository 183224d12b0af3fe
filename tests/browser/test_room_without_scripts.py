"""The whole room for a browser that runs no scripts: every step is a form and a new page."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_hour import ask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Locator, Page

SAID = ".usa-alert__text"


def own(page: Page, text: str) -> Locator:
    return page.locator("[data-room=own] .card", has_text=text)


def test_the_hour_without_scripts(person: Callable[..., Page], neighbors: Iterator[str]) -> None:
    room = person(next(neighbors), java_script_enabled=False, viewport=PHONE)
    desk = person("moderator", java_script_enabled=False)
    word = uuid.uuid4().hex[:10]

    receipt = f"My receipt LIN2466650199, {word}?"
    ask(room, receipt)
    expect(room.locator("[data-room=hints]")).to_contain_text("LIN2466650199 looks like")
    expect(room.get_by_label("Your question")).to_have_value(receipt)
    room.get_by_role("button", name="Send as it is").click()
    expect(room.locator(SAID)).to_contain_text("Saved as question")

    mine = own(room, word)
    expect(mine).to_contain_text("Waiting for a moderator")
    mine.get_by_text("Change", exact=True).click()
    text = f"Will {word} be open on Saturdays and on Sundays?"
    mine.get_by_label("In other words").fill(text)
    mine.get_by_role("button", name="Save the change").click()
    expect(room.locator(SAID)).to_contain_text("is changed")
    expect(own(room, text)).to_have_count(1)

    ask(room, f"Never mind {word}, will you?")
    never = own(room, "Never mind")
    never.get_by_text("Withdraw …").click()
    never.get_by_role("button", name="Withdraw this question").click()
    expect(room.locator(SAID)).to_contain_text("is withdrawn")
    expect(room.locator("[data-room=own]")).to_contain_text("Withdrawn by you.")
    expect(own(room, "Never mind")).to_have_count(0)

    desk.reload()
    waiting = desk.locator("[data-desk=waiting] .card", has_text=text)
    waiting.get_by_role("button", name=re.compile("^Show")).click()
    room.reload()
    expect(own(room, text)).to_contain_text("Shown to everybody.")

    other = person(next(neighbors), java_script_enabled=False)
    ask(other, f"Will {word} be open on Saturdays and Sundays?")
    hint = other.locator("[data-room=hints]")
    expect(hint).to_contain_text("This may have been asked already")
    hint.get_by_role("listitem").filter(has_text=text).get_by_role("button").click()
    other.get_by_label("Search").fill(word)
    other.get_by_role("button", name="Apply").click()
    cards = other.locator("[data-room=questions] .card")
    expect(cards).to_have_count(1)
    expect(cards).to_contain_text("1 vote")
    expect(cards.get_by_role("button", name="Take my vote back")).to_be_visible()
    other.get_by_label("Mine").check()
    other.get_by_role("button", name="Apply").click()
    expect(cards).to_have_count(0)
