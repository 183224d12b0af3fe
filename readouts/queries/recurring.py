"""Questions that are asked again: what somebody recognized, and what may be the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef, Prefetch

from engagements import states as engagement_states
from engagements.queries import engagements_of
from qa import likeness, semantics, states
from qa.models import Question
from qa.queries import agency_says, is_forwarded
from readouts import recurrence
from readouts.models import Recurrence, RecurringQuestion
from readouts.recurrence import Asked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import QuerySet

    from engagements.models import Engagement, User

MOST: Final = 50_000
"""Questions that are looked through at once, the latest."""

MOST_LIKE: Final = 20

LOOKED_AT: Final = 60
"""Of these that share most words with a text, what means the same is looked for."""

ANSWERED: Final = frozenset({states.ANSWERED_LIVE, states.ANSWERED_IN_WRITING})


@dataclass
class Occurrence:
    """A question of an engagement, and whether it was answered there."""

    question: Question
    engagement: Engagement
    recurrence: Recurrence | None = None
    is_forwarded: bool = False
    is_answered: bool = False
    """By the office or by an agency. What was merged into another is answered with that one."""


@dataclass
class AskedAgain:
    """A recurring question with the occurrences that the reader may see."""

    recurring: RecurringQuestion
    occurrences: list[Occurrence] = field(default_factory=list)

    @property
    def engagements(self) -> int:
        return len({one.engagement.pk for one in self.occurrences})

    @property
    def unanswered(self) -> int:
        """Engagements at which none of its occurrences was answered."""
        answered = {one.engagement.pk for one in self.occurrences if one.is_answered}
        return self.engagements - len(answered)

    @property
    def last_on(self) -> date:
        return max(one.engagement.held_on for one in self.occurrences)


@dataclass(frozen=True)
class Suggestion:
    """Questions of several engagements that may be the same, or the same as a recurring one."""

    occurrences: list[Occurrence]
    percent: int
    recurring: RecurringQuestion | None = None


def asked_again(user: User, *, words: str = "") -> list[AskedAgain]:
    """What was recognized, the most widespread and least answered first."""
    found = [one for one in _recognized(user) if words.casefold() in one.recurring.text.casefold()]
    return sorted(
        found, key=lambda one: (-one.engagements, -one.unanswered, one.recurring.text.casefold())
    )


def recurring_question(user: User, pk: int) -> AskedAgain | None:
    """With its occurrences, the latest first; None where none of them may be seen."""
    found = next(iter(_recognized(user, pk=pk)), None)
    if found is not None:
        found.occurrences.sort(key=lambda one: one.engagement.starts_at, reverse=True)
    return found


def engagements_to_look_at(user: User) -> list[Engagement]:
    """Over, with questions, the latest first."""
    rows = _over(user).filter(Exists(Question.objects.filter(floor__engagement=OuterRef("pk"))))
    return list(rows.select_related("series"))


def suggestions(user: User, engagement: Engagement) -> list[Suggestion]:
    """Questions of this engagement that may have been asked at others, the most widespread first.

    What is recognized already is left out, but for what a new question may join.
    """
    asked, _taken = _texts(user)
    groups = recurrence.groups(asked, of=engagement.pk)
    known = _occurrences(user, [key for group in groups for key in group.keys])
    found = (
        _suggested([known[key] for key in group.keys if key in known], group.likeness)
        for group in groups
    )
    return [suggestion for suggestion in found if suggestion is not None]


def more_like(user: User, recurring: RecurringQuestion) -> list[tuple[Occurrence, int]]:
    """Questions that nobody has recognized yet and that may be this one, with the percent."""
    asked, taken = _texts(user)
    free = [one for one in asked if one.key not in taken]
    near = dict(recurrence.nearest(recurring.text, free, most=MOST_LIKE))
    among = likeness.nearest(recurring.text, [(one.key, one.text) for one in free], most=LOOKED_AT)
    for key, alike in semantics.likely(recurring.text, among, most=MOST_LIKE):
        near[key] = max(alike, near.get(key, 0.0))
    best = sorted(near, key=lambda key: (-near[key], key))[:MOST_LIKE]
    known = _occurrences(user, best)
    return [(known[key], round(100 * near[key])) for key in best if key in known]


def _suggested(members: list[Occurrence], alike: float) -> Suggestion | None:
    """What is new about a group: it joins the one recurring question in it, or makes the first."""
    new = [one for one in members if one.recurrence is None]
    recurring = {one.recurrence.recurring for one in members if one.recurrence is not None}
    spread = {one.engagement.pk for one in (members if recurring else new)}
    if not new or len(spread) < 2:
        return None
    new.sort(key=lambda one: (one.engagement.starts_at, -one.question.number), reverse=True)
    joins = min(recurring, key=lambda one: one.pk) if recurring else None
    return Suggestion(new, round(100 * alike), joins)


def _texts(user: User) -> tuple[list[Asked], set[int]]:
    """What may be compared, and the keys of those that are recognized already.

    No withdrawn, merged or redacted question, and none in which an identifier is not decided about.
    """
    rows = (
        Question.objects.filter(
            floor__engagement__in=_over(user), is_redacted=False, open_findings=[]
        )
        .exclude(state__in=[states.WITHDRAWN, states.MERGED])
        .annotate(is_taken=Exists(Recurrence.objects.filter(question=OuterRef("pk"))))
        .order_by("-pk")
        .values_list("pk", "floor__engagement", "text", "is_taken")[:MOST]
    )
    found = list(rows)
    asked = [Asked(pk, engagement, text) for pk, engagement, text, _is_taken in found]
    return asked, {pk for pk, _engagement, _text, is_taken in found if is_taken}


def _over(user: User) -> QuerySet[Engagement]:
    return engagements_of(user).filter(is_rehearsal=False, state__in=engagement_states.OVER)


def _questions() -> QuerySet[Question]:
    return Question.objects.select_related(
        "merged_into__merged_into", "floor__engagement__series", "floor__engagement__agency"
    ).prefetch_related("floor__engagement__memberships")


def questions_of(user: User, keys: list[int]) -> list[Question]:
    """Those of these questions that somebody may remember; see `_texts`."""
    rows = _questions().filter(pk__in=keys, floor__engagement__in=_over(user))
    return list(rows.order_by("pk"))


def _occurrences(user: User, keys: list[int]) -> dict[int, Occurrence]:
    rows = _questions().filter(pk__in=keys, floor__engagement__in=_over(user))
    found = {
        one.pk: Occurrence(one, one.floor.engagement, getattr(one, "recurrence", None))
        for one in rows.select_related("recurrence__recurring")
    }
    _mark_answered(found.values())
    return found


def _mark_answered(occurrences: Iterable[Occurrence]) -> None:
    kept = {one.question.pk: one.question.stands_for for one in occurrences}
    asked = Question.objects.filter(pk__in={one.pk for one in kept.values()})
    said = set(
        asked.annotate(agency_says=agency_says())
        .filter(agency_says=states.ANSWERED_BY_AGENCY)
        .values_list("pk", flat=True)
    )
    for one in occurrences:
        root = kept[one.question.pk]
        is_ours = root.outcome in ANSWERED or root.pk in said
        one.is_answered = root.state in states.ANSWERABLE and is_ours


def _recognized(user: User, *, pk: int | None = None) -> list[AskedAgain]:
    rows = Recurrence.objects.filter(question__floor__engagement__in=_over(user))
    rows = rows.exclude(question__state=states.WITHDRAWN)
    if pk is not None:
        # By the key itself: a number from an address that no database holds then finds nothing.
        rows = rows.filter(recurring__pk=pk)
    rows = rows.select_related("recurring", "recognized_by")
    questions = _questions().annotate(is_forwarded=is_forwarded())
    found: dict[int, AskedAgain] = {}
    for row in rows.prefetch_related(Prefetch("question", questions)):
        again = found.setdefault(row.recurring_id, AskedAgain(row.recurring))
        again.occurrences.append(
            Occurrence(
                row.question,
                row.question.floor.engagement,
                row,
                is_forwarded=bool(getattr(row.question, "is_forwarded", False)),
            )
        )
    _mark_answered([one for again in found.values() for one in again.occurrences])
    return list(found.values())
