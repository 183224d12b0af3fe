"""Large attendance lists are read where nobody waits for the page."""

from __future__ import annotations

from django_tasks import task

from engagements.actions import list_reading


@task
def read_list(pk: int) -> None:
    """May run twice, and twice at once."""
    list_reading.read(pk)
