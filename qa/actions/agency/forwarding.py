"""Forward everything in one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from qa.actions.agency import downloading, drafting, exporting, recalling, sealing

if TYPE_CHECKING:
    from engagements.models import Engagement, User
    from qa.models import Forwarding


@transaction.atomic
def forward(engagement: Engagement, *, by: User) -> Forwarding:
    return sealing.seal(drafting.begin(engagement, by=by), by=by)


def recall(forwarding: Forwarding, *, by: User, reason: str = "A mistake.") -> Forwarding:
    return recalling.recall(forwarding, by=by, reason=reason)


download = downloading.download
export = exporting.export
ExportedList = exporting.ExportedList
