"""What the clock and the agenda say: floors that are about to move, labels and their questions."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q

from engagements.models import AuditEntry
from qa import states
from qa.models import CLOCK, Floor, Label

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from engagements.models import Engagement


def clock_due(now: datetime) -> Q:
    """Floors with a moment that has passed and was not applied; as `Floor.due` says."""
    return reduce(
        or_,
        (
            Q(
                ("engagement__state", phase),
                (f"{field}__lte", now),
                (f"{field}__gt", F("clock_at")),
            )
            for phase, field, _state in CLOCK
        ),
    )


def floors_due(now: datetime) -> list[int]:
    return list(Floor.objects.filter(clock_due(now)).order_by("pk").values_list("pk", flat=True))


def labels(engagement: Engagement) -> QuerySet[Label]:
    """In the order of the agenda, each with how many questions have it."""
    return engagement.labels.annotate(asked=Count("questions"))


def by_label(engagement: Engagement) -> list[tuple[str, int]]:
    """Written questions by label, in the order of the agenda; those without one come last, as "".

    They add up to `written_questions`.
    """
    if engagement.is_rehearsal:
        return []
    found = dict(
        Floor.objects.get(engagement=engagement)
        .questions.exclude(state=states.WITHDRAWN)
        .order_by()
        .values_list("label")
        .annotate(Count("pk"))
    )
    named = [(label.name, found.get(label.pk, 0)) for label in engagement.labels.all()]
    return [*named, ("", found[None])] if None in found else named


def has_moved_along(engagement: Engagement) -> bool:
    """The engagement moved, the floor's times with it, and nobody has looked at them since."""
    last = AuditEntry.objects.filter(
        engagement=engagement, action__in=["floor.settings", "floor.moved_along"]
    ).first()
    return last is not None and last.action == "floor.moved_along"
