"""Which answer answers which question: the own one, or that of a question that is read with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Answered(NamedTuple):
    """A published answer in its last version: its key, its question's, and the number of the
    question whose answer is the same, if it only refers to that."""

    key: int
    question: int
    same_as: int | None


class Spread(NamedTuple):
    """A question and an answer to it, by their keys."""

    question: int
    answer: int
    by: frozenset[int]
    """The published answers that lead there: this one, and each “same as” on the way."""


def spread(
    latest: Mapping[tuple[int, int], Answered], merged: Mapping[int, int]
) -> Iterator[Spread]:
    """Each question with each answer to it, every pair once.

    `latest` goes by agency and number of the question, `merged` from a question's key to that of
    the one it was merged into. A “same as” leads on to the answer with the words; where that is
    not published, there is no answer yet. Who asked what was merged reads the answer of the whole
    way up.
    """
    direct: dict[int, dict[int, frozenset[int]]] = {}
    for (agency, _number), one in latest.items():
        chain = _to_words(latest, agency, one)
        if chain:
            direct.setdefault(one.question, {})[chain[-1]] = frozenset(chain)
    for question in dict.fromkeys((*direct, *merged)):
        answers: dict[int, frozenset[int]] = {}
        for step in _way(question, merged):
            for answer, by in direct.get(step, {}).items():
                answers[answer] = answers.get(answer, frozenset()) | by
        for answer, by in answers.items():
            yield Spread(question, answer, by)


def _to_words(latest: Mapping[tuple[int, int], Answered], agency: int, one: Answered) -> list[int]:
    """Keys from this answer to the one with the words; empty where there are none."""
    chain = [one.key]
    found = one
    while found.same_as is not None:
        following = latest.get((agency, found.same_as))
        if following is None or following.key in chain:
            return []
        found = following
        chain.append(found.key)
    return chain


def _way(question: int, merged: Mapping[int, int]) -> Iterator[int]:
    """The question, then those that it was merged into, one after the other."""
    seen: set[int] = set()
    step: int | None = question
    while step is not None and step not in seen:
        seen.add(step)
        yield step
        step = merged.get(step)
