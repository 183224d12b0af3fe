"""Answers of an agency for tests about what it has answered: as rows, without the way there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa import states
from qa.models import AgencyAnswer, PublishedAnswer

if TYPE_CHECKING:
    from engagements.models import User
    from qa.models import Forwarding


def answer(forwarding: Forwarding, number: int, state: str, **fields: Any) -> AgencyAnswer:
    """An answer as it stands, in this state."""
    question = forwarding.questions.get(number=number).question
    return AgencyAnswer.objects.create(
        agency=forwarding.agency,
        question=question,
        state=state,
        **({"status": states.ANSWERED, "text": "Soon."} | fields),
    )


def publish(
    forwarding: Forwarding, number: int, *, by: User, status: str = states.ANSWERED, **fields: Any
) -> PublishedAnswer:
    """A question's answer, published as its first version."""
    made = answer(forwarding, number, states.ANSWER_PUBLISHED, status=status)
    return PublishedAnswer.objects.create(
        answer=made,
        status=status,
        text="Soon.",
        answered_by=forwarding.agency.name,
        published_by=by,
        **fields,
    )
