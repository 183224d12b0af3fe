"""What every change of a question by the office goes through. Nobody's is overwritten unseen.

A moderator works upon a question as she saw it: `seen` is the revision on her page. When somebody
was first, she is refused with the code "decided" and told who did it, and when.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from engagements import audit, clock, rows
from engagements.refusals import NotAllowed, Refused
from qa import events, rules, states
from qa.models import FloorEvent, Question

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engagements.models import User
    from qa.models import Floor

DECISIONS: Final = frozenset(
    f"question.{what}"
    for what in (
        states.SHOWN,
        states.HELD,
        states.DISMISSED,
        "diverted",
        states.MERGED,
        *states.OUTCOMES,
    )
)
"""Acts after which the question's state is what was decided; others changed something of it."""

COLUMNS: Final = {field.name: field.attname for field in Question._meta.concrete_fields}


class Change(NamedTuple):
    """What becomes of a question: see `store`."""

    act: str
    values: dict[str, Any]
    decides: bool = True


def lock(floor: Floor, by: User) -> Floor:
    """The locked floor, for who moderates it."""
    if not rules.may_moderate(by, floor.engagement):
        raise NotAllowed("not_allowed", _("You do not moderate this engagement."))
    return events.lock(floor.pk)


def pick(locked: Floor, number: int, seen: int) -> Question:
    """The question, if it still is as the moderator saw it."""
    return unchanged(locked.questions.described().filter(number=number).first(), seen)


def pick_all(locked: Floor, numbers: Iterable[int]) -> dict[int, Question]:
    """Those that there are, by number."""
    found = locked.questions.described().filter(number__in=set(numbers))
    return {question.number: question for question in found}


def unchanged(found: Question | None, seen: int) -> Question:
    question = _known(found)
    if question.revision != seen:
        raise Refused("decided", already_decided(question))
    return question


def find(floor: Floor, number: int) -> Question:
    return _known(floor.questions.described().filter(number=number).first())


def _known(question: Question | None) -> Question:
    if question is None:
        raise NotAllowed("unknown_question", _("There is no question with this number."))
    return question


def take(floor: Floor, by: User, number: int, seen: int) -> tuple[Floor, Question]:
    """Both, for one question: within a transaction, before anything is written."""
    locked = lock(floor, by)
    return locked, pick(locked, number, seen)


def store(
    floor: Floor, question: Question, by: User, action: str, *, decides: bool = True, **changes: Any
) -> Question:
    """Write `changes` into the row, with the event and the record of the audit named `action`.

    `floor` comes from `lock`. `decides` is whether its state or outcome is what changes: only
    then it says who decided.
    """
    was_shown = question.is_shown
    if decides:
        changes |= {"decided_by": by, "decided_at": clock.now()}
    changes["revision"] = question.revision + 1
    changed = Question.objects.filter(pk=question.pk, revision=question.revision).update(**changes)
    if not changed:
        raise Refused("decided", already_decided(question))
    for field, value in changes.items():
        setattr(question, field, value)
    events.append_question(floor, question, act=action, by=by, was_shown=was_shown)
    audit.record(
        action, question, by=by, engagement=floor.engagement, text=audit.digest(question.text)
    )
    return question


class Batch:
    """The same change of many questions that were read on a locked floor, as `store` makes it of
    one: a few queries for all of them."""

    def __init__(self, floor: Floor, by: User) -> None:
        self.floor, self.by = floor, by
        self.done: list[Question] = []
        self._fields: dict[str, None] = {}
        self._shown_before: set[int] = set()
        self._act = ""

    def put(self, question: Question, change: Change) -> None:
        """Set it on the question, once; `write` writes it."""
        self._act = change.act
        if question.is_shown:
            self._shown_before.add(question.number)
        values = dict(change.values)
        if change.decides:
            values |= {"decided_by": self.by, "decided_at": clock.now()}
        values["revision"] = question.revision + 1
        for field, value in values.items():
            setattr(question, field, value)
        self._fields |= dict.fromkeys(values)
        self.done.append(question)

    def write(self) -> None:
        if not self.done:
            return
        columns = [COLUMNS[field] for field in self._fields]
        rows.update(
            Question,
            columns,
            [[*(getattr(one, column) for column in columns), one.pk] for one in self.done],
        )
        events.append_questions(
            self.floor, self.done, act=self._act, by=self.by, shown_before=self._shown_before
        )
        audit.record_all(
            self._act,
            [(one, self.by, {"text": audit.digest(one.text)}) for one in self.done],
            engagement=self.floor.engagement,
        )


def unmarked(question: Question, state: str) -> str:
    """The outcome in this state as long as nobody marks another: a published answer stands."""
    is_answered = question.has_answer and question.answer.is_published
    if is_answered and state in states.ANSWERABLE:
        return states.ANSWERED_IN_WRITING
    return states.NO_OUTCOME


def told_anew(floor: Floor, question: Question) -> dict[str, Any]:
    """Votes of a question that comes back: the room forgot it, and is told its count by a mark."""
    if not question.votes:
        return {}
    floor.vote_mark += 1
    events.votes_changed(floor)
    return {"vote_mark": floor.vote_mark}


def last_event(question: Question) -> FloorEvent | None:
    """What was last done to it: `payload` says which `act`, and `by` whom of the office."""
    told = FloorEvent.objects.filter(floor=question.floor_id, question_number=question.number)
    return told.order_by("-number").first()


def already_decided(question: Question) -> str:
    """Who was first, and when, in words."""
    last = last_event(question)
    by = last.payload.get("by") if last else None
    if question.state == states.WITHDRAWN and not by:
        return _("The asker has withdrawn question %(number)d.") % {"number": question.number}
    if last is None or not by:
        return _("Question %(number)d has changed since you saw it.") % {"number": question.number}
    said = {
        "name": by["name"],
        "number": question.number,
        "time": date_format(question.floor.engagement.local(last.at), "g:i:s a"),
        "state": question.get_state_display(),
    }
    if last.payload.get("act") in DECISIONS:
        return _("%(name)s decided about question %(number)d at %(time)s: %(state)s.") % said
    return _("At %(time)s %(name)s changed question %(number)d.") % said
