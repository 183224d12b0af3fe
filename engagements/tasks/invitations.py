"""Invitations of a long list, a part at a time."""

from __future__ import annotations

from django_tasks import task

from engagements.actions import inviting
from engagements.models import Engagement


@task
def lay_invitations(engagement: int) -> int:
    """Lay the mails that are due. Each part is a transaction of its own, so a killed worker's next
    run goes on where it stopped, and nobody waits for all of them."""
    found = Engagement.objects.get(pk=engagement)
    laid = 0
    while part := inviting.lay(found):
        laid += part
    return laid
