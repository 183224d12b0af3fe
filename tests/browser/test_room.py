"""The stakeholder's room, live: hints, names, pace, silence, and what became of one's questions."""

from __future__ import annotations

import json
import re
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_connection import SHOWN, SNAPSHOT, Server
from tests.browser.test_hour import ask, wait_until_live

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

RECEIPT = "LIN2466650199"
FOUND = {"kind": "receipt_number", "name": "receipt number", "words": RECEIPT}
LIKE = {"number": 1, "text": "First?", "is_close": True}
OWN: dict[str, Any] = {
    "number": 5,
    "client_id": str(uuid.UUID(int=5)),
    "text": "Mine?",
    "state": "waiting",
    "outcome": "none",
    "revision": 1,
    "asked_at": "2021-04-14T18:05:00+00:00",
    "original_text": "",
    "asker_name": "",
    "merged_into": None,
    "is_redacted": False,
    "wants_answer": False,
    "dismissal": "",
    "reason": "",
    "answer": None,
}


@pytest.fixture
def server() -> Server:
    server = Server()
    server.own = {"own": own_of([OWN])}
    server.snapshot = SNAPSHOT | {"attribution": "anonymous", "seconds_between": 0, "label": ""}
    return server


@pytest.fixture
def room(person: Callable[..., Page], neighbors: Iterator[str], server: Server) -> Page:
    page = person(viewport=PHONE)
    page.route_web_socket(re.compile("/live/v1/room/"), server.meet)
    page.clock.install()
    page.goto(next(neighbors))
    wait_until_live(page)
    return page


def own_of(questions: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    silence = {"silenced": False, "silence_reason": "", "poll_answers": {}}
    return {"type": "own", "questions": questions, "votes": []} | silence | more


def floor(after: int, **more: Any) -> dict[str, Any]:
    state = {"state": "open", "voting": "public", "attribution": "anonymous", "label": ""}
    told = {"type": "floor", "seconds_between": 0} | state | more
    return {"type": "events", "after": after, "number": after + 1, "events": [told]}


def became(revision: int, **more: Any) -> dict[str, Any]:
    return {"type": "own-question", "question": OWN | {"revision": revision} | more}


def asked(server: Server) -> list[str]:
    return [str(frame["text"]) for frame in server.asked if frame["do"] == "ask"]


def own(room: Page) -> Any:
    return room.locator("#own-5")


def test_what_is_found_is_told_once_and_holds_nobody_up(room: Page, server: Server) -> None:
    server.hints = {"identifiers": [FOUND], "similar": [LIKE]}
    server.replies = [None, None]
    box = room.locator("[data-room=hints]")

    ask(room, f"Where is {RECEIPT}?")
    expect(box).to_contain_text(f"{RECEIPT} looks like a personal identifier (receipt number).")
    expect(box).to_contain_text("Not sent yet.")
    expect(box.get_by_role("button", name="Vote for this one instead")).to_be_visible()
    assert asked(server) == []
    assert Axe().run(room).response["violations"] == []

    room.get_by_role("button", name="Send as it is").click()
    expect(room.locator("[data-room=own] .card", has_text="Sending")).to_be_visible()
    assert asked(server) == [f"Where is {RECEIPT}?"]
    expect(room.get_by_role("button", name="Send question")).to_be_visible()


def test_it_is_told_while_somebody_pauses_in_typing(room: Page, server: Server) -> None:
    server.hints = {"identifiers": [], "similar": [LIKE]}
    server.replies = [{"ok": {"number": 1, "voted": True}}]
    room.get_by_label("Your question").press_sequentially("What is first here?")
    room.clock.run_for(1_000)

    box = room.locator("[data-room=hints]")
    expect(box).to_contain_text("First?")
    box.get_by_role("button", name="Vote for this one instead").click()

    expect(room.locator("[data-room=said]")).to_have_text("You voted for question 1.")
    expect(room.get_by_label("Your question")).to_have_value("")
    expect(room.get_by_label("Your question")).to_be_focused()
    assert [(frame["do"], frame.get("number")) for frame in server.asked] == [("vote", 1)]


def test_where_no_hint_comes_the_question_is_sent(room: Page, server: Server) -> None:
    server.hints = None
    server.replies = [None]
    ask(room, "Why is it so?")
    room.clock.run_for(2_000)
    expect(room.locator("[data-room=own] .card", has_text="Why is it so?")).to_be_visible()
    assert asked(server) == ["Why is it so?"]


def test_names_pace_topic_and_silence_are_told_as_they_change(room: Page, server: Server) -> None:
    news = room.locator("#announce")
    expect(room.get_by_text("nobody in the room reads who asked")).to_be_visible()

    server.say(floor(4, attribution="choice", label="Fees", seconds_between=30))
    expect(news).to_contain_text("each asker chooses")
    expect(news).to_contain_text("The topic is now: Fees.")
    expect(room.locator("[data-room=topic]")).to_have_text("The topic now: Fees")
    server.replies = [{"ok": {"question": OWN | {"number": 6, "client_id": None}}}]
    room.locator("#id_with_name").check()
    ask(room, "Why is it so?")
    expect(room.locator("[data-part=countdown]")).to_contain_text("The next one in 30 seconds.")
    assert server.asked[-1]["with_name"] is True
    room.clock.run_for(10_000)
    expect(room.locator("[data-part=countdown]")).to_contain_text("The next one in 20 seconds.")

    server.say({"type": "own-standing", "silenced": True, "reason": "Abuse"})
    expect(room.locator("[data-room=silence]")).to_contain_text("The reason: Abuse")
    expect(room.get_by_label("Your question")).to_be_disabled()
    server.say({"type": "own-standing", "silenced": False, "reason": ""})
    expect(room.get_by_label("Your question")).to_be_enabled()


def test_who_asked_without_a_name_is_not_named_later(room: Page, server: Server) -> None:
    server.sockets[-1].close(code=1012)
    expect(room.locator(".live-line")).to_have_attribute("data-state", "offline")
    ask(room, "Why is it so?")
    server.snapshot |= {"attribution": "name"}
    room.clock.run_for(5_000)

    expect(room.locator("[data-room=own] .card", has_text="Why is it so?")).to_contain_text(
        "Names are shown by now"
    )
    assert asked(server) == []


def test_what_became_of_it_is_said_where_it_is_out_of_sight(room: Page, server: Server) -> None:
    news = room.locator("[data-room=own-news]")
    server.say(became(2, state="held"))
    expect(own(room)).to_contain_text("Read by a moderator. Not shown in the room.")

    room.set_viewport_size({"width": 390, "height": 300})
    room.locator(".site-footer").scroll_into_view_if_needed()
    server.say(became(3, state="merged", merged_into=1))
    expect(news).to_contain_text("Your question 5: Joined with question 1")
    expect(room.locator("#announce")).to_contain_text("Your question 5: Joined with question 1")
    assert Axe().run(room).response["violations"] == []
    news.get_by_role("link").click()
    expect(news).to_be_hidden()
    expect(own(room).get_by_role("link", name="Go to question 1")).to_be_visible()

    answer = {"text": "In May.", "by": "Dr. Doe"}
    edited = {"state": "shown", "text": "Ours?", "original_text": "Mine?"}
    server.say(became(4, **edited, outcome="answered_in_writing", answer=answer))
    expect(own(room)).to_contain_text("Answer in writing by Dr. Doe")
    expect(own(room)).to_contain_text("The office has edited the words. You asked:")

    server.say(became(5, state="withdrawn", text="", original_text=""))
    expect(own(room)).to_contain_text("Withdrawn by you.")
    expect(own(room)).not_to_contain_text("Ours?")


def test_it_is_changed_while_it_waits_and_nothing_typed_is_lost(room: Page, server: Server) -> None:
    card = own(room)
    card.get_by_text("Change", exact=True).click()
    words = card.get_by_label("In other words")
    expect(words).to_have_value("Mine?")
    words.fill("Mine, again?")

    server.say(became(2, outcome="none"))
    refusal = {"code": "decided", "message": "A moderator is working on this question."}
    server.replies = [{"error": refusal}]
    card.get_by_role("button", name="Save the change").click()
    expect(card).to_contain_text("A moderator is working on this question.")
    expect(words).to_have_value("Mine, again?")

    changed = OWN | {"text": "Mine, again?", "revision": 3}
    server.replies = [{"ok": {"question": changed}}]
    card.get_by_role("button", name="Save the change").click()
    expect(room.locator("[data-room=said]")).to_have_text("Question 5 is changed.")
    expect(card.locator("[data-part=text]").first).to_have_text("Mine, again?")
    sent = {k: v for k, v in server.asked[-1].items() if k != "id"}
    assert sent == {"do": "change", "number": 5, "text": "Mine, again?", "with_name": False}


def test_the_reader_chooses_and_the_address_keeps_it(room: Page, server: Server) -> None:
    told = [
        SHOWN | {"number": number, "text": text, "label": label}
        for number, text, label in ((1, "First?", "Fees"), (2, "Second?", ""), (5, "Mine?", ""))
    ]
    events = [{"type": "question", "question": one} for one in told]
    server.say({"type": "events", "after": 4, "number": 7, "events": events})
    cards = room.locator("[data-room=questions] .card")
    expect(cards).to_have_count(3)

    room.get_by_label("Mine").check()
    expect(cards).to_have_count(1)
    assert room.url.endswith("?sort=newest&mine=on")
    room.get_by_label("Mine").uncheck()
    room.get_by_label("Topic").select_option("Fees")
    expect(cards).to_have_count(1)
    room.get_by_label("Search").fill("second")
    expect(room.get_by_text("No shown question is like that.")).to_be_visible()
    room.get_by_role("link", name="Show all").click()
    expect(cards).to_have_count(3)
    assert room.url.partition("#")[0].endswith("?sort=newest")


def test_the_video_comes_only_with_consent(room: Page, server: Server) -> None:
    loaded: list[str] = []
    player = "https://www.youtube-nocookie.com/embed/abcDEF12345"

    def answer(route: Any) -> None:
        loaded.append(route.request.url)
        route.fulfill(body="<!doctype html><title>Player</title>")

    room.context.route("https://www.youtube-nocookie.com/**", answer)
    consent = f"""
      const {{ offerVideo }} = await import("/static/qa/video.js");
      const part = document.createElement("div");
      Object.assign(part.dataset, {{ room: "video", address: {json.dumps(player)}, title: "V" }});
      part.innerHTML = "<button>Agree</button>";
      document.querySelector(".live-header").append(part);
      offerVideo(part);
    """
    room.evaluate(f"async () => {{ {consent} }}")
    assert loaded == []
    room.get_by_role("button", name="Agree").click()
    expect(room.frame_locator("iframe[title=V]").locator("html")).to_have_count(1)
    assert loaded == [player]
    # Asked once in this session.
    room.evaluate(f"async () => {{ document.querySelector('iframe').remove(); {consent} }}")
    expect(room.locator("iframe[title=V]")).to_have_count(1)
