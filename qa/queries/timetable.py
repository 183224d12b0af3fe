"""Which floors their clock is about to move."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import F, Q

from qa.models import CLOCK, Floor

if TYPE_CHECKING:
    from datetime import datetime


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
