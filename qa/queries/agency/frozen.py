"""Lists as they were sealed, and which of them is in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa import forwarded, states
from qa.forwarded import ListRow

if TYPE_CHECKING:
    from engagements.models import Agency, Engagement
    from qa.models import ForwardedQuestion, Forwarding


def draft_of(engagement: Engagement) -> Forwarding | None:
    """The list to its agency that is not sent yet."""
    return engagement.forwardings.filter(
        agency=engagement.agency, state=states.FORWARDING_DRAFT
    ).first()


def in_force(engagement: Engagement, agency: Agency) -> Forwarding | None:
    return engagement.forwardings.filter(agency=agency, state=states.FORWARDING_SENT).first()


def frozen_rows(forwarding: Forwarding) -> list[ListRow]:
    """The rows of a sealed list, as they were frozen."""
    return [frozen_row(question) for question in forwarding.questions.order_by("number")]


def frozen_row(question: ForwardedQuestion) -> ListRow:
    if question.status == states.WITHDRAWN:
        return ListRow(number=question.number, is_withdrawn=True, status=states.WITHDRAWN)
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


def stated_digest(forwarding: Forwarding) -> str:
    """The checksum of what is stored of a sealed list: its `digest`, while nobody touched that."""
    facts = forwarding.facts | {"changes": forwarding.changes}
    return forwarded.digest_of_facts(facts, frozen_rows(forwarding))
