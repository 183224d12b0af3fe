"""What moderators choose from, and whose questions they take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.models import DismissalReason, Silence

if TYPE_CHECKING:
    from collections.abc import Collection

    from qa import messages
    from qa.models import Floor


def dismissal_reasons() -> list[tuple[str, str]]:
    """The office's reasons in use, as (code, label)."""
    return list(DismissalReason.objects.filter(is_active=True).values_list("code", "label"))


def silenced(floor: Floor, registrations: Collection[int]) -> set[int]:
    """Those of them that read and vote here, and may not ask."""
    found = Silence.objects.filter(floor=floor, registration__in=registrations, ended_at=None)
    return set(found.values_list("registration", flat=True))


def standing(floor_id: int, registration_id: int) -> messages.OwnStanding:
    """What a stakeholder is told of it."""
    found = Silence.objects.filter(floor=floor_id, registration=registration_id, ended_at=None)
    reason = found.values_list("reason", flat=True).first()
    return {"type": "own-standing", "silenced": reason is not None, "reason": reason or ""}
