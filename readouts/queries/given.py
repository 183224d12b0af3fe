"""What agencies got of the questions of an engagement, and what they answered in public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from qa import states
from qa.models import ForwardedQuestion, PublishedAnswer
from qa.queries import floor_of, translations_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engagements.models import Engagement
    from qa.models import Translation


class Sent(NamedTuple):
    """When an agency first got a question, and its words on the last list that has it."""

    at: datetime
    text: str
    agency: str


@dataclass(frozen=True)
class Given:
    """What was published to the questions of an engagement, and what agencies got of them."""

    sent: Mapping[int, Sent]
    """By the question's key, as the following too."""
    published: Mapping[int, PublishedAnswer]
    translations: Mapping[int, Translation]


def given_to(engagement: Engagement) -> Given:
    return Given(
        sent=_sent(engagement),
        published=published_answers(engagement),
        translations=translations_of(floor_of(engagement)),
    )


def published_answers(engagement: Engagement) -> dict[int, PublishedAnswer]:
    """The latest published answer to each question, by its key."""
    found = PublishedAnswer.objects.filter(answer__question__floor__engagement=engagement)
    rows = found.select_related("answer__agency", "answer__question").order_by("published_at", "pk")
    return {one.answer.question_id: one for one in rows}


def _sent(engagement: Engagement) -> dict[int, Sent]:
    rows = ForwardedQuestion.objects.filter(
        forwarding__engagement=engagement, forwarding__state__in=states.REACHED_AGENCY
    ).order_by("forwarding__sent_at", "pk")
    found: dict[int, Sent] = {}
    for question, at, text, agency in rows.values_list(
        "question", "forwarding__sent_at", "text", "forwarding__agency__short_name"
    ):
        if at is not None:
            first = found.get(question)
            found[question] = Sent(first.at if first else at, text, agency)
    return found
