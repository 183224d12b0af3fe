"""Who would like the agency's answer by mail, and the link by which that ends."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

from django.core import signing

from engagements.models import Registration
from engagements.rules import ADMITTED
from qa import states

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from qa.models import Question

_SALT: Final = "answer-mails"


def token_of(registration: Registration) -> str:
    """The secret of the link that ends these mails, and opens nothing else."""
    return _signer().sign(registration.public_id.hex)


def registration_of_link(token: str) -> Registration | None:
    """Who was mailed this link; None for any other text, and for who has deleted the own data."""
    try:
        public_id = uuid.UUID(_signer().unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    found = Registration.objects.select_related("engagement").filter(public_id=public_id)
    return found.exclude(email="").first()


def with_address(registrations: Collection[int]) -> set[int]:
    """Those of them who can be mailed an answer: they are admitted, and have an address, which is
    theirs since the room's link came by it."""
    found = Registration.objects.filter(ADMITTED, pk__in=registrations).exclude(email="")
    return set(found.values_list("pk", flat=True))


def wished_answers(registration: Registration) -> QuerySet[Question]:
    """The own questions whose answers are mailed, by number."""
    return standing_questions(registration).filter(wants_answer=True)


def standing_questions(registration: Registration) -> QuerySet[Question]:
    """The own ones that were not withdrawn, by number."""
    return registration.questions.exclude(state=states.WITHDRAWN).order_by("number")


def _signer() -> signing.Signer:
    return signing.Signer(salt=_SALT, sep=".")
