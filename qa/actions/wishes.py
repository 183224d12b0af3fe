"""An asker would like the agency's answer by mail, or no longer. Nobody else is told of it.

It is no event of the log and changes no revision: the desk works on with what it saw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit
from engagements.actions import planning
from engagements.models import OutgoingMail
from engagements.refusals import NotAllowed, Refused
from qa import events, queries, states
from qa.actions.agency import telling
from qa.models import Question
from qa.queries.wishes import standing_questions, wished_answers, with_address

if TYPE_CHECKING:
    from collections.abc import Collection

    from engagements.models import Registration
    from qa.models import Floor


@transaction.atomic
def want(floor: Floor, *, by: Registration, number: int, wanted: bool) -> Question:
    """Say so of one own question, before and after it is answered. The same again changes nothing.

    An answer that is published already is mailed at once. Refuses who has no address to be written
    to, and what was withdrawn.
    """
    locked = events.lock(floor.pk)
    if by.pk not in queries.admitted(locked, {by.pk}):
        raise NotAllowed("not_admitted", _("Your link no longer opens this room."))
    question = locked.questions.described().filter(asker=by.pk, number=number).first()
    if question is None:
        raise NotAllowed("unknown_question", _("There is no such question of yours."))
    if wanted:
        _check(question, by)
    _set(locked, by, [question], wanted=wanted)
    return question


@transaction.atomic
def end(registration: Registration) -> int:
    """No more answers by mail, not even those that are laid and not sent. Gives of how many
    questions; a second time it is none."""
    floor = events.lock(registration.engagement.floor.pk)
    return _set(floor, registration, list(wished_answers(registration)), wanted=False)


@transaction.atomic
def resume(registration: Registration) -> int:
    """The answers to all own questions by mail again, for who had ended them."""
    floor = events.lock(registration.engagement.floor.pk)
    if registration.pk not in with_address({registration.pk}):
        raise Refused("no_address", _no_address())
    return _set(floor, registration, list(standing_questions(registration)), wanted=True)


def _check(question: Question, by: Registration) -> None:
    if question.state == states.WITHDRAWN:
        raise Refused("not_waiting", _("This question is withdrawn: it gets no answer."))
    if by.pk not in with_address({by.pk}):
        raise Refused("no_address", _no_address())


def _set(floor: Floor, by: Registration, questions: Collection[Question], *, wanted: bool) -> int:
    changed = [one for one in questions if one.wants_answer != wanted]
    Question.objects.filter(pk__in=[one.pk for one in changed]).update(wants_answer=wanted)
    audit.record_all(
        "question.answer_wished" if wanted else "question.answer_not_wished",
        [(one, by, {}) for one in changed],
        engagement=floor.engagement,
    )
    for one in changed:
        one.wants_answer = wanted
        if wanted:
            telling.tell_of(one)
    if changed and not wanted and not wished_answers(by).exists():
        _discard_unsent(by)
    return len(changed)


def _discard_unsent(registration: Registration) -> None:
    unsent = OutgoingMail.objects.filter(
        template=telling.TEMPLATE, registration=registration, state__in=planning.UNSENT
    )
    unsent.exclude(state=OutgoingMail.State.SENDING).update(state=OutgoingMail.State.DISCARDED)


def _no_address() -> str:
    return _("There is no e-mail address to which an answer could be sent.")
