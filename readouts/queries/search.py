"""The archive's search: which words an engagement is found by, and what a query finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Max

from engagements.models import AuditEntry
from readouts.queries.posted import posted_answer, posted_questions
from readouts.queries.published import as_plain_text, version_in_force

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engagements.models import Engagement


class Words(NamedTuple):
    """What anybody may read of an engagement now. `public_head`: see `SearchEntry`."""

    title: str
    body: str
    public_head: int | None
    audited_through: int


def words_of(engagement: Engagement) -> Words | None:
    """None where the public does not know of it."""
    if not engagement.is_public:
        return None
    last = AuditEntry.objects.filter(engagement=engagement).aggregate(last=Max("pk"))["last"]
    version = version_in_force(engagement)
    head = engagement.floor.public_head if version else None
    parts = [
        *([as_plain_text(version)] if version else []),
        *_set_up(engagement),
        *(_questions(engagement) if version else []),
    ]
    body = "\n".join(part for part in parts if part)
    return Words(engagement.full_title, body, head, last or 0)


def _set_up(engagement: Engagement) -> Iterator[str]:
    yield engagement.agency.name
    yield engagement.agency.short_name
    yield engagement.about
    yield engagement.description
    yield from map(str, engagement.speakers.all())
    yield from (material.title for material in engagement.materials.all())


def _questions(engagement: Engagement) -> Iterator[str]:
    for question in posted_questions(engagement):
        yield question.label.name if question.label else ""
        yield question.text
        if answer := posted_answer(question):
            yield answer.text
