"""The newest messages for one audience, and words that are no longer shown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from qa import projection, states
from qa.live import feed as feeds
from qa.live.feed import Feed

QUESTION: dict[str, Any] = dict.fromkeys(
    "asker client_id asked_at shown_at dismissal note decided_by decided_at category source".split()
)


def event(number: int, public: int | None, question: int, state: str, text: str) -> dict[str, Any]:
    told = QUESTION | {"number": question, "text": text, "state": state, "outcome": "none"}
    payload = {"question": told | {"revision": 1}, "was_shown": state != states.SHOWN}
    return {"number": number, "public_number": public, "kind": "question", "payload": payload}


def read(feed: Feed, after: int) -> list[Any] | None:
    text = feed.frame(after)
    if text is None:
        return None
    found = json.loads(text)
    assert (found["after"], found["number"]) == (after, feed.head)
    return [one.get("question", one).get("text") for one in found["events"]]


@pytest.fixture
def room() -> Feed:
    found = Feed(projection.ROOM, 0)
    found.take(event(1, 1, 1, states.SHOWN, "One?"))
    found.take(event(2, None, 2, states.WAITING, "Two?"))
    found.take(event(3, 2, 2, states.SHOWN, "Two?"))
    return found


def test_one_goes_on_from_any_number_that_is_kept(room: Feed) -> None:
    assert read(room, 0) == ["One?", "Two?"]
    assert read(room, 1) == ["Two?"]
    assert read(room, 2) == []
    assert read(room, 3) is None
    assert read(room, -1) is None


def test_what_was_had_already_changes_nothing(room: Feed) -> None:
    room.take(event(1, 1, 1, states.SHOWN, "One?"))

    assert read(room, 0) == ["One?", "Two?"]


def test_words_that_are_taken_away_are_gone_from_what_was_kept(room: Feed) -> None:
    room.take(event(4, 3, 1, states.HELD, "One?"))

    assert read(room, 0) == [None, "Two?", None]
    assert "One?" not in str(room.frame(0))
    assert room.words_gone_at == 3


def test_what_an_asker_withdraws_is_gone_from_the_desk_too() -> None:
    desk = Feed(projection.DESK, 0)
    desk.take(event(1, None, 1, states.WAITING, "A secret?"))
    desk.take(event(2, None, 2, states.WAITING, "Another?"))
    desk.take(event(3, None, 1, states.WITHDRAWN, "A secret?"))

    assert read(desk, 0) == ["", "Another?", ""]


def test_after_a_gap_it_starts_anew(room: Feed) -> None:
    room.take(event(9, 7, 3, states.SHOWN, "Three?"))

    assert read(room, 2) is None
    assert read(room, 6) == ["Three?"]


def test_only_so_many_frames_are_kept_for_others(room: Feed) -> None:
    for number in range(3, 40):
        room.take(event(number + 1, number, number, states.SHOWN, "?"))
    for after in range(39):
        assert read(room, after) is not None

    assert len(room._frames) <= feeds.MOST_FRAMES


def test_only_so_many_are_kept(room: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "KEPT", 2)
    room.take(event(4, 3, 3, states.SHOWN, "Three?"))

    assert read(room, 0) is None
    assert read(room, 1) == ["Two?", "Three?"]
