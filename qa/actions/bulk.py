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
            chosen = sorting.label_of(locked, label)
            return each(locked, questions, lambda q: sorting.put_label(locked, q, chosen, by=by))
        if move == "assign":
            to = sorting.speaker_of(locked, speaker)
            return each(locked, questions, lambda q: sorting.put_speaker(locked, q, to, by=by))
        why = {}
        if move == "dismiss":
            why = moderating.dismissal(reason)
        elif move == "divert":
            why = moderating.diversion()
        return each(locked, questions, lambda q: moderating.decide(locked, q, move, by=by, **why))


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
