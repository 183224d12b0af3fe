"""The real state.js in a real browser: whatever way the news come, they lead to the same state."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    Message = dict[str, Any]
    State = dict[str, Any]

EPOCH = "9f2c41d0a87be365"

RUN = """async ({audience, messages}) => {
  const state = await import("/static/qa/state.js");
  const plain = (one) => Object.fromEntries(Object.entries(one).map(([name, value]) => [
    name,
    value instanceof Map ? [...value].sort((a, b) => a[0] - b[0])
      : value instanceof Set ? [...value].sort((a, b) => a - b) : value,
  ]));
  let known = state.initial(audience);
  let isPure = true;
  const gaps = [];
  for (const message of messages) {
    const before = JSON.stringify(plain(known));
    gaps.push(state.hasGap(known, message));
    const next = message.re ? state.entered(known, message.ok) : state.take(known, message);
    isPure &&= JSON.stringify(plain(known)) === before;
    known = next;
  }
  return {...plain(known), gaps, isPure, enters: state.position(known),
    takesVotes: state.takesVotes(known), seesCounts: state.seesCounts(known)};
}"""


@pytest.fixture(scope="module")
def run(browser: Browser, site: str) -> Iterator[Callable[..., State]]:
    """Feed messages to a fresh state of an audience; gives the state, and the gaps on the way."""
    context = browser.new_context()
    page: Page = context.new_page()
    page.goto(f"{site}/static/qa/state.js")

    def feed(*messages: Message, audience: str = "room") -> State:
        found: State = page.evaluate(RUN, {"audience": audience, "messages": messages})
        assert found.pop("isPure")
        return found

    yield feed
    context.close()


MANNERS = {"attribution": "choice", "seconds_between": 30, "label": "Fees"}


def snapshot(**known: Any) -> Message:
    return {
        "type": "snapshot",
        "epoch": EPOCH,
        "number": 4,
        "engagement": "live",
        "floor": "open",
        "voting": "public",
        **MANNERS,
        "survey": False,
        "polls": [poll(1)],
        "questions": [question(1), question(2)],
        "announcements": [announcement(11)],
        "mark": 3,
        "votes": {"1": 2},
    } | known


def question(number: int, outcome: str = "none") -> Message:
    return {"number": number, "text": f"Question {number}?", "outcome": outcome, "shown_at": None}


def poll(number: int) -> Message:
    return {"number": number, "text": f"Poll {number}?", "state": "open", "results": None}


def announcement(number: int) -> Message:
    return {
        "number": number,
        "text": f"Announcement {number}.",
        "announced_at": "2021-04-14T18:20Z",
    }


def announced(number: int) -> Message:
    return {"type": "announcement", "announcement": announcement(number)}


def taken_back(number: int) -> Message:
    return {"type": "announcement-gone", "number": number}


def changed(number: int, outcome: str = "none") -> Message:
    return {"type": "question", "question": question(number, outcome)}


def gone(number: int) -> Message:
    return {"type": "question-gone", "number": number}


def floor(state: str, voting: str) -> Message:
    return {"type": "floor", "state": state, "voting": voting, **MANNERS}


def events(after: int, *changes: Message) -> Message:
    return {
        "type": "events",
        "after": after,
        "number": after + len(changes),
        "events": list(changes),
    }


def counts(after: int, mark: int, **votes: int) -> Message:
    told = {number.lstrip("q"): count for number, count in votes.items()}
    return {"type": "counts", "after": after, "mark": mark, "votes": told}


def what_is_known(state: State) -> State:
    """Without the gaps met on the way."""
    return {name: value for name, value in state.items() if name != "gaps"}


HOUR = [
    events(4, changed(3)),
    events(5, changed(3, "answering"), gone(2)),
    counts(3, 5, q1=3, q3=1),
    events(7, changed(3, "answered_live"), changed(4)),
    counts(5, 6, q1=2),
    events(9, {"type": "engagement", "state": "ended"}, floor("closed", "public")),
    events(11, announced(12), taken_back(11), announced(13)),
]
AFTER_IT = snapshot(
    number=14,
    engagement="ended",
    floor="closed",
    questions=[question(1), question(3, "answered_live"), question(4)],
    announcements=[announcement(12), announcement(13)],
    mark=6,
    votes={"1": 2, "3": 1},
)


def test_a_snapshot_is_all_there_is_to_know(run: Callable[..., State]) -> None:
    assert run(snapshot()) == {
        "audience": "room",
        "epoch": EPOCH,
        "number": 4,
        "mark": 3,
        "engagement": "live",
        "floor": "open",
        "voting": "public",
        "attribution": "choice",
        "secondsBetween": 30,
        "topic": "Fees",
        "polls": [[1, poll(1)]],
        "pollResults": [],
        "survey": False,
        "people": None,
        "questions": [[1, question(1)], [2, question(2)]],
        "announcements": [[11, announcement(11)]],
        "votes": [[1, 2]],
        "own": [],
        "ownVotes": [],
        "ownAnswers": [],
        "silence": None,
        "gaps": [False],
        "enters": {"epoch": EPOCH, "after": 4, "mark": 3},
        "takesVotes": True,
        "seesCounts": True,
    }


def test_who_knows_nothing_enters_with_nothing(run: Callable[..., State]) -> None:
    assert run()["enters"] == {}
    assert run(events(4, changed(3)), {"type": "beacon", "number": 9})["gaps"] == [False, False]


def test_news_upon_a_snapshot_are_what_a_later_snapshot_tells(run: Callable[..., State]) -> None:
    assert what_is_known(run(snapshot(), *HOUR)) == what_is_known(run(AFTER_IT))


def test_what_was_told_already_changes_nothing(run: Callable[..., State]) -> None:
    twice = [message for message in HOUR for _ in range(2)]
    assert run(snapshot(), *twice)["gaps"] == [False] * 15
    assert what_is_known(run(snapshot(), *twice, *HOUR)) == what_is_known(run(AFTER_IT))


def test_frames_that_overlap_lead_to_the_same(run: Callable[..., State]) -> None:
    changes = [change for frame in HOUR for change in frame.get("events", [])]
    told = [frame for frame in HOUR if frame["type"] == "counts"]
    for first, second in itertools.combinations(range(1, len(changes)), 2):
        frames = [
            events(4, *changes[:second]),
            events(4 + first, *changes[first:]),
            events(4, *changes[:first]),
        ]
        assert what_is_known(run(snapshot(), *frames, *told)) == what_is_known(run(AFTER_IT))


def test_counts_and_events_may_pass_each_other(run: Callable[..., State]) -> None:
    told = [frame for frame in HOUR if frame["type"] == "counts"]
    rest = [frame for frame in HOUR if frame["type"] == "events"]
    assert what_is_known(run(snapshot(), *told, *rest)) == what_is_known(run(AFTER_IT))
    assert what_is_known(run(snapshot(), *rest, *told)) == what_is_known(run(AFTER_IT))


@pytest.mark.parametrize(
    "message",
    [events(5, changed(9)), {"type": "beacon", "number": 5}, counts(4, 5, q1=9)],
    ids=lambda message: str(message["type"]),
)
def test_what_starts_later_tells_of_a_loss(run: Callable[..., State], message: Message) -> None:
    assert run(snapshot(), message)["gaps"] == [False, True]


@pytest.mark.parametrize(
    "message",
    [
        events(4, changed(9)),
        events(2, changed(9), gone(1), changed(9)),
        {"type": "beacon", "number": 4},
        {"type": "beacon", "number": 3},
        counts(3, 5, q1=9),
        counts(0, 2, q1=9),
        {"type": "presence", "people": 3},
        {"type": "own-vote", "number": 1, "voted": True},
        snapshot(number=9),
    ],
    ids=json.dumps,
)
def test_what_follows_tells_of_none(run: Callable[..., State], message: Message) -> None:
    assert run(snapshot(), message)["gaps"] == [False, False]


def test_an_older_count_does_not_undo_a_newer_one(run: Callable[..., State]) -> None:
    state = run(snapshot(), counts(3, 9, q1=7), counts(3, 5, q1=3, q2=1))
    assert (state["mark"], state["votes"]) == (9, [[1, 7]])


def test_a_count_waits_for_its_question(run: Callable[..., State]) -> None:
    state = run(snapshot(), counts(3, 4, q8=5), events(4, changed(8)))
    assert state["votes"] == [[1, 2], [8, 5]]


@pytest.mark.parametrize(
    ("audience", "voting", "is_told"),
    [
        ("room", "public", True),
        ("room", "staff", False),
        ("room", "off", False),
        ("screen", "public", True),
        ("screen", "staff", False),
        ("screen", "off", False),
        ("desk", "public", True),
        ("desk", "staff", True),
        ("desk", "off", False),
    ],
)
def test_who_may_not_see_counts_forgets_them(
    run: Callable[..., State], audience: str, voting: str, is_told: bool
) -> None:
    hides = events(4, floor("open", voting))
    kept = (3, [[1, 2]]) if is_told else (0, [])
    state = run(snapshot(), hides, audience=audience)
    assert (state["mark"], state["votes"], state["seesCounts"]) == (*kept, is_told)

    late = run(snapshot(), hides, counts(3, 4, q1=9), audience=audience)
    assert late["gaps"] == [False, False, False]
    assert (late["mark"], late["votes"]) == ((4, [[1, 9]]) if is_told else (0, []))

    shown = run(
        snapshot(),
        hides,
        events(5, floor("open", "public")),
        counts(0, 4, q1=9, q2=1),
        audience=audience,
    )
    assert (shown["mark"], shown["votes"]) == (4, [[1, 9], [2, 1]])


@pytest.mark.parametrize(
    ("state", "voting", "takes"),
    [
        ("open", "public", True),
        ("voting_only", "staff", True),
        ("closed", "public", False),
        ("open", "off", False),
    ],
)
def test_votes_are_taken_on_an_open_floor(
    run: Callable[..., State], state: str, voting: str, takes: bool
) -> None:
    assert run(snapshot(floor=state, voting=voting))["takesVotes"] is takes


def test_what_is_ones_own_is_kept_apart(run: Callable[..., State]) -> None:
    asked = {"number": 7, "client_id": "a", "text": "Why?", "state": "waiting", "revision": 1}
    shown = asked | {"state": "shown", "revision": 2}
    state = run(
        {"type": "own", "questions": [asked], "votes": [1, 2]},
        {"re": 1, "ok": {"news": snapshot(), "people": 12}},
        {"type": "own-question", "question": shown},
        {"type": "own-question", "question": asked},
        {"type": "own-vote", "number": 2, "voted": False},
        {"type": "own-vote", "number": 4, "voted": True},
        {"type": "own-vote", "number": 4, "voted": True},
        {"type": "presence", "people": 13},
    )
    assert (state["own"], state["ownVotes"], state["people"]) == ([[7, shown]], [1, 4], 13)


def test_the_reply_to_enter_corrects_what_came_with_the_ticket(
    run: Callable[..., State],
) -> None:
    older = {"type": "own", "questions": [{"number": 7}], "votes": [1]}
    newer = {"type": "own", "questions": [{"number": 8}], "votes": [2]}
    state = run(older, {"re": 1, "ok": {"news": snapshot(), "people": 1, "own": newer}})
    assert (state["own"], state["ownVotes"]) == ([[8, {"number": 8}]], [2])


def test_another_history_starts_afresh(run: Callable[..., State]) -> None:
    other = snapshot(epoch="51d07a3c9be2f604", number=1, questions=[], mark=0, votes={})
    assert what_is_known(run(snapshot(), *HOUR, other)) == what_is_known(run(other))


def test_what_a_newer_server_says_is_let_pass(run: Callable[..., State]) -> None:
    state = run(snapshot(), {"type": "weather", "sun": True}, events(4, {"type": "applause"}))
    assert (state["number"], state["questions"]) == (5, [[1, question(1)], [2, question(2)]])


def test_a_server_that_knows_no_announcements_tells_of_none(run: Callable[..., State]) -> None:
    older = snapshot()
    del older["announcements"]
    assert run(snapshot(), older | {"number": 9})["announcements"] == []
