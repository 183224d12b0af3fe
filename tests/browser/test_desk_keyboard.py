"""The desk's whole work without a mouse, and two moderators at once."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.test_hour import ask, wait_until_live

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import JSHandle, Locator, Page


def card(desk: Page, text: str, column: str) -> Locator:
    return desk.locator(f"[data-desk={column}] .card", has_text=text)


def asked(room: Page, count: int) -> list[str]:
    """Questions that only a search for the first word of all of them finds."""
    word = f"w{uuid.uuid4().hex[:10]}"
    texts = [f"{word} number {'abcdef'[n]}?" for n in range(count)]
    for text in texts:
        ask(room, text)
        expect(room.locator("[data-room=own] .card", has_text=text)).to_contain_text(
            "Waiting for a moderator"
        )
    return texts


def search(desk: Page, text: str) -> None:
    """Leaves the focus on the first card that is found."""
    desk.keyboard.press("/")
    expect(desk.get_by_role("searchbox")).to_be_focused()
    desk.keyboard.type(text.split(maxsplit=1)[0])
    desk.wait_for_url(f"**q={text.split(maxsplit=1)[0]}*")
    desk.keyboard.press("Escape")


def test_a_moderator_needs_no_mouse(person: Callable[..., Page], neighbors: Iterator[str]) -> None:
    room, desk = person(next(neighbors)), person("moderator")
    wait_until_live(room)
    wait_until_live(desk)
    a, b, c, *_ = asked(room, 5)
    search(desk, a)
    expect(card(desk, a, "waiting")).to_be_focused()

    decide_and_take_back(room, desk, a, b, c)
    act_upon_many(desk)
    answer(desk)
    look_at_one(desk)
    switch_keys_off(desk)


def all_that_is_said(page: Page) -> JSHandle:
    """What is announced from now on, one after the other."""
    return page.evaluate_handle(
        """() => {
          const said = [];
          const region = document.querySelector("#announce");
          new MutationObserver(() => said.push(region.textContent))
            .observe(region, { childList: true, characterData: true, subtree: true });
          return said;
        }"""
    )


def decide_and_take_back(room: Page, desk: Page, a: str, b: str, c: str) -> None:
    """One key decides, and the next question has the focus."""
    press = desk.keyboard.press
    press("s")
    expect(room.locator("[data-room=questions] .card", has_text=a)).to_be_visible()
    expect(card(desk, b, "waiting")).to_be_focused()
    press("d")
    press("3")
    own = room.locator("[data-room=own] .card", has_text=b)
    expect(own).to_contain_text("Not shown in the room: off topic")
    expect(card(desk, c, "waiting")).to_be_focused()
    press("c")
    expect(card(desk, c, "rest")).to_contain_text("Dismissed")
    expect(desk.locator("[data-desk=undo]")).to_contain_text("Dismissed")
    said = all_that_is_said(desk)
    press("u")
    expect(card(desk, c, "waiting")).to_be_visible()
    # The reply may be said after the news of it.
    desk.wait_for_function("said => said.some((words) => words.includes('Waiting'))", arg=said)


def act_upon_many(desk: Page) -> None:
    """Two are selected on the way, and shown at once."""
    press = desk.keyboard.press
    press("j")
    press("k")
    press("x")
    press("Shift+ArrowDown")
    expect(desk.locator("[data-desk=bulk-count]")).to_have_text("2 selected")
    press("b")
    press("Enter")
    expect(desk.locator("[data-desk=waiting] .card")).to_have_count(1)
    expect(desk.locator("[data-desk=bulk]")).to_be_hidden()


def answer(desk: Page) -> None:
    """What is being answered now is on top, whatever the order."""
    press = desk.keyboard.press
    press("g")
    press("s")
    press("j")
    press("a")
    first = desk.locator("[data-desk=shown] .card").first
    expect(first).to_have_class("card is-answering")
    expect(first).to_be_focused()
    press("l")
    states = desk.locator("[data-desk=shown] .card-state")
    expect(states.filter(has_text="Answered live")).to_have_count(1)
    press("f")
    expect(desk.locator("#announce")).to_contain_text("Not possible")


def look_at_one(desk: Page) -> None:
    """One question by itself, and back to where one was."""
    press = desk.keyboard.press
    press("g")
    press("w")
    press("Enter")
    panel = desk.locator("[data-desk=panel]")
    expect(panel).to_contain_text(desk.locator("[data-desk=waiting] .card-text").inner_text())
    expect(panel.locator("[data-question-part]")).to_be_visible()
    press("Escape")
    expect(panel).to_be_hidden()
    expect(desk.locator("[data-desk=waiting] .card")).to_be_focused()
    press("n")
    expect(panel.locator("form[action$='/note/'] textarea")).to_be_focused()
    desk.keyboard.type("s is only a letter here")
    press("Escape")
    expect(desk.locator("[data-desk=waiting] .card")).to_have_count(1)


def switch_keys_off(desk: Page) -> None:
    """All keys are told, and can be switched off."""
    press = desk.keyboard.press
    press("?")
    keys = desk.get_by_role("dialog", name="Keys of the desk")
    for words in ("next question", "undo your last decision", "select on the way"):
        expect(keys).to_contain_text(words)
    press("Tab")
    expect(keys.get_by_role("checkbox")).to_be_focused()
    press("Space")
    press("Escape")
    expect(keys).to_be_hidden()
    desk.locator("[data-desk=waiting] .card").focus()
    press("s")
    press("h")
    expect(desk.locator("[data-desk=waiting] .card")).to_have_count(1)


def test_the_second_of_two_is_told_who_was_first_and_when(
    person: Callable[..., Page], neighbors: Iterator[str]
) -> None:
    """A page without scripts stands still, as one does whose line is slow."""
    room, desk = person(next(neighbors)), person("moderator")
    other = person("coordinator", java_script_enabled=False)
    wait_until_live(room)
    wait_until_live(desk)
    [text] = asked(room, 1)
    other.goto(f"{desk.url}?q={text.split()[0]}")
    expect(card(other, text, "waiting")).to_be_visible()
    search(desk, text)
    desk.keyboard.press("h")
    expect(card(desk, text, "rest")).to_contain_text("Held")

    name = desk.locator("[data-desk=rest] [data-part=decided]").inner_text().split(",")[0]
    card(other, text, "waiting").get_by_role("button", name="Show").click()
    said = other.locator(".usa-alert__text")
    expect(said).to_contain_text(f"{name} decided about question")
    expect(said).to_contain_text(re.compile(r"at \d+:\d\d:\d\d [ap]\.m\.: held\."))
    # The lists are still those that were chosen.
    expect(card(other, text, "rest")).to_be_visible()
    expect(other.locator("[data-desk=rest] .card")).to_have_count(1)
