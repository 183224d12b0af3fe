"""One action upon many questions. Those that changed meanwhile are left alone, and told."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from engagements.refusals import Refused
from qa.actions import deciding, moderating, sorting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engagements.models import User
    from qa.models import Floor, Question


class NotDone(NamedTuple):
    """`message` says why, for the person."""

    number: int
    message: str


class Outcome(NamedTuple):
    """What became of each of many questions."""

    done: list[Question]
    refused: list[NotDone]


def apply(
    floor: Floor,
    *,
    by: User,
    move: str,
    questions: Sequence[tuple[int, int]],
    reason: str = "",
    label: int | None = None,
    speaker: int | None = None,
) -> Outcome:
    """`move` is show, hold, dismiss, divert, label or assign; `questions` are pairs of a number
    and the revision that was seen. All in one transaction, under one lock."""
    with transaction.atomic():
        locked = deciding.lock(floor, by)
        if move == "label":
            labelled = sorting.labelled(sorting.label_of(locked, label))
            return _all(locked, questions, by, lambda _question: labelled)
        if move == "assign":
            assigned = sorting.assigned(sorting.speaker_of(locked, speaker))
            return _all(locked, questions, by, lambda _question: assigned)
        why = {}
        if move == "dismiss":
            why = moderating.dismissal(reason)
        elif move == "divert":
            why = moderating.diversion()
        return _all(locked, questions, by, lambda q: moderating.moved(locked, q, move, **why))


def _all(
    locked: Floor,
    questions: Sequence[tuple[int, int]],
    by: User,
    change: Callable[[Question], deciding.Change],
) -> Outcome:
    """The same for all that still are as they were seen, with as many queries as for a few."""
    found = deciding.pick_all(locked, (number for number, _seen in questions))
    batch = deciding.Batch(locked, by)
    refusals = []
    for number, seen in questions:
        try:
            question = deciding.unchanged(found.get(number), seen)
            batch.put(question, change(question))
        except Refused as refused:
            refusals.append(NotDone(number, str(refused.message)))
    batch.write()
    return Outcome(batch.done, refusals)


def each(
    locked: Floor, questions: Sequence[tuple[int, int]], act: Callable[[Question], Question]
) -> Outcome:
    """Do it to each that still is as it was seen. `act` refuses before it writes anything."""
    outcome = Outcome([], [])
    for number, seen in questions:
        try:
            outcome.done.append(act(deciding.pick(locked, number, seen)))
        except Refused as refused:
            outcome.refused.append(NotDone(number, str(refused.message)))
    return outcome
