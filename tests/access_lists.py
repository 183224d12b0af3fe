"""Attendance lists for the world of the access matrix, one in each state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from engagements.actions import list_counting, listing
from tests import factories

if TYPE_CHECKING:
    from engagements.models import AttendanceList, Engagement, User


class SameFile(SimpleUploadedFile):
    """Sent by one visitor after the other, from its beginning."""

    def read(self, *size: int) -> bytes:
        self.seek(0)
        content: bytes = super().read(*size)
        return content


def lay(engagement: Engagement, by: User) -> dict[str, Any]:
    """The names of the lists, and of what their forms send."""
    factories.make_registration(engagement, "Carla Abara")
    applied = _read(engagement, b"Name,Minutes\nNobody else,5\n", by)
    applied = list_counting.apply(applied, by=by, revision=applied.revision)
    review = _read(engagement, b"Name,Minutes\nCarla Abarra,5\n", by)
    doubtful = review.people.get()
    mapping = listing.upload(engagement, name="m.csv", content=b"Name,Email\nM,\n", by=by)
    stated = listing.upload(engagement, name="s.csv", content=b"Name,Category\nS,Pilot\n", by=by)
    stated = _named(stated, by)
    return {
        "list-file": SameFile("new.csv", b"Name,Email\nNew,new@mail.example\n"),
        "list-applied": applied.pk,
        "list-applied-revision": applied.revision,
        "list-review": review.pk,
        "list-review-revision": review.revision,
        "list-person": doubtful.pk,
        "list-matches": {f"person-{doubtful.pk}": "nobody"},
        "list-mapping": mapping.pk,
        "list-columns": {"kind-0": "attendees", "column-0-0": "name", "column-0-1": "email"},
        "list-stated": stated.pk,
    }


def _read(engagement: Engagement, content: bytes, by: User) -> AttendanceList:
    return _named(listing.upload(engagement, name="list.csv", content=content, by=by), by)


def _named(listed: AttendanceList, by: User) -> AttendanceList:
    return listing.name_columns(
        listed,
        by=by,
        revision=listed.revision,
        kinds=listed.choices["kinds"],
        columns=listed.choices["columns"],
        zone="UTC",
    )
