"""The questions of an engagement as they may leave the house: no query here reads who asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from django.conf import settings
from django.db.models import Case, F, Max, Value, When
from django.utils.translation import gettext as _

from engagements.models import Office, RoleCategory
from engagements.queries import joined_by_category
from qa import forwarded, states
from qa.forwarded import ListFacts, ListRow
from qa.models import ForwardedQuestion, Label, Question, Translation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from engagements.models import Agency, Engagement
    from qa.models import Forwarding

LEAST_OF_CATEGORY: Final = 5
"""Attendees who must share a role category before it travels with a question (record 13)."""

NO_LABEL: Final = 0
"""Stands among chosen labels for questions that have none."""

CHOOSABLE: Final = (
    states.ANSWERED_LIVE,
    states.ANSWERED_IN_WRITING,
    states.FOLLOW_UP,
    states.SHOWN,
    states.WAITING,
    states.HELD,
    states.DISMISSED,
)
"""By what a list can be narrowed, in the order of its first sheet. What is merged goes where the
question goes that it was merged into, and what was withdrawn has nothing to choose by."""

_WITHDRAWN: Final = states.WITHDRAWN
_NOWHERE: Final = datetime(1970, 1, 1, tzinfo=UTC)


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
        return states.listed_as(self.state, self.outcome)


class ForwardedCategory(NamedTuple):
    """A role category, and whether it travels with the questions of a list."""

    label: str
    people: int
    """Who joined."""
    questions: int
    travels: bool
    is_stated: bool


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


@dataclass(frozen=True)
class CompiledList:
    """A list as it would leave the house now."""

    facts: ListFacts
    rows: list[ListRow]
    keys: dict[int, int]
    """Number of a question to its key."""
    categories: list[ForwardedCategory]

    @property
    def digest(self) -> str:
        return forwarded.digest(self.facts, self.rows)

    @property
    def mark(self) -> str:
        """The same for as long as the list would say the same, whenever it is looked at."""
        return forwarded.digest(replace(self.facts, frozen_at=_NOWHERE), self.rows)[:32]

    @property
    def left_out(self) -> int:
        return self.facts.received - self.facts.questions


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
        if question.state != _WITHDRAWN and selection.takes(_root(question, by_number))
    ]


def compile_list(
    engagement: Engagement,
    *,
    at: datetime,
    draft: Forwarding | None = None,
    number: int | None = None,
    former: Forwarding | None = None,
) -> CompiledList:
    """What a list says as things are. Without a draft it is a copy of everything.

    `number` and `former`, the list in force that it will supersede, are those of a list that is
    about to be sent.
    """
    received = outgoing_questions(engagement)
    selection = Selection.of(draft) if draft else Selection()
    listed = chosen(received, selection)
    categories = _categories(engagement, listed)
    shared = {key: one.label for key, one in categories.items() if one.travels}
    translations = _translations(listed)
    by_number = {question.number: question for question in received}
    rows = [
        _row(question, _root(question, by_number).number, shared, translations)
        for question in listed
    ]
    facts = _facts(engagement, draft.agency if draft else engagement.agency, received, rows)
    facts = replace(
        facts,
        frozen_at=at,
        forwarding_number=number,
        joined=sum(one.people for one in categories.values()) or None,
        merged_categories=sum(
            one.questions for one in categories.values() if one.is_stated and not one.travels
        ),
    )
    if draft is not None:
        facts = replace(
            facts,
            due_on=draft.due_on,
            cover_note=draft.cover_note,
            chosen_labels=tuple(labels_in_words(engagement, draft.chosen_labels)),
            chosen_states=tuple(key for key in CHOOSABLE if key in selection.states),
        )
    if former is not None:
        facts = replace(
            facts,
            supersedes=former.number,
            changes=forwarded.changes(frozen_rows(former), rows),
        )
    return CompiledList(
        facts, rows, {one.number: one.pk for one in listed}, list(categories.values())
    )


def next_list(draft: Forwarding, *, at: datetime) -> CompiledList:
    """The draft as it would be sealed at this moment, against the list that it would supersede."""
    return compile_list(
        draft.engagement,
        at=at,
        draft=draft,
        number=1 + (draft.engagement.forwardings.aggregate(last=Max("number"))["last"] or 0),
        former=in_force(draft.engagement, draft.agency),
    )


def in_force(engagement: Engagement, agency: Agency) -> Forwarding | None:
    return engagement.forwardings.filter(agency=agency, state=states.FORWARDING_SENT).first()


def frozen_rows(forwarding: Forwarding) -> list[ListRow]:
    """The rows of a sealed list, as they were frozen."""
    return [frozen_row(question) for question in forwarding.questions.order_by("number")]


def frozen_row(question: ForwardedQuestion) -> ListRow:
    if question.status == _WITHDRAWN:
        return ListRow(number=question.number, is_withdrawn=True, status=_WITHDRAWN)
    return ListRow(
        number=question.number,
        text=question.text,
        original_text=question.original_text,
        asked_at=question.asked_at,
        label=question.label,
        category=question.category,
        votes=question.votes,
        times_asked=question.times_asked,
        merged_into=question.merged_into,
        status=question.status,
        reason=question.reason,
        language=question.language,
        translation=question.translation,
        translation_kind=question.translation_kind,
    )


def labels_in_words(engagement: Engagement, keys: Collection[int]) -> list[str]:
    """Names of labels in the order of the agenda; those that are gone are left out."""
    names = [label.name for label in Label.objects.filter(engagement=engagement, pk__in=keys)]
    return [*names, _("No label")] if NO_LABEL in keys else names


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


def status_counts(received: Iterable[OutgoingQuestion]) -> Counter[str]:
    """By what a list can be narrowed: the questions that stand for themselves."""
    return Counter(one.status for one in _standing(received))


def _standing(received: Iterable[OutgoingQuestion]) -> list[OutgoingQuestion]:
    return [one for one in received if one.state not in {states.MERGED, _WITHDRAWN}]


def _unless_withdrawn(column: str) -> Case:
    return Case(When(state=_WITHDRAWN, then=Value("")), default=F(column))


def _root(question: OutgoingQuestion, by_number: dict[int, OutgoingQuestion]) -> OutgoingQuestion:
    while question.merged_into is not None:
        question = by_number[question.merged_into]
    return question


def _categories(
    engagement: Engagement, listed: Iterable[OutgoingQuestion]
) -> dict[int, ForwardedCategory]:
    """Of those who joined and of the listed questions, in table order."""
    people = {category.pk: number for category, number in joined_by_category(engagement)}
    asked = Counter(one.category for one in listed if one.category and one.state != _WITHDRAWN)
    found = RoleCategory.objects.filter(pk__in=people.keys() | asked.keys())
    return {
        category.pk: ForwardedCategory(
            label=category.label,
            people=people.get(category.pk, 0),
            questions=asked[category.pk],
            travels=people.get(category.pk, 0) >= LEAST_OF_CATEGORY
            and category.kind != RoleCategory.Kind.NOT_STATED,
            is_stated=category.kind != RoleCategory.Kind.NOT_STATED,
        )
        for category in found
    }


def _translations(listed: Iterable[OutgoingQuestion]) -> dict[int, tuple[str, str]]:
    """Text and kind of those into the language of the list, by the key of the question."""
    keys = [one.pk for one in listed if one.state != _WITHDRAWN and one.language]
    if not keys:
        return {}
    first, last = min(keys), max(keys)
    found = Translation.objects.filter(
        question__range=(first, last), language=settings.LANGUAGE_CODE.partition("-")[0]
    ).values_list("question", "text", "kind")
    wanted = set(keys)
    return {key: (text, kind) for key, text, kind in found if key in wanted}


def _row(
    question: OutgoingQuestion,
    stands_for: int,
    shared: dict[int, str],
    translations: dict[int, tuple[str, str]],
) -> ListRow:
    if question.state == _WITHDRAWN:
        return ListRow(number=question.number, is_withdrawn=True, status=_WITHDRAWN)
    text, kind = translations.get(question.pk, ("", ""))
    return ListRow(
        number=question.number,
        text=question.text,
        original_text=question.original_text if question.original_text != question.text else "",
        asked_at=question.asked_at.astimezone(UTC).replace(second=0, microsecond=0),
        label=question.label_name or "",
        category=shared.get(question.category, "") if question.category else "",
        votes=question.votes,
        times_asked=question.people,
        merged_into=stands_for if stands_for != question.number else None,
        status=question.status,
        reason=question.reason if question.state == states.DISMISSED else "",
        language=question.language,
        translation=text,
        translation_kind=kind,
    )


def _facts(
    engagement: Engagement,
    agency: Agency,
    received: Sequence[OutgoingQuestion],
    rows: Sequence[ListRow],
) -> ListFacts:
    office = Office.current()
    withdrawn = sum(row.is_withdrawn for row in rows)
    return ListFacts(
        department=office.department,
        office=office.name,
        engagement_title=engagement.full_title,
        kind=engagement.get_kind_display(),
        held_on=engagement.held_on,
        agency=agency.name,
        agency_short=agency.short_name,
        frozen_at=_NOWHERE,
        time_zone=engagement.time_zone,
        received=sum(one.state != _WITHDRAWN for one in received),
        questions=len(rows) - withdrawn,
        withdrawn=withdrawn,
        least_of_category=LEAST_OF_CATEGORY,
    )
