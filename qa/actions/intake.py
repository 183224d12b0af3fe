"""Store questions that come by another way than the room: typed in, from a file, by a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engagements import audit
from engagements.models import User
from qa import events
from qa.actions.asking import insert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engagements.audit import Actor
    from qa.models import Floor, Question


def store(
    floor: Floor,
    questions: Sequence[Question],
    *,
    by: Actor | None = None,
    act: str = "question.asked",
) -> None:
    """Number, insert, tell and record new questions, in this order, all waiting.

    `floor` comes from `events.lock` in the same transaction, and the caller has asked its rule.
    The questions have their text and no number yet; afterwards they have number and key. `act`
    names in log and audit what was done, `by` who did it, where that is not each one's asker: an
    account stands in the history too.
    """
    if not questions:
        return
    for number, question in enumerate(questions, start=floor.last_question_number + 1):
        question.number = number
    insert(floor, questions)
    account = by if isinstance(by, User) else None
    events.append_questions(floor, questions, act=act, by=account)
    audit.record_all(
        act,
        [
            (
                one,
                by or audit.registration(one.asker_id),
                {"text": audit.digest(one.text), "source": one.source},
            )
            for one in questions
        ],
        engagement=floor.engagement,
    )
