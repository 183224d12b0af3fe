"""What a room does when the line or the server is not as one would like: a server of this test's
own stands behind the page's socket and says what the test wants."""

from __future__ import annotations

import json
import re
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_hour import ask, wait_until_live

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page, WebSocketRoute

SHOWN = {"number": 1, "text": "When?", "outcome": "none", "shown_at": "2021-04-14T18:06:10+00:00"}
SNAPSHOT = {
    "type": "snapshot",
    "epoch": "9f2c41d0a87be365",
    "number": 4,
    "engagement": "live",
    "floor": "open",
    "voting": "public",
    "questions": [SHOWN],
    "mark": 3,
    "votes": {"1": 2},
}
BACK = {"epoch": "9f2c41d0a87be365", "after": 4, "mark": 3}


class Server:
    """Answers `enter` with a snapshot, and other commands with what the test has laid ready."""

    def __init__(self) -> None:
        self.sockets: list[WebSocketRoute] = []
        self.entered: list[dict[str, Any]] = []
        self.asked: list[dict[str, Any]] = []
        self.replies: list[dict[str, Any] | None] = []
        self.own: dict[str, Any] = {}
        self.hints: dict[str, Any] | None = {"identifiers": [], "similar": []}
        self.snapshot: dict[str, Any] = SNAPSHOT

    def meet(self, socket: WebSocketRoute) -> None:
        self.sockets.append(socket)
        socket.on_message(lambda frame: self._answer(socket, json.loads(frame)))

    def say(self, message: dict[str, Any]) -> None:
        self.sockets[-1].send(json.dumps(message))

    def _answer(self, socket: WebSocketRoute, frame: dict[str, Any]) -> None:
        if frame["do"] == "enter":
            self.entered.append({k: v for k, v in frame.items() if k in BACK})
            reply: dict[str, Any] | None = {"ok": {"news": self.snapshot, "people": 2} | self.own}
        elif frame["do"] == "hint":
            reply = {"ok": {"hints": self.hints}}
        else:
            self.asked.append(frame)
            reply = self.replies.pop(0)
        if reply is not None:
            socket.send(json.dumps({"re": frame["id"], **reply}))


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def room(person: Callable[..., Page], neighbors: Iterator[str], server: Server) -> Page:
    page = person()
    page.route_web_socket(re.compile("/live/v1/room/"), server.meet)
    page.clock.install()
    page.goto(next(neighbors))
    wait_until_live(page)
    return page


def saved(frame: dict[str, Any], number: int = 7) -> dict[str, Any]:
    question = {
        "number": number,
        "client_id": frame["client_id"],
        "text": frame["text"],
        "state": "waiting",
        "outcome": "none",
        "dismissal": "",
        "asked_at": "2021-04-14T18:05:00+00:00",
    }
    return {"ok": {"question": question}}


def wait_for(page: Page, is_so: Callable[[], bool]) -> None:
    """Let the page's own clock run until the server has seen it."""
    for _ in range(200):
        if is_so():
            return
        page.clock.run_for(250)
        page.wait_for_timeout(10)
    pytest.fail("the page did not do it")


@pytest.mark.parametrize(
    "message",
    [
        {"type": "events", "after": 5, "number": 6, "events": []},
        {"type": "counts", "after": 4, "mark": 5, "votes": {}},
        {"type": "beacon", "number": 5},
    ],
    ids=lambda message: str(message["type"]),
)
def test_who_has_lost_something_enters_again_from_there(
    room: Page, server: Server, message: dict[str, Any]
) -> None:
    server.say(message)
    wait_for(room, lambda: len(server.entered) == 2)
    assert server.entered == [{}, BACK]
    wait_until_live(room)


def test_who_hears_nothing_for_a_minute_comes_back(room: Page, server: Server) -> None:
    room.clock.fast_forward(50_000)
    server.say({"type": "beacon", "number": 4})
    room.wait_for_timeout(50)
    room.clock.fast_forward(50_000)
    assert server.entered == [{}]

    room.clock.fast_forward(11_000)
    wait_for(room, lambda: len(server.entered) == 2)
    assert server.entered == [{}, BACK]


@pytest.mark.parametrize("code", [4401, 4408, 4429, 1011])
def test_after_these_a_page_comes_back(room: Page, server: Server, code: int) -> None:
    server.sockets[-1].close(code=code)
    wait_for(room, lambda: len(server.entered) == 2)
    wait_until_live(room)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (4400, "This page is no longer connected. Please reload it."),
        (4403, "The office has closed the room for you."),
        (4409, "This page is no longer connected. Please reload it."),
    ],
)
def test_after_these_it_does_not(room: Page, server: Server, code: int, told: str) -> None:
    server.sockets[-1].close(code=code)
    expect(room.locator(".live-line")).to_have_text(told)
    room.clock.run_for(60_000)
    assert len(server.sockets) == 1


def test_who_asked_too_fast_is_told_when_it_is_sent_again(room: Page, server: Server) -> None:
    too_fast = {"code": "too_fast", "message": "Please wait a little.", "retry_after": 30}
    server.replies = [{"error": too_fast}]
    ask(room, "Too soon?")
    own = room.locator("[data-room=own] .card", has_text="Too soon?")
    again = re.compile(r"sent again by itself at \d+:\d\d:\d\d")
    expect(room.locator("[data-room=said]")).to_have_text(again)
    expect(own).to_contain_text(again)

    room.clock.run_for(25_000)
    assert len(server.asked) == 1
    server.replies = [saved(server.asked[0])]
    wait_for(room, lambda: len(server.asked) == 2)
    assert server.asked[1] == server.asked[0] | {"id": server.asked[1]["id"]}
    assert len(server.sockets) == 1
    expect(own).to_contain_text("Saved. Waiting for a moderator.")


def test_what_the_server_could_not_do_is_sent_again(room: Page, server: Server) -> None:
    server.replies = [{"error": {"code": "failed", "message": "Not saved. Please try again."}}]
    ask(room, "Once more?")
    expect(room.locator("[data-room=said]")).to_have_text(
        "Not saved yet. It is sent again by itself."
    )
    server.replies = [saved(server.asked[0])]
    wait_for(room, lambda: len(server.asked) == 2)
    assert len(server.sockets) == 1
    expect(room.locator("[data-room=said]")).to_have_text("Saved as question 7.")


def test_what_the_server_turns_out_to_have_is_not_sent_again(room: Page, server: Server) -> None:
    server.replies = [None]
    ask(room, "Was it saved?")
    wait_for(room, lambda: len(server.asked) == 1)
    question = saved(server.asked[0])["ok"]["question"]
    server.own = {"own": {"type": "own", "questions": [question], "votes": []}}

    server.sockets[-1].close(code=1011)
    wait_for(room, lambda: len(server.entered) == 2)
    own = room.locator("[data-room=own] .card", has_text="Was it saved?")
    expect(own).to_contain_text("Saved. Waiting for a moderator.")
    assert (len(server.asked), room.evaluate("Object.keys(localStorage)")) == (1, [])


def test_a_reply_that_is_lost_is_asked_for_again(room: Page, server: Server) -> None:
    server.replies = [None]
    ask(room, "Did you hear?")
    own = room.locator("[data-room=own] .card", has_text="Did you hear?")
    expect(own).to_contain_text("Sending")

    wait_for(room, lambda: len(server.asked) == 1)
    server.replies = [saved(server.asked[0])]
    wait_for(room, lambda: len(server.asked) == 2)
    assert server.asked[1]["client_id"] == server.asked[0]["client_id"]
    expect(own).to_have_count(1)
    expect(own).to_contain_text("Saved. Waiting for a moderator.")


def test_what_is_refused_is_kept_until_the_asker_decides(room: Page, server: Server) -> None:
    server.replies = [{"error": {"code": "floor_closed", "message": "The floor is closed."}}]
    ask(room, "Too late?")
    own = room.locator("[data-room=own] .card", has_text="Too late?")
    expect(own).to_contain_text("Not saved.")
    expect(own).to_contain_text("The floor is closed.")
    room.reload()
    wait_until_live(room)
    expect(own).to_contain_text("Not saved.")
    assert len(server.asked) == 1

    own.get_by_role("button", name="Change and send again").click()
    expect(room.get_by_label("Your question")).to_have_value("Too late?")
    expect(own).to_have_count(0)


def test_a_vote_that_is_refused_is_taken_back_and_says_why(room: Page, server: Server) -> None:
    server.replies = [{"error": {"code": "voting_closed", "message": "No votes are taken."}}]
    card = room.locator("[data-room=questions] .card")
    card.get_by_role("button", name="Vote for this question").click()
    expect(card.locator("[data-part=said]")).to_have_text("No votes are taken.")
    expect(card.get_by_role("button", name="Vote for this question")).to_be_visible()
    assert [frame["do"] for frame in server.asked] == ["vote"]


def test_where_no_socket_passes_the_forms_are_sent_as_forms(
    person: Callable[..., Page], neighbors: Iterator[str]
) -> None:
    page = person()
    page.route_web_socket(re.compile("/live/v1/room/"), lambda socket: socket.close(code=1011))
    page.goto(next(neighbors))
    expect(page.locator(".live-line")).to_have_attribute("data-state", "blocked", timeout=20_000)
    text = f"Through the proxy, {uuid.uuid4().hex[:8]}?"

    ask(page, text)
    expect(page.locator(".usa-alert__text")).to_contain_text("Saved as question")
    expect(page.locator("[data-room=own] .card", has_text=text)).to_be_visible()
