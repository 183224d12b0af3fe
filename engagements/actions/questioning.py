"""Questions of the office's own on the registration form of one engagement."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, clock, rules, states
from engagements.actions import ordering, seating
from engagements.models import RegistrationQuestion
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from engagements.models import Engagement, User

MOST_QUESTIONS = 30
MOST_CHOICES = 50
LONGEST_CHOICE = 200

CLOSED = states.OVER | {states.CANCELLED}
"""States in which nobody registers any more, so nothing is asked any more."""

Kind = RegistrationQuestion.Kind


class Wording(TypedDict):
    """All of a question. The choices are those of its kind; a text has none."""

    label: str
    hint: str
    kind: str
    choices: list[str]
    is_required: bool
    shown_when: RegistrationQuestion | None
    shown_when_answer: str


@transaction.atomic
def add(engagement: Engagement, *, by: User, **wording: Unpack[Wording]) -> RegistrationQuestion:
    """The last question of the form."""
    locked = _open(engagement, by)
    asked = list(locked.own_questions.all())
    if len([one for one in asked if one.retired_at is None]) >= MOST_QUESTIONS:
        raise Refused(
            "too_many",
            _("A form has %(number)s questions of its own at most.") % {"number": MOST_QUESTIONS},
        )
    question = RegistrationQuestion(
        engagement=locked, position=ordering.last_place(asked), **wording
    )
    _check(question, asked)
    question.save()
    audit.record("question.added", question, by=by, engagement=locked, kind=question.kind)
    return question


@transaction.atomic
def edit(
    question: RegistrationQuestion, *, by: User, **wording: Unpack[Wording]
) -> RegistrationQuestion:
    """Answers keep the words in which they were given, whatever becomes of the choices.

    Refuses another kind for an answered question, and choices without one that decides whether
    another question is shown.
    """
    locked = _open(question.engagement, by)
    stored = _still_asked(question)
    if wording["kind"] != stored.kind and stored.answers.exists():
        raise Refused(
            "kind", _("People have answered this, so its kind stays. Please add another question.")
        )
    changed = sorted(name for name, value in wording.items() if getattr(stored, name) != value)
    for name in changed:
        setattr(stored, name, wording[name])  # type: ignore[literal-required]  # a key of the same type
    _check(stored, list(locked.own_questions.all()))
    _check_dependents(stored)
    stored.save()
    if changed:
        audit.record("question.edited", stored, by=by, engagement=locked, fields=changed)
    return stored


@transaction.atomic
def move(question: RegistrationQuestion, *, by: User, up: bool) -> None:
    """One step. A question never comes before the one on which it depends."""
    locked = _open(question.engagement, by)
    stored = _still_asked(question)
    rows = list(locked.own_questions.filter(retired_at=None))
    order = ordering.moved(rows, stored, up=up)
    places = {one.pk: place for place, one in enumerate(order)}
    for one in order:
        if places.get(one.shown_when_id or 0, -1) > places[one.pk]:
            raise Refused(
                "order",
                _("“%(label)s” depends on an answer, so it comes after that question.")
                % {"label": one.label},
            )
    ordering.number([*order, *locked.own_questions.exclude(retired_at=None)])
    if order != rows:
        audit.record("question.moved", stored, by=by, engagement=locked, up=up)


@transaction.atomic
def remove(question: RegistrationQuestion, *, by: User) -> bool:
    """Not asked any more. With answers it is retired and they are kept; without, it is deleted.

    Returns whether it is kept. Refuses while other questions depend on it.
    """
    locked = _open(question.engagement, by)
    stored = _still_asked(question)
    dependent = stored.dependents.filter(retired_at=None).first()
    if dependent is not None:
        raise Refused(
            "depended_on",
            _("“%(label)s” is shown by an answer to this question. Please change that one first.")
            % {"label": dependent.label},
        )
    is_kept = stored.answers.exists()
    action = "question.retired" if is_kept else "question.deleted"
    audit.record(action, stored, by=by, engagement=locked)
    if is_kept:
        stored.retired_at = clock.now()
        stored.save(update_fields=["retired_at"])
    else:
        stored.delete()
    return is_kept


def is_open(engagement: Engagement) -> bool:
    """Whether its questions may be changed now."""
    return engagement.state not in CLOSED


def may_decide(question: RegistrationQuestion) -> bool:
    """Whether another question may be shown by an answer to this one."""
    return question.kind != Kind.TEXT and question.retired_at is None


def _open(engagement: Engagement, by: User) -> Engagement:
    if not rules.may_set_up(by, engagement):
        raise NotAllowed("not_allowed", _("You do not coordinate this engagement."))
    locked = seating.lock(engagement)
    if not is_open(locked):
        raise Refused(
            "wrong_state",
            _("This engagement is %(state)s, so nobody is asked any more.")
            % {"state": locked.get_state_display()},
        )
    return locked


def _still_asked(question: RegistrationQuestion) -> RegistrationQuestion:
    stored = RegistrationQuestion.objects.filter(pk=question.pk, retired_at=None).first()
    if stored is None:
        raise Refused("gone", _("Somebody else has removed this question in the meantime."))
    return stored


def _check(question: RegistrationQuestion, asked: list[RegistrationQuestion]) -> None:
    if question.kind == Kind.TEXT:
        question.choices = []
    else:
        _check_choices(question.choices)
    if question.shown_when_id is None:
        question.shown_when_answer = ""
        return
    earlier = [
        one
        for one in asked
        if may_decide(one) and one.position < question.position and one.pk != question.pk
    ]
    parent = next((one for one in earlier if one.pk == question.shown_when_id), None)
    if parent is None:
        raise Refused(
            "shown_when", _("Please choose an earlier question of this form that has choices.")
        )
    if question.shown_when_answer not in parent.choices:
        raise Refused("shown_when_answer", _("Please choose one of the answers to that question."))


def _check_choices(choices: list[str]) -> None:
    if not 2 <= len(choices) <= MOST_CHOICES:
        raise Refused(
            "choices",
            _("Please give between two and %(number)s choices.") % {"number": MOST_CHOICES},
        )
    if len({one.casefold() for one in choices}) < len(choices):
        raise Refused("choices", _("Two of the choices are the same."))
    if any(len(one) > LONGEST_CHOICE for one in choices):
        raise Refused(
            "choices",
            _("A choice has %(number)s characters at most.") % {"number": LONGEST_CHOICE},
        )


def _check_dependents(question: RegistrationQuestion) -> None:
    """Who depends on an answer needs a question that can still be answered so."""
    for one in question.dependents.filter(retired_at=None):
        if question.kind == Kind.TEXT or one.shown_when_answer not in question.choices:
            raise Refused(
                "choices",
                _("“%(label)s” is shown by the answer “%(answer)s”, so that choice stays.")
                % {"label": one.label, "answer": one.shown_when_answer},
            )
