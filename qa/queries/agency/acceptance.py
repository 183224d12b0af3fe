"""What the agency has answered, as the office reads it before it accepts and publishes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db.models import Count, OuterRef, Prefetch, Q, Subquery

from qa import states
from qa.differences import differences
from qa.models import AgencyAnswer, ForwardedQuestion, PublishedAnswer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from django.db.models import QuerySet

    from engagements.models import Engagement

REACHED_OFFICE: Final = (
    states.ANSWER_SUBMITTED,
    states.ANSWER_ACCEPTED,
    states.ANSWER_RETURNED,
    states.ANSWER_PUBLISHED,
)
"""What an agency has not submitted is its own affair, and the office does not read it."""


class AnswerRow(NamedTuple):
    """An answer beside the question as the agency got it and as it stands now."""

    answer: AgencyAnswer
    forwarded: ForwardedQuestion | None
    published: PublishedAnswer | None
    changes: list[Any]
    """Against what is published, in pieces; empty where nothing is or nothing differs."""

    @property
    def read(self) -> str:
        """Names the answer in the revision that the page shows."""
        return f"{self.answer.pk}:{self.answer.revision}"

    @property
    def is_edited_since(self) -> bool:
        return self.forwarded is not None and self.forwarded.text != self.answer.question.text


def answers_of(engagement: Engagement, wanted: Collection[str] = ()) -> QuerySet[AgencyAnswer]:
    """Answers that reached the office, by number, in these states or in all."""
    latest = PublishedAnswer.objects.order_by("-number")
    return (
        AgencyAnswer.objects.filter(
            question__floor__engagement=engagement, state__in=wanted or REACHED_OFFICE
        )
        .select_related("agency", "question__label", "question__merged_into", "submitted_by")
        .select_related("decided_by")
        .prefetch_related(Prefetch("published", latest, to_attr="out"))
        .order_by("question__number", "pk")
    )


def counts_by_state(engagement: Engagement) -> dict[str, int]:
    found = AgencyAnswer.objects.filter(
        question__floor__engagement=engagement, state__in=REACHED_OFFICE
    )
    counts = dict(found.order_by().values_list("state").annotate(Count("pk")))
    return {state: counts.get(state, 0) for state in REACHED_OFFICE}


def rows_of(answers: Iterable[AgencyAnswer]) -> list[AnswerRow]:
    """With what the agency read and what is public; a constant number of queries."""
    shown = list(answers)
    forwarded = _as_forwarded(shown)
    return [_row(answer, forwarded.get((answer.agency_id, answer.question_id))) for answer in shown]


def as_read(engagement: Engagement, read: Mapping[int, int]) -> list[AgencyAnswer]:
    """The answers of this engagement among those, with the revision that somebody has read."""
    found = list(answers_of(engagement).filter(pk__in=read))
    for answer in found:
        answer.revision = read[answer.pk]
    return found


def _row(answer: AgencyAnswer, forwarded: ForwardedQuestion | None) -> AnswerRow:
    out = answer.out[0] if answer.out else None  # type: ignore[attr-defined]  # prefetched
    differs = out is not None and out.text != answer.text and not out.is_withheld
    changes = differences(out.text, answer.text) if out and differs else []
    return AnswerRow(answer, forwarded, out, changes)


def _as_forwarded(
    answers: Collection[AgencyAnswer],
) -> dict[tuple[int, int], ForwardedQuestion]:
    """The words of each question on the last list of its agency that has it."""
    newest = ForwardedQuestion.objects.filter(
        Q(forwarding__state__in=states.REACHED_AGENCY),
        forwarding__agency=OuterRef("forwarding__agency"),
        question=OuterRef("question"),
    ).order_by("-forwarding__sent_at", "-pk")
    found = ForwardedQuestion.objects.filter(
        question__in=[one.question_id for one in answers], pk=Subquery(newest.values("pk")[:1])
    ).select_related("forwarding")
    return {(one.forwarding.agency_id, one.question_id): one for one in found}
