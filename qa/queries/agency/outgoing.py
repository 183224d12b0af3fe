"""The questions of an engagement as they may leave the house: no query here reads who asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from django.db.models import Case, F, Value, When
from django.utils.translation import gettext as _

from qa import states
from qa.files.agency import statuses
from qa.models import Label, Question

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from engagements.models import Engagement
    from qa.models import Forwarding

NO_LABEL: Final = 0
"""Stands among chosen labels for questions that have none."""

CHOOSABLE: Final = tuple(
    key for key in statuses.STATUSES if key not in {states.MERGED, states.WITHDRAWN}
)
"""By what a list can be narrowed, in the order of its first sheet. What is merged goes where the
question goes that it was merged into, and what was withdrawn has nothing to choose by."""


class OutgoingQuestion(NamedTuple):
    """A question as an agency may read it: there is no field for who asked."""

    pk: int
    number: int
    text: str
    original_text: str
    asked_at: datetime
    label: int | None
    label_name: str | None
    category: int | None
    votes: int
    people: int
    merged_into: int | None
    """Number of the question that it was merged into, which may be merged itself."""
    state: str
    outcome: str
    reason: str
    language: str

    @property
    def status(self) -> str:
        return statuses.status_of(self.state, self.outcome)


@dataclass(frozen=True)
class Selection:
    """Which questions are chosen; empty for all."""

    labels: frozenset[int] = frozenset()
    states: frozenset[str] = frozenset()

    @classmethod
    def of(cls, forwarding: Forwarding) -> Selection:
        return cls(frozenset(forwarding.chosen_labels), frozenset(forwarding.chosen_states))

    @property
    def is_everything(self) -> bool:
        return not (self.labels or self.states)

    def takes(self, question: OutgoingQuestion) -> bool:
        by_label = not self.labels or (question.label or NO_LABEL) in self.labels
        return by_label and (not self.states or question.status in self.states)


def outgoing_questions(engagement: Engagement) -> list[OutgoingQuestion]:
    """All that were received, by number. Of a withdrawn one no word leaves the database."""
    found = (
        Question.objects.filter(floor__engagement=engagement, floor__engagement__is_rehearsal=False)
        .order_by("number")
        .values_list(
            "pk",
            "number",
            _unless_withdrawn("text"),
            _unless_withdrawn("original_text"),
            "asked_at",
            "label_id",
            "label__name",
            "category_id",
            "votes",
            "people",
            "merged_into__number",
            "state",
            "outcome",
            _unless_withdrawn("dismissal_text"),
            "language",
        )
    )
    return [OutgoingQuestion(*row) for row in found]


def chosen(questions: Sequence[OutgoingQuestion], selection: Selection) -> list[OutgoingQuestion]:
    """Those that stand on the list. A merged one is there with the question that stands for it.

    Numbers of withdrawn ones explain the gaps of a list of everything. One that is narrowed has
    gaps of its own, and they are not on it.
    """
    if selection.is_everything:
        return list(questions)
    by_number = {question.number: question for question in questions}
    return [
        question
        for question in questions
        if question.state != states.WITHDRAWN and selection.takes(root(question, by_number))
    ]


class Choice(NamedTuple):
    """One thing by which a list can be narrowed, and how many questions go with it."""

    key: str
    words: str
    questions: int


def label_choices(engagement: Engagement, received: Iterable[OutgoingQuestion]) -> list[Choice]:
    """Labels of the agenda, then that of none, with the questions that stand for themselves."""
    counts = Counter(one.label or NO_LABEL for one in _standing(received))
    labels = [(label.pk, label.name) for label in Label.objects.filter(engagement=engagement)]
    return [
        Choice(str(key), name, counts[key]) for key, name in [*labels, (NO_LABEL, _("No label"))]
    ]


def state_choices(received: Iterable[OutgoingQuestion], kept: Collection[str]) -> list[Choice]:
    """What became of questions that stand for themselves; also what is `kept` with none left."""
    counts = Counter(one.status for one in _standing(received))
    return [
        Choice(key, statuses.label(key), counts[key])
        for key in CHOOSABLE
        if counts[key] or key in kept
    ]


def states_in_words(keys: Iterable[str]) -> list[str]:
    return [statuses.label(key) for key in keys if key in CHOOSABLE]


def labels_in_words(engagement: Engagement, keys: Collection[int]) -> list[str]:
    """Names of labels in the order of the agenda; those that are gone are left out."""
    names = [label.name for label in Label.objects.filter(engagement=engagement, pk__in=keys)]
    return [*names, _("No label")] if NO_LABEL in keys else names


def root(question: OutgoingQuestion, by_number: dict[int, OutgoingQuestion]) -> OutgoingQuestion:
    """The question that stands for this one: itself, or that which it was merged into."""
    while question.merged_into is not None:
        question = by_number[question.merged_into]
    return question


def _standing(received: Iterable[OutgoingQuestion]) -> list[OutgoingQuestion]:
    return [one for one in received if one.state not in {states.MERGED, states.WITHDRAWN}]


def _unless_withdrawn(column: str) -> Case:
    return Case(When(state=states.WITHDRAWN, then=Value("")), default=F(column))
