"""The checks find what they are for: a history in order, and each fault planted into it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.faults import verdict
from tests.faults.verdict import Asked, Logged, Reader, Record, Stored

if TYPE_CHECKING:
    from collections.abc import Callable

ANA, BEN, EVE = 1, 2, 3
TEXTS = {n: f"word-{n:012x}: Is this question {n}?" for n in (1, 2, 3, 4)}


def asked(number: int, asker: int, sent_at: float) -> Asked:
    """Acknowledged a moment after it was sent."""
    return Asked(
        asker=asker,
        client_id=f"id-{number}",
        text=TEXTS[number],
        sent_at=sent_at,
        acknowledged_at=sent_at + 0.5,
        number=number,
        told_text=TEXTS[number],
    )


def stored(number: int, asker: int) -> Stored:
    return Stored(number=number, asker=asker, client_id=f"id-{number}", text=TEXTS[number])


def history() -> Record:
    """Ana asks twice, Ben once; her first question is shown, and both have voted for it."""
    shown = replace(
        stored(1, ANA), state="shown", was_shown=True, revision=2, votes=1, cast=frozenset({BEN})
    )
    return Record(
        asked=[asked(1, ANA, 10.0), asked(2, BEN, 11.0), asked(3, ANA, 12.0)],
        stored=[shown, stored(2, BEN), stored(3, ANA)],
        log=[
            Logged(number=1, question=1, state="waiting", revision=1),
            Logged(number=2, question=2, state="waiting", revision=1),
            Logged(number=3, public_number=1, question=1, state="shown", revision=2),
            Logged(number=4, question=3, state="waiting", revision=1),
        ],
        head=4,
        public_head=1,
        shown={1},
        ballots={(BEN, 1): True, (ANA, 1): False},
        readers=[
            Reader(name="screen", frames=[TEXTS[1]]),
            Reader(name="ana", asker=ANA, frames=[TEXTS[1], f"own: {TEXTS[3]}"]),
        ],
    )


def test_nothing_is_found_where_all_is_well() -> None:
    assert verdict.counts(history()) == dict.fromkeys(verdict.CHECKS, 0)
    assert verdict.examples(history()) == {}


def never_answered(record: Record) -> None:
    record.asked.append(Asked(asker=EVE, client_id="id-4", text=TEXTS[4], sent_at=13.0))


def acknowledged_before_the_commit(record: Record) -> None:
    """The server was killed between, and its number went to somebody else."""
    record.asked.append(replace(asked(3, EVE, 11.8), client_id="id-4"))


def without_a_client_id(record: Record) -> None:
    """The reply was lost, and what was sent again became a question of its own."""
    record.stored.append(replace(stored(4, BEN), client_id="id-2", text=TEXTS[2]))
    record.log.append(Logged(number=5, question=4, state="waiting", revision=1))
    record.head = 5
    record.asked[1].number = 4
    record.asked[1].acknowledged_at = 12.5


def from_nowhere(record: Record) -> None:
    del record.asked[1]


def cut_short(record: Record) -> None:
    record.stored[1] = replace(record.stored[1], text=TEXTS[2][:-1])


def acknowledged_with_other_words(record: Record) -> None:
    record.asked[2].told_text = TEXTS[3].upper()


def told_another_number(record: Record) -> None:
    record.asked[2].number = 5


def highest_plus_one(record: Record) -> None:
    """Two workers have looked at the same moment."""
    record.stored[2] = replace(record.stored[2], number=2)
    record.asked[2].number = 2
    record.log[3] = replace(record.log[3], question=2)


def a_number_left_out(record: Record) -> None:
    record.stored[2] = replace(record.stored[2], number=4)
    record.asked[2].number = 4
    record.log[3] = replace(record.log[3], question=4)


def first_come_second_served(record: Record) -> None:
    """Ben asked when Ana's second question was acknowledged already."""
    record.asked[1].sent_at = 12.6
    record.asked[1].acknowledged_at = 13.0


def an_event_lost(record: Record) -> None:
    del record.log[1]


def an_event_beyond_the_head(record: Record) -> None:
    record.head = 3


def a_public_event_lost(record: Record) -> None:
    record.public_head = 2


def an_event_without_its_change(record: Record) -> None:
    record.stored[1] = replace(record.stored[1], state="shown", was_shown=True, revision=2)


def another_set(record: Record) -> None:
    record.astray = ["screen: questions"]


def waiting_words_on_the_screen(record: Record) -> None:
    record.readers[0].frames.append(f'{{"type":"events","text":"{TEXTS[2]}"}}')


def waiting_words_for_somebody_else(record: Record) -> None:
    record.readers[1].frames.append(TEXTS[2])


def a_decision_lost(record: Record) -> None:
    record.shown = {1, 2}


def refused_and_stored(record: Record) -> None:
    record.asked[2].acknowledged_at = record.asked[2].number = None
    record.asked[2].refused = "floor_closed"


def a_vote_counted_twice(record: Record) -> None:
    record.stored[0] = replace(record.stored[0], votes=2)


def a_vote_lost(record: Record) -> None:
    record.stored[0] = replace(record.stored[0], votes=0, cast=frozenset())


def a_vote_not_taken_back(record: Record) -> None:
    record.stored[0] = replace(record.stored[0], votes=2, cast=frozenset({ANA, BEN}))


def shown_the_door(record: Record) -> None:
    record.sent_away = ["screen: 4403"]


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        (never_answered, {"unanswered": 1}),
        (acknowledged_before_the_commit, {"acknowledged_but_absent": 1}),
        (without_a_client_id, {"stored_twice": 1}),
        (from_nowhere, {"stored_never_sent": 1}),
        (cut_short, {"text_changed": 1}),
        (acknowledged_with_other_words, {"text_changed": 1}),
        (told_another_number, {"number_differs": 1}),
        (highest_plus_one, {"numbers_with_gaps": 2}),
        (a_number_left_out, {"numbers_with_gaps": 2}),
        (first_come_second_served, {"order_broken": 1}),
        (an_event_lost, {"log_with_gaps": 1, "log_disagrees": 1}),
        (an_event_beyond_the_head, {"log_with_gaps": 1}),
        (a_public_event_lost, {"public_log_with_gaps": 1}),
        (an_event_without_its_change, {"log_disagrees": 1}),
        (another_set, {"readers_astray": 1}),
        (waiting_words_on_the_screen, {"waiting_text_told": 1}),
        (waiting_words_for_somebody_else, {"waiting_text_told": 1}),
        (a_decision_lost, {"shows_lost": 1}),
        (refused_and_stored, {"refused_but_stored": 1}),
        (a_vote_counted_twice, {"votes_miscounted": 1}),
        (a_vote_lost, {"votes_lost": 1}),
        (a_vote_not_taken_back, {"votes_lost": 1}),
        (shown_the_door, {"sent_away": 1}),
    ],
)
def test_a_planted_fault_is_found(fault: Callable[[Record], None], found: dict[str, int]) -> None:
    record = history()
    fault(record)

    assert verdict.counts(record) == dict.fromkeys(verdict.CHECKS, 0) | found


def test_every_check_has_a_fault_that_it_finds() -> None:
    marks = test_a_planted_fault_is_found.pytestmark  # type: ignore[attr-defined]
    found = {name for _fault, counts in marks[0].args[1] for name in counts}

    assert found == set(verdict.CHECKS)


def test_who_asks_while_another_waits_for_the_acknowledgement_may_be_first() -> None:
    record = history()
    record.asked[1].sent_at = record.asked[2].acknowledged_at

    assert verdict.order_broken(record) == []


def test_what_is_found_is_told_by_some_examples() -> None:
    record = history()
    record.shown = set(range(10, 30))

    assert verdict.examples(record) == {"shows_lost": ["10", "11", "12", "13", "14"]}
