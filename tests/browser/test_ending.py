"""Where asking ends: the engagement is over, the office removed a person, a wall is too small."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_connection import SHOWN, SNAPSHOT, Server, saved
from tests.browser.test_hour import ask, wait_until_live

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

SCREEN = "/engagements/processing-times/screen/"
ENDED = {
    "type": "events",
    "after": 4,
    "number": 6,
    "events": [
        {"type": "floor", "state": "closed", "voting": "public"},
        {"type": "engagement", "state": "ended"},
    ],
}


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def room(person: Callable[..., Page], neighbors: Iterator[str], server: Server) -> Page:
    page = person()
    page.route_web_socket(re.compile("/live/v1/room/"), server.meet)
    page.goto(next(neighbors))
    wait_until_live(page)
    return page


@pytest.fixture
def screen(
    person: Callable[..., Page], links: dict[str, str], site: str, server: Server
) -> Callable[[str], Page]:
    def of(text: str) -> Page:
        answering = SHOWN | {"text": text, "outcome": "answering"}
        server.snapshot = SNAPSHOT | {"questions": [answering, SHOWN | {"number": 2}]}
        page = person(links["moderator"])
        page.route_web_socket(re.compile("/live/v1/screen/"), server.meet)
        page.goto(site + SCREEN)
        wait_until_live(page)
        return page

    return of


def kept(room: Page) -> list[Any]:
    found = room.evaluate("Object.values(localStorage).map((value) => JSON.parse(value).text)")
    return list(found)


def test_who_is_removed_is_told_so_and_keeps_what_was_typed(room: Page, server: Server) -> None:
    room.get_by_label("Your question").fill("Half a thought")
    server.sockets[-1].close(code=4403)

    expect(room.locator(".live-line")).to_have_text("The office has closed the room for you.")
    expect(room.get_by_label("Your question")).to_be_hidden()
    own = room.locator("[data-room=own] .card", has_text="Half a thought")
    expect(own).to_contain_text("Not saved. The office has closed the room for you.")
    expect(own.get_by_role("button", name="Change and send again")).to_be_hidden()
    assert kept(room) == ["Half a thought"]

    own.get_by_role("button", name="Discard").click()
    expect(own).to_have_count(0)
    assert kept(room) == []


def test_after_the_end_nothing_invites_to_ask(room: Page, server: Server) -> None:
    server.replies = [{"error": {"code": "floor_closed", "message": "The floor is closed."}}]
    ask(room, "Too late?")
    own = room.locator("[data-room=own] .card", has_text="Too late?")
    expect(own.get_by_role("button", name="Change and send again")).to_be_visible()

    server.say(ENDED)
    expect(room.get_by_text("This engagement is over. Thank you")).to_be_visible()
    expect(room.locator("#announce")).to_have_text("The floor is closed.")
    expect(room.get_by_role("button", name="Pause the list")).to_be_hidden()
    expect(room.get_by_label("Your question")).to_be_hidden()
    expect(room.get_by_text("at the moment").filter(visible=True)).to_have_count(0)
    expect(own.get_by_role("button", name="Change and send again")).to_be_hidden()
    expect(own.get_by_role("button", name="Discard")).to_be_visible()


def test_what_was_said_goes_with_the_next_thing_done(room: Page, server: Server) -> None:
    said = room.locator("[data-room=said]")
    ask(room, " ")
    expect(said).to_have_text("Please write your question.")
    room.get_by_label("Your question").fill("Now?")
    expect(said).to_be_hidden()

    server.replies = [None]
    room.get_by_role("button", name="Send question").click()
    wait_for_asked(room, server)
    question = saved(server.asked[0])["ok"]["question"] | {"revision": 1}
    server.say({"re": server.asked[0]["id"], "ok": {"question": question}})
    expect(said).to_have_text("Saved as question 7.")
    room.get_by_role("button", name="Pause the list").click()
    expect(said).to_be_hidden()
    expect(room.get_by_role("button", name="Resume the list")).to_be_visible()


def test_who_withdraws_by_keyboard_reads_what_was_done(room: Page, server: Server) -> None:
    server.replies = [None, None]
    ask(room, "Never mind?")
    wait_for_asked(room, server)
    question = saved(server.asked[0])["ok"]["question"] | {"revision": 1}
    server.say({"re": server.asked[0]["id"], "ok": {"question": question}})
    own = room.locator("[data-room=own] .card", has_text="Never mind?")
    own.get_by_text("Withdraw …").focus()
    room.keyboard.press("Enter")
    own.get_by_role("button", name="Withdraw this question").focus()
    room.keyboard.press("Enter")
    wait_for_asked(room, server, 2)
    withdrawn = question | {"state": "withdrawn", "revision": 2}
    server.say({"re": server.asked[1]["id"], "ok": {"question": withdrawn}})

    expect(room.locator("[data-room=said]")).to_be_focused()
    expect(room.locator("[data-room=said]")).to_have_text("Question 7 is withdrawn.")


def wait_for_asked(room: Page, server: Server, count: int = 1) -> None:
    for _ in range(200):
        if len(server.asked) >= count:
            return
        room.wait_for_timeout(10)
    pytest.fail("nothing was asked")


@pytest.mark.parametrize(
    ("text", "is_next_shown", "is_cut"),
    [
        ("Short?", True, False),
        ("line\n" * 21, False, False),
        ("line\n" * 90 + "end", False, True),
    ],
    ids=["short", "long", "too long"],
)
def test_a_question_too_long_for_the_wall_says_where_all_of_it_is(
    screen: Callable[[str], Page], text: str, is_next_shown: bool, is_cut: bool
) -> None:
    page = screen(text.strip())
    now = page.locator("[data-screen=now]")
    expect(page.locator("[data-screen=next]")).to_be_visible(visible=is_next_shown)
    expect(now.get_by_text("The full text is in the room.")).to_be_visible(visible=is_cut)
    shown = now.locator("[data-part=text]").inner_text()
    assert shown.endswith(" …") is is_cut
    assert now.evaluate("(node) => node.scrollHeight <= node.clientHeight")


def test_the_screen_says_that_it_is_over(screen: Callable[[str], Page], server: Server) -> None:
    page = screen("Short?")
    expect(page.get_by_text("Join and ask at")).to_be_visible()
    server.say(ENDED)
    expect(page.get_by_text("This engagement is over.")).to_be_visible()
    expect(page.get_by_text("Join and ask at")).to_be_hidden()
    expect(page.get_by_text("Up next")).to_be_hidden()
