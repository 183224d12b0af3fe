"""The desk's decisions: what a hasty pointer does not do, and where the keyboard's focus lands."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_connection import Server, wait_for
from tests.browser.test_hour import wait_until_live

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page, WebSocketRoute

ASKED = "2021-04-14T18:05:00+00:00"


def question(number: int, state: str = "waiting", **known: Any) -> dict[str, Any]:
    return {
        "number": number,
        "text": f"Text {number}?",
        "state": state,
        "outcome": "none",
        "revision": 1,
        "dismissal": "",
        "reason": "",
        "tells_reason": True,
        "category": "",
        "source": "live",
        "language": "en",
        "asked_at": ASKED,
        "shown_at": None,
        "asker_name": "",
        "original_text": "",
        "label": "",
        "label_id": None,
        "speaker": "",
        "speaker_id": None,
        "merged_into": None,
        "people": 1,
        "categories": 1,
        "answer": None,
        "note": "",
        "findings": [],
        "flagged_words": [],
        "is_redacted": False,
        "decided_by": "",
        "decided_at": None,
    } | known


class Desk(Server):
    """Three questions wait and two are shown; the test says when a command is answered."""

    def __init__(self) -> None:
        super().__init__()
        self.looks: list[int] = []
        waiting = [question(number) for number in (1, 2, 3)]
        shown = [question(number, "shown", shown_at=ASKED) for number in (4, 5)]
        self.snapshot = self.snapshot | {"questions": [*waiting, *shown], "votes": {}}

    def _answer(self, socket: WebSocketRoute, frame: dict[str, Any]) -> None:
        """Who looks at what is said now and then, and is no decision."""
        if frame["do"] == "look":
            self.looks.append(frame["number"])
            socket.send(json.dumps({"re": frame["id"], "ok": {"number": frame["number"]}}))
        else:
            super()._answer(socket, frame)

    def decided(self, changed: dict[str, Any], number: int = 5) -> None:
        """The news of a decision, and after it the reply."""
        event = {"type": "question", "question": changed | {"revision": 2}}
        self.say({"type": "events", "after": number - 1, "number": number, "events": [event]})
        self.say({"re": self.asked[-1]["id"], "ok": {"question": changed | {"revision": 2}}})


@pytest.fixture
def server() -> Desk:
    return Desk()


@pytest.fixture
def desk(person: Callable[..., Page], server: Desk, links: dict[str, str]) -> Page:
    page = person()
    page.route_web_socket(re.compile("/live/v1/desk/"), server.meet)
    page.clock.install()
    page.goto(links["moderator"])
    wait_until_live(page)
    page.clock.run_for(1000)
    return page


def card(desk: Page, number: int) -> Locator:
    return desk.locator(f".card[data-key='{number}']")


def button(desk: Page, number: int, name: str) -> Locator:
    return card(desk, number).get_by_role("button", name=f"{name} Question {number}")


def click_at(desk: Page, place: dict[str, float]) -> None:
    desk.mouse.click(place["x"] + 5, place["y"] + 5)


def place_of(shown: Locator) -> dict[str, float]:
    place = shown.bounding_box()
    assert place is not None
    return {"x": place["x"], "y": place["y"]}


def test_a_second_click_does_not_decide_upon_the_card_that_slid_there(
    desk: Page, server: Desk
) -> None:
    server.replies = [None, None]
    place = place_of(button(desk, 1, "Show"))
    click_at(desk, place)
    click_at(desk, place)
    wait_for(desk, lambda: bool(server.asked))
    server.decided(question(1, "shown", shown_at=ASKED))
    expect(card(desk, 1)).to_contain_text("Shown")
    click_at(desk, place)
    expect(card(desk, 2)).to_have_class(re.compile("is-settling"))
    assert [frame["number"] for frame in server.asked] == ["1"]

    desk.clock.run_for(700)
    click_at(desk, place)
    wait_for(desk, lambda: len(server.asked) == 2)
    assert [frame["number"] for frame in server.asked] == ["1", "2"]


def test_a_decision_in_waiting_leads_to_the_next_card_and_then_to_the_heading(
    desk: Page, server: Desk
) -> None:
    server.replies = [None, None, None]
    for at, (number, then) in enumerate([(1, 2), (2, 3), (3, None)]):
        button(desk, number, "Hold").focus()
        desk.keyboard.press("Enter")
        desk.keyboard.press("Enter")
        wait_for(desk, lambda at=at: len(server.asked) == at + 1)  # type: ignore[misc]
        server.decided(question(number, "held"), 5 + at)
        expect(card(desk, then) if then else desk.locator("#waiting-heading")).to_be_focused()
        desk.keyboard.press("Enter")
    assert [frame["number"] for frame in server.asked] == ["1", "2", "3"]


def test_in_shown_the_focus_stays_on_the_card_that_was_decided(desk: Page, server: Desk) -> None:
    server.replies = [None]
    button(desk, 5, "Answer now").focus()
    desk.keyboard.press("Enter")
    wait_for(desk, lambda: bool(server.asked))
    server.decided(question(5, "shown", outcome="answering", shown_at=ASKED))
    expect(card(desk, 5)).to_be_focused()
    expect(card(desk, 5)).to_have_accessible_name("Question 5 Text 5?")
    expect(desk.locator("#announce")).to_have_text("Question 5: Being answered now.")


def test_who_is_signed_out_is_told_and_decides_nothing(desk: Page, server: Desk) -> None:
    desk.context.clear_cookies()
    server.sockets[-1].close(code=4401)
    wait_for(desk, lambda: desk.locator(".live-line[data-state=signed-out]").count() == 1)
    expect(desk.locator(".live-line")).to_have_text("You are signed out. Sign in again.")
    expect(button(desk, 1, "Show")).to_be_disabled()
    expect(desk.locator("[data-desk=sign-in]")).to_be_visible()
