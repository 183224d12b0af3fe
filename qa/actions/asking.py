"""Ask a question, once per client id; withdraw it while it waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, clock, rows
from engagements.models import Registration, RoleCategory
from engagements.refusals import NotAllowed, Refused
from qa import detection, events, queries, states
from qa.actions import clocking, gating, merging
from qa.actions.limits import Limits
from qa.models import Question
from qa.queries.wishes import with_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from qa.models import Floor

COLUMNS = [field.attname for field in Question._meta.concrete_fields if not field.primary_key]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question as it is sent: `by` is a registration's id, `text` comes clean from `AskForm`.

    `language` is the code of the one that the asker names, "" for none.
    """

    by: int
    text: str
    client_id: UUID
    with_name: bool = False
    wants_answer: bool = False
    language: str = ""

    @property
    def key(self) -> tuple[int, UUID]:
        return self.by, self.client_id


def ask(floor: Floor, *, by: Registration, **asked: Any) -> Question:
    """Store a question, waiting for a moderator: `asked` is what `Ask` holds. See `ask_all`; a
    refusal is raised."""
    outcome = ask_all(floor.pk, [Ask(by.pk, **asked)])[0]
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


@transaction.atomic
def ask_all(floor_id: int, asks: Sequence[Ask]) -> list[Question | Refused]:
    """Store questions in this order, in one transaction; each is stored or refused for itself.

    The same client id again gives the question that is stored already, unchanged: whoever missed
    the acknowledgement may send again for ever. Refuses who is not admitted, a closed floor, and
    what `Limits` refuse. The floor's clock is looked at first, under the lock. Writes the
    questions, their events and audit rows. All or nothing where the database fails.
    """
    floor = events.lock(floor_id)
    now = clock.now()
    clocking.advance(floor, now)
    return take_in(Intake(floor, asks, now), asks)


def take_in(desk: Intake, asks: Sequence[Ask]) -> list[Question | Refused]:
    """Store what the intake takes of these, within the caller's transaction."""
    outcomes = [desk.take(one) for one in asks]
    if desk.taken:
        insert(desk.floor, desk.taken)
        events.append_questions(desk.floor, desk.taken)
        audit.record_all(
            "question.asked",
            [
                (one, audit.registration(one.asker_id), {"text": audit.digest(one.text)})
                for one in desk.taken
            ],
            engagement=desk.floor.engagement,
        )
    return outcomes


def insert(floor: Floor, questions: Sequence[Question]) -> None:
    """Store numbered questions and give them their keys. The floor must come from `events.lock`,
    and the numbers must follow its last without a gap, in order. A language that nobody has named
    is detected."""
    for question in questions:
        detect(question)
    gating.examine(floor, questions)
    rows.insert(Question, COLUMNS, [[vars(one)[name] for name in COLUMNS] for one in questions])
    keys = dict(
        floor.questions.filter(number__gt=floor.last_question_number).values_list("number", "pk")
    )
    for question in questions:
        question.pk = keys[question.number]
    floor.last_question_number = questions[-1].number
    gating.record_findings(questions)


def detect(question: Question) -> None:
    """Which language its words are in, unless a person has said so; without the model, nothing."""
    if question.language_from in {"", Question.LanguageFrom.DETECTED} and not question.language:
        question.language = detection.language_of(question.text)
        question.language_from = Question.LanguageFrom.DETECTED if question.language else ""


class Intake:
    """Decides about a batch with what a few queries tell of all of it."""

    source = Question.Source.LIVE

    def __init__(self, floor: Floor, asks: Sequence[Ask], now: datetime) -> None:
        self.floor = floor
        self.taken: list[Question] = []
        self.now = now
        self._admitted = queries.admitted(floor, {one.by for one in asks})
        self._categories = RoleCategory.objects.in_bulk(set(self._admitted.values()))
        self._stored = _stored(floor, asks)
        self._limits = Limits.of(floor, list(self._admitted), now)
        self._names = _names(floor, asks)
        wishing = {one.by for one in asks if one.wants_answer}
        self._with_address = with_address(wishing) if wishing else set()

    def take(self, one: Ask) -> Question | Refused:
        category = self._admitted.get(one.by)
        if category is None:
            return NotAllowed("not_admitted", _("Your link no longer opens this room."))
        if one.key in self._stored:
            return self._stored[one.key]
        refusal = self.shut() or self._limits.refusal(one.by)
        if refusal is not None:
            return refusal
        self._limits.took(one.by)
        question = self._stored[one.key] = Question(
            floor=self.floor,
            number=self.floor.last_question_number + len(self.taken) + 1,
            asker_id=one.by,
            asker_name=self._names.get(one.by, "") if self._is_named(one) else "",
            category=self._categories[category],
            label=self.floor.current_label,
            client_id=one.client_id,
            text=one.text,
            original_text=one.text,
            language=one.language,
            language_from=Question.LanguageFrom.ASKER if one.language else "",
            wants_answer=one.wants_answer and one.by in self._with_address,
            source=self.source,
            asked_at=self.now,
        )
        self.taken.append(question)
        return question

    def shut(self) -> Refused | None:
        """Why nobody may ask now; None while the floor is open."""
        return None if self.floor.is_open else Refused("floor_closed", _closed(self.floor))

    def _is_named(self, one: Ask) -> bool:
        if self.floor.attribution == states.OWN_CHOICE:
            return one.with_name
        return self.floor.attribution == states.NAMED


def _closed(floor: Floor) -> str:
    if floor.state == states.FLOOR_VOTING_ONLY:
        return _("Only votes are taken at the moment. Your question was not saved.")
    return _("The floor is closed. Your question was not saved.")


def _names(floor: Floor, asks: Sequence[Ask]) -> dict[int, str]:
    """Read only where others may read who asked."""
    if floor.attribution == states.ANONYMOUS:
        return {}
    return dict(
        Registration.objects.filter(pk__in={one.by for one in asks}).values_list("pk", "name")
    )


def _stored(floor: Floor, asks: Iterable[Ask]) -> dict[tuple[int, UUID], Question]:
    """By client ids alone, which an index finds one by one; the floor would be read whole."""
    found = Question.objects.filter(client_id__in={one.client_id for one in asks})
    return {
        (question.asker_id, question.client_id): question
        for question in found.described()
        if question.floor_id == floor.pk
        and question.asker_id is not None
        and question.client_id is not None
    }


@transaction.atomic
def withdraw(floor: Floor, *, by: Registration, number: int) -> Question:
    """The asker takes a question back. Only while it waits; its number stays, and the log tells
    its words no longer."""
    locked = events.lock(floor.pk)
    if by.pk not in queries.admitted(locked, {by.pk}):
        raise NotAllowed("not_admitted", _("Your link no longer opens this room."))
    question = locked.questions.described().filter(asker=by.pk, number=number).first()
    if question is None:
        raise NotAllowed("unknown_question", _("There is no such question of yours."))
    if question.state != states.WAITING:
        raise Refused(
            "not_waiting",
            _("This question is %(state)s and can no longer be withdrawn.")
            % {"state": question.get_state_display()},
        )
    question.state, question.outcome = states.WITHDRAWN, states.NO_OUTCOME
    question.revision += 1
    question.save(update_fields=["state", "outcome", "revision"])
    question.translations.all().delete()
    events.forget(locked, [number])
    events.append_question(locked, question, act="question.withdrawn")
    audit.record("question.withdrawn", question, by=by, engagement=locked.engagement)
    merging.release(locked, question, by)
    return question
