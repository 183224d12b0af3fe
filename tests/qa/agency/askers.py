"""People who asked and want the answer, and answers that are published, for tests of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engagements.models import OutgoingMail
from qa import states
from qa.actions.agency import telling
from qa.models import AgencyAnswer, PublishedAnswer
from tests import factories

if TYPE_CHECKING:
    from engagements.models import Registration, User
    from qa.models import Floor, Question

ANSWER = "The Contact Center opens at 8 a.m.\n\nOn Saturdays at nine."


def person(floor: Floor, name: str, **fields: Any) -> Registration:
    return factories.make_registration(floor.engagement, name, **fields)


def asked(floor: Floor, by: Registration | None, text: str = "When?", **fields: Any) -> Question:
    given = {"wants_answer": True, "asker": by, "category": by.category if by else None} | fields
    return factories.make_question(floor, text, **given)


def publish(question: Question, by: User, text: str = ANSWER, **fields: Any) -> PublishedAnswer:
    """The next version of the answer, as the public reads it."""
    answer, _is_new = AgencyAnswer.objects.get_or_create(
        agency=factories.make_agency(),
        question=question,
        defaults={"state": states.ANSWER_PUBLISHED},
    )
    values: dict[str, Any] = {"status": states.ANSWERED, "answered_by": "Field Office, USCIS"}
    return PublishedAnswer.objects.create(
        answer=answer,
        number=answer.published.count() + 1,
        text=text,
        published_by=by,
        **(values | fields),
    )


def mailed() -> list[str]:
    """To whom, since the last look."""
    found = OutgoingMail.objects.filter(template=telling.TEMPLATE).order_by("pk")
    return [mail.to for mail in found]
