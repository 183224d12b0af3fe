"""Files with answers that an agency brought back for its lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.models import AnswerUpload

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qa.models import Forwarding


def uploads_of(forwarding: Forwarding) -> QuerySet[AnswerUpload]:
    """The latest first, without the files and what is in them."""
    found = AnswerUpload.objects.filter(forwarding=forwarding)
    return found.defer("content", "rows", "problems").select_related("uploaded_by", "decided_by")


def upload_of(forwarding: Forwarding, pk: int) -> AnswerUpload | None:
    """With what is in it, without the file."""
    found = AnswerUpload.objects.filter(forwarding=forwarding, pk=pk).defer("content")
    return found.select_related(
        "uploaded_by", "decided_by", "forwarding__engagement__series", "forwarding__agency"
    ).first()
