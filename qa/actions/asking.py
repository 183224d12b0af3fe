"""Ask a question, once per client id; withdraw it while it waits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, clock
from engagements.models import Registration
from engagements.refusals import NotAllowed, Refused
from qa import events, rules, states
from qa.models import Floor, Question

if TYPE_CHECKING:
    from uuid import UUID

MOST_A_MINUTE = 6
"""Questions from one person in a minute."""


@transaction.atomic
def ask(floor: Floor, *, by: Registration, text: str, client_id: UUID) -> Question:
    """Store a question, waiting for a moderator. `text` comes clean from `AskForm`.

    The same client id again returns the question that is stored already, unchanged: whoever missed
    the acknowledgement may send again for ever. Refuses a closed floor and more than
    `MOST_A_MINUTE`. Writes the question, its event and the audit row.
    """
    asker = _admitted(by, floor)
    locked = events.lock(floor.pk)
    stored = locked.questions.filter(asker=asker, client_id=client_id).first()
    if stored is not None:
        return stored
    if not locked.is_open:
        raise Refused("floor_closed", _("The floor is closed. Your question was not saved."))
    _check_pace(locked, asker)
    locked.last_question_number += 1
    locked.save(update_fields=["last_question_number"])
    question = Question.objects.create(
        floor=locked,
        number=locked.last_question_number,
        asker=asker,
        category=asker.category,
        client_id=client_id,
        text=text,
        original_text=text,
    )
    events.append_question(locked, question)
    audit.record(
        "question.asked",
        question,
        by=asker,
        engagement=locked.engagement,
        text=audit.digest(text),
    )
    return question


@transaction.atomic
def withdraw(floor: Floor, *, by: Registration, number: int) -> Question:
    """The asker takes a question back. Only while it waits; its number stays."""
    asker = _admitted(by, floor)
    locked = events.lock(floor.pk)
    question = locked.questions.filter(asker=asker, number=number).first()
    if question is None:
        raise NotAllowed("unknown_question", _("There is no such question of yours."))
    if question.state != states.WAITING:
        raise Refused(
            "not_waiting",
            _("This question is %(state)s and can no longer be withdrawn.")
            % {"state": question.get_state_display()},
        )
    question.state = states.WITHDRAWN
    question.revision += 1
    question.save(update_fields=["state", "revision"])
    events.append_question(locked, question)
    audit.record("question.withdrawn", question, by=asker, engagement=locked.engagement)
    return question


def _admitted(registration: Registration, floor: Floor) -> Registration:
    """The registration as it is now: a removed or cancelled one may not act any more."""
    found = (
        Registration.objects.select_related("category", "engagement")
        .filter(pk=registration.pk, engagement=floor.engagement_id)
        .first()
    )
    if found is None or not rules.may_enter_room(found):
        raise NotAllowed("not_admitted", _("Your link no longer opens this room."))
    return found


def _check_pace(floor: Floor, asker: Registration) -> None:
    lately = floor.questions.filter(
        asker=asker, asked_at__gt=clock.now() - timedelta(minutes=1)
    ).count()
    if lately >= MOST_A_MINUTE:
        raise Refused(
            "too_fast",
            _("You have asked %(number)d questions within a minute. Please wait a little.")
            % {"number": lately},
        )
