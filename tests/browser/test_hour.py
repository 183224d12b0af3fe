"""The hour in real browsers: room and desk at once, without scripts, by keyboard, cut off."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.conftest import PHONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page


def card(page: Page, text: str, of: str = "") -> object:
    return page.locator(f"{of} .card", has_text=text)


def wait_until_live(page: Page) -> None:
    expect(page.locator(".live-line")).to_have_attribute("data-state", "live")


def seek(desk: Page, text: str) -> None:
    """List this question alone: of a long list only what is in sight is in the page."""
    desk.get_by_role("searchbox").fill(text.rsplit(maxsplit=1)[-1])


def fresh_question() -> str:
    """Like no other one: what is alike is held up before it is sent."""
    return f"Why {uuid.uuid4().hex[:8]}, {uuid.uuid4().hex[:8]}?"


def ask(page: Page, text: str) -> None:
    page.get_by_label("Your question").fill(text)
    page.get_by_role("button", name="Send question").click()


def test_a_question_is_asked_shown_and_there_within_a_second(
    person: Callable[..., Page],
) -> None:
    room, desk = person("stakeholder", viewport=PHONE), person("moderator")
    wait_until_live(room)
    wait_until_live(desk)
    text = fresh_question()

    ask(room, text)
    expect(room.locator("[data-room=said]")).to_contain_text("Saved as question")
    expect(room.locator("[data-room=own] .card", has_text=text)).to_contain_text(
        "Waiting for a moderator"
    )
    seek(desk, text)
    waiting = desk.locator("[data-desk=waiting] .card", has_text=text)
    expect(waiting).to_be_visible()
    assert room.locator("[data-room=questions] .card", has_text=text).count() == 0

    waiting.get_by_role("button", name="Show").click()
    shown_at = time.monotonic()
    expect(room.locator("[data-room=questions] .card", has_text=text)).to_be_visible(timeout=1000)
    assert time.monotonic() - shown_at < 1
    expect(room.locator("[data-room=own] .card", has_text=text)).to_contain_text(
        "Shown to everybody"
    )

    shown = desk.locator("[data-desk=shown] .card", has_text=text)
    shown.get_by_role("button", name="Answer now").click()
    expect(room.locator("[data-room=questions] .card").first).to_contain_text(text)
    expect(room.locator(".is-answering", has_text=text)).to_be_visible()
    shown.get_by_role("button", name="Answered live").click()
    expect(room.locator("[data-room=questions] .card", has_text=text)).to_contain_text(
        "Answered live"
    )


def test_a_dismissal_is_told_to_the_asker_alone(person: Callable[..., Page]) -> None:
    room, desk = person("stakeholder"), person("moderator")
    wait_until_live(room)
    wait_until_live(desk)
    text = fresh_question()
    ask(room, text)

    seek(desk, text)
    waiting = desk.locator("[data-desk=waiting] .card", has_text=text)
    waiting.get_by_text("Dismiss …").click()
    waiting.get_by_role("button", name="off topic").click()

    own = room.locator("[data-room=own] .card", has_text=text)
    expect(own).to_contain_text("Not shown in the room: off topic.")
    assert room.locator("[data-room=questions] .card", has_text=text).count() == 0


def test_the_desk_by_keyboard_alone(person: Callable[..., Page]) -> None:
    room, desk = person("stakeholder"), person("moderator")
    wait_until_live(room)
    wait_until_live(desk)
    text = fresh_question()
    room.get_by_label("Your question").focus()
    room.keyboard.type(text)
    room.keyboard.press("Tab")
    room.keyboard.press("Enter")

    seek(desk, text)
    waiting = desk.locator("[data-desk=waiting] .card", has_text=text)
    waiting.get_by_role("button", name="Show").focus()
    desk.keyboard.press("Enter")

    expect(room.locator("[data-room=questions] .card", has_text=text)).to_be_visible()


def test_without_scripts_room_and_desk_work_by_post_and_reload(
    person: Callable[..., Page],
) -> None:
    room = person("stakeholder", java_script_enabled=False)
    desk = person("moderator", java_script_enabled=False)
    text = fresh_question()

    ask(room, text)
    expect(room.locator(".usa-alert__text")).to_contain_text("Saved as question")
    desk.reload()
    waiting = desk.locator("[data-desk=waiting] .card", has_text=text)
    waiting.get_by_role("button", name="Show").click()
    room.reload()

    expect(room.locator("[data-room=questions] .card", has_text=text)).to_be_visible()


def test_what_is_asked_while_cut_off_is_kept_and_sent_later_once(
    person: Callable[..., Page],
) -> None:
    room, desk = person("stakeholder"), person("moderator")
    wait_until_live(room)
    wait_until_live(desk)
    text = fresh_question()

    room.context.set_offline(True)
    room.evaluate("() => window.dispatchEvent(new Event('offline'))")
    ask(room, text)
    room.wait_for_timeout(300)
    room.context.set_offline(False)

    seek(desk, text)
    expect(desk.locator("[data-desk=waiting] .card", has_text=text)).to_have_count(
        1, timeout=20_000
    )
    expect(room.locator("[data-room=own] .card", has_text=text)).to_contain_text(
        "Waiting for a moderator", timeout=20_000
    )


def test_two_pages_of_a_person_lose_nothing_and_double_nothing(
    person: Callable[..., Page], neighbors: Iterator[str]
) -> None:
    desk, first = person("moderator"), person(next(neighbors))
    second = first.context.new_page()
    second.goto(first.url)
    for page in (desk, first, second):
        wait_until_live(page)
    texts = [fresh_question() for _ in range(4)]

    first.context.set_offline(True)
    for page in (first, second):
        expect(page.locator(".live-line")).to_have_text("Offline. Will send when back.")
    for page, text in zip((first, second) * 2, texts, strict=True):
        ask(page, text)
    for page in (first, second):
        expect(page.locator("[data-room=own] .card", has_text="Not sent yet")).to_have_count(4)
    first.context.set_offline(False)

    for text in texts:
        for page in (first, second):
            own = page.locator("[data-room=own] .card", has_text=text)
            expect(own).to_contain_text("Waiting for a moderator", timeout=20_000)
            expect(own).to_have_count(1)
        seek(desk, text)
        expect(desk.locator("[data-desk=waiting] .card", has_text=text)).to_have_count(1)
    assert first.evaluate("Object.keys(localStorage)") == []


def test_an_empty_question_is_refused_with_words(person: Callable[..., Page]) -> None:
    room = person("stakeholder")
    wait_until_live(room)

    ask(room, "   ")

    expect(room.locator("[data-room=said]")).to_have_text("Please write your question.")


def test_markup_in_a_question_is_only_text(person: Callable[..., Page]) -> None:
    room, desk = person("stakeholder"), person("moderator")
    wait_until_live(room)
    wait_until_live(desk)
    text = f"<img src=x onerror=alert(1)> {fresh_question()}"

    ask(room, text)
    seek(desk, text)
    waiting = desk.locator("[data-desk=waiting] .card", has_text=text)
    waiting.get_by_role("button", name="Show").click()

    expect(room.locator("[data-room=questions] .card-text", has_text=text)).to_be_visible()
    assert room.locator("[data-room=questions] img").count() == 0
