"""Reads of the floor: what an audience sees at a number, what happened since, the lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Count

from engagements.models import AuditEntry
from qa import events, projection, states
from qa.models import Floor, FloorEvent, Forwarding, Question

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from engagements.models import Engagement, User

MOST_EVENTS = 500
"""Who has missed more than this takes a fresh snapshot instead."""


def floor_of(engagement: Engagement) -> Floor:
    return Floor.objects.select_related("engagement").get(engagement=engagement)


def snapshot(floor_id: int, audience: str) -> dict[str, Any]:
    """Everything that an audience sees now, with the number from which to go on.

    The number is read first: a change in between is told again by its event, which changes nothing.
    """
    floor = Floor.objects.select_related("engagement").get(pk=floor_id)
    view = projection.desk_view if audience == projection.DESK else projection.room_view
    return {
        "type": "snapshot",
        "epoch": floor.epoch,
        "number": head(floor, audience),
        "engagement": floor.engagement.state,
        "floor": floor.state,
        "questions": [view(events.describe(question)) for question in visible(floor, audience)],
    }


def head(floor: Floor, audience: str) -> int:
    """The last number of the log, as this audience counts."""
    return floor.head if audience == projection.DESK else floor.public_head


def visible(floor: Floor, audience: str) -> QuerySet[Question]:
    """The questions that an audience may read at all, in order of their numbers."""
    questions = floor.questions.select_related("category", "decided_by").order_by("number")
    return questions if audience == projection.DESK else questions.filter(state=states.SHOWN)


def events_since(floor_id: int, number: int) -> list[dict[str, Any]]:
    """What all processes should know after a number of the full log, oldest first."""
    found = FloorEvent.objects.filter(floor_id=floor_id, number__gt=number).order_by("number")
    return [events.as_message(event) for event in found]


def missed(floor_id: int, audience: str, *, epoch: str, after: int) -> dict[str, Any] | None:
    """What an audience missed since its number; None when only a snapshot will do."""
    floor = Floor.objects.get(pk=floor_id)
    last = head(floor, audience)
    if epoch != floor.epoch or not last - MOST_EVENTS <= after <= last:
        return None
    column = "number" if audience == projection.DESK else "public_number"
    found = FloorEvent.objects.filter(
        floor=floor, **{f"{column}__gt": after, f"{column}__lte": last}
    ).order_by("number")
    messages = [projection.for_audience(event.kind, event.payload, audience) for event in found]
    if audience == projection.ROOM:
        messages = _without_what_is_gone(floor, messages)
    return {"type": "events", "after": after, "number": last, "events": messages}


def _without_what_is_gone(
    floor: Floor, messages: list[dict[str, Any] | None]
) -> list[dict[str, Any] | None]:
    """The log keeps words that were shown once; who asks for them later does not get them."""
    shown = set(floor.questions.filter(state=states.SHOWN).values_list("number", flat=True))
    return [
        {"type": "question-gone", "number": message["question"]["number"]}
        if message
        and message["type"] == projection.QUESTION
        and message["question"]["number"] not in shown
        else message
        for message in messages
    ]


def own_questions(registration_id: int) -> list[dict[str, Any]]:
    """What a stakeholder has asked, newest first, with what became of each."""
    asked = Question.objects.filter(asker=registration_id).select_related("category", "decided_by")
    return [projection.own_view(events.describe(question)) for question in asked.order_by("-pk")]


def written_questions(engagement: Engagement) -> int:
    """Every question received, shown or not, merged or not; withdrawn ones are not counted."""
    return (
        Question.objects.filter(floor__engagement=engagement)
        .exclude(state=states.WITHDRAWN)
        .count()
    )


class ListedQuestion(NamedTuple):
    """A question as an agency may read it: there is no field for who asked."""

    pk: int
    number: int
    original_text: str
    category: int | None
    state: str
    outcome: str
    dismissal: str


def listed_questions(engagement: Engagement) -> list[ListedQuestion]:
    """All questions of an engagement for its agency, in order of their numbers."""
    rows = Question.objects.filter(floor__engagement=engagement).order_by("number")
    return [ListedQuestion(*row) for row in rows.values_list(*ListedQuestion._fields)]


def dispositions(engagement: Engagement) -> list[tuple[str, str, int]]:
    """Written questions by state and outcome, as (state, outcome, questions); they add up."""
    rows = (
        Question.objects.filter(floor__engagement=engagement)
        .exclude(state=states.WITHDRAWN)
        .order_by("state", "outcome")
        .values_list("state", "outcome")
        .annotate(questions=Count("pk"))
    )
    return list(rows)


def forwardings_of(engagement: Engagement) -> QuerySet[Forwarding]:
    """The lists of an engagement, without their bytes, newest first."""
    return engagement.forwardings.select_related("agency", "sent_by").defer("file")


def forwardings_for(liaison: User) -> QuerySet[Forwarding]:
    """What a liaison may open: lists to the own agency, not recalled."""
    return (
        Forwarding.objects.filter(
            agency=liaison.agency_id,
            agency__isnull=False,
            state__in=[states.FORWARDING_SENT, states.FORWARDING_SUPERSEDED],
        )
        .select_related("engagement__series", "agency")
        .defer("file")
    )


def downloads(forwardings: Iterable[Forwarding]) -> dict[int, list[AuditEntry]]:
    """Who downloaded each list and when, from the audit log."""
    subjects = {f"qa.forwarding:{forwarding.pk}": forwarding.pk for forwarding in forwardings}
    found: dict[int, list[AuditEntry]] = {pk: [] for pk in subjects.values()}
    entries = AuditEntry.objects.filter(action="forwarding.downloaded", subject__in=subjects)
    for entry in entries.select_related("actor__agency"):
        found[subjects[entry.subject]].append(entry)
    return found
