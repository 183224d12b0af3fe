"""What registrants answer to the office's own questions on the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import RegistrationAnswer
from engagements.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engagements.models import Registration


@transaction.atomic
def answer(registration: Registration, answers: Mapping[int, Sequence[str]]) -> bool:
    """These are the person's answers from now on, by question; others are taken back. Answers to
    questions that are not asked any more stay. Gives whether anything changed.

    Texts come clean from a form. Refuses a question that this engagement does not ask.
    """
    questions = registration.engagement.own_questions.filter(retired_at=None)
    asked = set(questions.values_list("pk", flat=True))
    if not asked.issuperset(answers):
        raise Refused("question", _("Please answer the questions of this form only."))
    known = registration.answers.filter(question__in=asked)
    former = dict(known.values_list("question", "values"))
    wanted = {pk: list(values) for pk, values in answers.items() if values}
    if former == wanted:
        return False
    known.exclude(question__in=wanted).delete()
    RegistrationAnswer.objects.bulk_create(
        [
            RegistrationAnswer(registration=registration, question_id=pk, values=values)
            for pk, values in wanted.items()
        ],
        update_conflicts=True,
        unique_fields=["registration", "question"],
        update_fields=["values"],
    )
    return True
