"""What a list for an agency says, as things are. Stores nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from django.db.models import Max

from engagements.models import Office, RoleCategory
from engagements.queries import joined_by_category
from qa import forwarded, states
from qa.forwarded import ListFacts, ListRow
from qa.models import Translation
from qa.models.question import digest_of
from qa.queries.agency.frozen import frozen_rows, in_force
from qa.queries.agency.outgoing import (
    CHOOSABLE,
    Selection,
    chosen,
    labels_in_words,
    outgoing_questions,
    root,
)
from qa.queries.translations import HOUSE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engagements.models import Agency, Engagement
    from qa.models import Forwarding
    from qa.queries.agency.outgoing import OutgoingQuestion

LEAST_OF_CATEGORY: Final = 5
"""Attendees who must share a role category before it travels with a question (record 13)."""

_NOWHERE: Final = datetime(1970, 1, 1, tzinfo=UTC)


class ForwardedCategory(NamedTuple):
    """A role category, and whether it travels with the questions of a list."""

    label: str
    people: int
    """Who joined."""
    questions: int
    travels: bool
    is_stated: bool


@dataclass(frozen=True)
class CompiledList:
    """A list as it would leave the house now."""

    facts: ListFacts
    rows: list[ListRow]
    keys: dict[int, int]
    """Number of a question to its key."""
    categories: list[ForwardedCategory]

    @cached_property
    def digest(self) -> str:
        return forwarded.digest(self.facts, self.rows)

    @cached_property
    def mark(self) -> str:
        """The same for as long as the list would say the same, whenever it is looked at."""
        return forwarded.digest(replace(self.facts, frozen_at=_NOWHERE), self.rows)[:32]

    @property
    def left_out(self) -> int:
        return self.facts.received - self.facts.questions


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
    translations = _translations(engagement, listed)
    by_number = {question.number: question for question in received}
    rows = [
        _row(question, root(question, by_number).number, shared, translations)
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


def _categories(
    engagement: Engagement, listed: Iterable[OutgoingQuestion]
) -> dict[int, ForwardedCategory]:
    """Of those who joined and of the listed questions, in table order."""
    people = {category.pk: number for category, number in joined_by_category(engagement)}
    asked = Counter(
        one.category for one in listed if one.category and one.state != states.WITHDRAWN
    )
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


def _translations(
    engagement: Engagement, listed: Iterable[OutgoingQuestion]
) -> dict[int, tuple[str, str]]:
    """Text and kind of those that translate what is read now, by the key of the question."""
    texts = {one.pk: one.text for one in listed if one.state != states.WITHDRAWN}
    found = Translation.objects.filter(
        question__floor__engagement=engagement, language=HOUSE
    ).values_list("question", "text", "kind", "made_of")
    return {
        key: (text, kind)
        for key, text, kind, made_of in found
        if key in texts and made_of == digest_of(texts[key])
    }


def _row(
    question: OutgoingQuestion,
    stands_for: int,
    shared: dict[int, str],
    translations: dict[int, tuple[str, str]],
) -> ListRow:
    if question.state == states.WITHDRAWN:
        return ListRow(number=question.number, is_withdrawn=True, status=states.WITHDRAWN)
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
        received=sum(one.state != states.WITHDRAWN for one in received),
        questions=len(rows) - withdrawn,
        withdrawn=withdrawn,
        least_of_category=LEAST_OF_CATEGORY,
    )
