"""What must never be, found in plain data: what people were told, and what is stored in the end.

Every check is pure and gives a short text for each thing that it found.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SHOWN: Final = "shown"
WORD: Final = re.compile(r"word-[0-9a-f]{12}")
"""Every text has one such word, and no other text has it."""

EXAMPLES: Final = 5


@dataclass(slots=True, kw_only=True)
class Asked:
    """What a writer knows of a question. Times are seconds of one clock.

    `invoked_at` is when it was written, `sent_at` just before the first send; `number` and
    `told_text` are what the acknowledgement said; `refused` is the code of a refusal for good.
    """

    asker: int
    client_id: str
    text: str
    invoked_at: float = 0.0
    sent_at: float | None = None
    acknowledged_at: float | None = None
    number: int | None = None
    told_text: str = ""
    refused: str = ""

    def __str__(self) -> str:
        return f"{self.client_id} of {self.asker}"

    def is_sent(self, at: float) -> None:
        """Only the first send counts."""
        if self.sent_at is None:
            self.sent_at = at


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A question's row; `cast` are the rows of votes for it."""

    number: int
    asker: int
    client_id: str
    text: str
    state: str = "waiting"
    was_shown: bool = False
    revision: int = 1
    votes: int = 0
    cast: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """An event's row. `question`, `state` and `revision` are of the question that it tells of."""

    number: int
    public_number: int | None = None
    question: int | None = None
    state: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who is not to read waiting questions, but the own ones.

    `frames` is all that the socket ever said.
    """

    name: str
    asker: int | None = None
    frames: list[str]


@dataclass(slots=True, kw_only=True)
class Record:
    """All that is known after an experiment.

    `shown` are the numbers of acknowledged decisions to show; `ballots` the last acknowledged vote
    of each person on each question. `astray` names people who ended with another set than their
    role's, `sent_away` those whom the server told never to come back.
    """

    asked: list[Asked] = field(default_factory=list)
    stored: list[Stored] = field(default_factory=list)
    log: list[Logged] = field(default_factory=list)
    head: int = 0
    public_head: int = 0
    shown: set[int] = field(default_factory=set)
    ballots: dict[tuple[int, int], bool] = field(default_factory=dict)
    readers: list[Reader] = field(default_factory=list)
    astray: list[str] = field(default_factory=list)
    sent_away: list[str] = field(default_factory=list)


def unanswered(record: Record) -> list[str]:
    return [str(one) for one in record.asked if one.acknowledged_at is None and not one.refused]


def acknowledged_but_absent(record: Record) -> list[str]:
    keys = _keys(record)
    return [str(one) for one in _acknowledged(record) if (one.asker, one.client_id) not in keys]


def stored_twice(record: Record) -> list[str]:
    counted = Counter((row.asker, row.client_id) for row in record.stored)
    return [f"{key}: {times} times" for key, times in counted.items() if times > 1]


def stored_never_sent(record: Record) -> list[str]:
    sent = {(one.asker, one.client_id) for one in record.asked}
    return [str(row.number) for row in record.stored if (row.asker, row.client_id) not in sent]


def text_changed(record: Record) -> list[str]:
    """In the row, or in the acknowledgement."""
    sent = {(one.asker, one.client_id): one.text for one in record.asked}
    rows = [
        f"question {row.number}"
        for row in record.stored
        if row.text != sent.get((row.asker, row.client_id), row.text)
    ]
    return rows + [str(one) for one in _acknowledged(record) if one.told_text != one.text]


def number_differs(record: Record) -> list[str]:
    """One of several rows with a client id may have the number: that is another fault."""
    numbers: dict[tuple[int, str], set[int]] = {}
    for row in record.stored:
        numbers.setdefault((row.asker, row.client_id), set()).add(row.number)
    return [
        f"{one} was told {one.number}"
        for one in _acknowledged(record)
        if one.number not in numbers.get((one.asker, one.client_id), {one.number})
    ]


def numbers_with_gaps(record: Record) -> list[str]:
    return _not_one_to_n(row.number for row in record.stored)


def order_broken(record: Record) -> list[str]:
    """Whoever was acknowledged before another asked has the smaller number."""
    # At the same moment nobody was first: a send sorts before an acknowledgement.
    moments = [(one.sent_at or 0.0, 0, one.number or 0) for one in _acknowledged(record)]
    moments += [(one.acknowledged_at or 0.0, 1, one.number or 0) for one in _acknowledged(record)]
    found = []
    highest = 0
    for _at, is_acknowledged, number in sorted(moments):
        if is_acknowledged:
            highest = max(highest, number)
        elif number < highest:
            found.append(f"{number} was asked when {highest} was acknowledged")
    return found


def log_with_gaps(record: Record) -> list[str]:
    return _not_one_to_n((event.number for event in record.log), record.head)


def public_log_with_gaps(record: Record) -> list[str]:
    numbers = (event.public_number for event in record.log)
    return _not_one_to_n((n for n in numbers if n is not None), record.public_head)


def log_disagrees(record: Record) -> list[str]:
    """The last event of a question tells of it as it is stored."""
    last = {
        event.question: (event.state, event.revision)
        for event in sorted(record.log, key=lambda event: event.number)
    }
    return [
        f"question {row.number}: {last.get(row.number)}"
        for row in record.stored
        if last.get(row.number) != (row.state, row.revision)
    ]


def waiting_text_told(record: Record) -> list[str]:
    """A question that was never shown, in anything that others than its asker got."""
    shown = words_in(row.text for row in record.stored if row.was_shown)
    secrets = {
        word: row.asker
        for row in record.stored
        for word in WORD.findall(row.text)
        if word not in shown
    }
    return [
        f"{reader.name} got {word}"
        for reader in record.readers
        for word in sorted(words_in(reader.frames) & secrets.keys())
        if secrets[word] != reader.asker
    ]


def shows_lost(record: Record) -> list[str]:
    stored = {row.number for row in record.stored if row.state == SHOWN}
    return [str(number) for number in sorted(record.shown - stored)]


def refused_but_stored(record: Record) -> list[str]:
    keys = _keys(record)
    return [
        f"{one}: {one.refused}"
        for one in record.asked
        if one.refused and (one.asker, one.client_id) in keys
    ]


def votes_miscounted(record: Record) -> list[str]:
    return [
        f"question {row.number}: {row.votes} of {len(row.cast)}"
        for row in record.stored
        if row.votes != len(row.cast)
    ]


def votes_lost(record: Record) -> list[str]:
    cast = {(voter, row.number) for row in record.stored for voter in row.cast}
    return [
        f"{voter} on question {number}"
        for (voter, number), is_cast in record.ballots.items()
        if ((voter, number) in cast) != is_cast
    ]


def readers_astray(record: Record) -> list[str]:
    return record.astray


def sent_away(record: Record) -> list[str]:
    return record.sent_away


CHECKS: Final[dict[str, Callable[[Record], list[str]]]] = {
    check.__name__: check
    for check in (
        unanswered, acknowledged_but_absent, stored_twice, stored_never_sent, text_changed,
        number_differs, numbers_with_gaps, order_broken, log_with_gaps, public_log_with_gaps,
        log_disagrees, readers_astray, waiting_text_told, shows_lost, refused_but_stored,
        votes_miscounted, votes_lost, sent_away,
    )
}  # fmt: skip


def counts(record: Record) -> dict[str, int]:
    """Of everything that must not be: all of it 0."""
    return {name: len(check(record)) for name, check in CHECKS.items()}


def examples(record: Record) -> dict[str, list[str]]:
    """Some of what was found, for whoever has to look for the cause."""
    found = {name: check(record) for name, check in CHECKS.items()}
    return {name: texts[:EXAMPLES] for name, texts in found.items() if texts}


def words_in(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in WORD.findall(text)}


def _acknowledged(record: Record) -> list[Asked]:
    return [one for one in record.asked if one.acknowledged_at is not None]


def _keys(record: Record) -> set[tuple[int, str]]:
    return {(row.asker, row.client_id) for row in record.stored}


def _not_one_to_n(numbers: Iterable[int], head: int | None = None) -> list[str]:
    """What is missing from, doubled in, or too much for 1, 2, ... n. `head` is what n should be."""
    counted = Counter(numbers)
    whole = range(1, (counted.total() if head is None else head) + 1)
    missing = [f"{number} is missing" for number in whole if number not in counted]
    return missing + [
        f"{number}: {times} times, of {len(whole)}"
        for number, times in counted.items()
        if times > 1 or number not in whole
    ]
