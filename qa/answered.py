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


def spread(
    latest: Mapping[tuple[int, int], Answered], merged: Mapping[int, int]
) -> Iterator[tuple[int, int]]:
    """Keys of a question and of an answer to it, each pair once.

    `latest` goes by agency and number of the question, `merged` from a question's key to that of
    the one it was merged into. A “same as” leads on to the answer with the words; where that is
    not published, there is no answer yet. Who asked what was merged reads the answer of the whole
    way up.
    """
    direct: dict[int, list[int]] = {}
    for (agency, _number), one in latest.items():
        found = _with_words(latest, agency, one)
        if found is not None:
            direct.setdefault(one.question, []).append(found.key)
    for question in dict.fromkeys((*direct, *merged)):
        answers: dict[int, None] = {}
        for step in _way(question, merged):
            answers |= dict.fromkeys(direct.get(step, ()))
        for answer in answers:
            yield question, answer


def _with_words(
    latest: Mapping[tuple[int, int], Answered], agency: int, one: Answered
) -> Answered | None:
    seen = set()
    found: Answered | None = one
    while found is not None and found.same_as is not None:
        if found.key in seen:
            return None
        seen.add(found.key)
        found = latest.get((agency, found.same_as))
    return found


def _way(question: int, merged: Mapping[int, int]) -> Iterator[int]:
    """The question, then those that it was merged into, one after the other."""
    seen: set[int] = set()
    step: int | None = question
    while step is not None and step not in seen:
        seen.add(step)
        yield step
        step = merged.get(step)
