"""Reads of what coordinator, moderators and speakers write to each other, and of their devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qa.models import BackstageMessage, Floor, ViewLink

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from engagements.models import Speaker, User
    from qa import messages
    from qa.models import Acknowledgement

NEWEST: Final = 20
"""Messages that are told; older ones nobody needs in the hour."""


def backstage(floor_id: int) -> messages.Backstage:
    """The mark is read first: a change in between is told again by the next look."""
    mark = Floor.objects.values_list("backstage_mark", flat=True).get(pk=floor_id)
    written = BackstageMessage.objects.filter(floor=floor_id).select_related("by", "by_speaker")
    newest = written.prefetch_related("acknowledgements__by", "acknowledgements__by_speaker")
    return {
        "type": "backstage",
        "mark": mark,
        "messages": [_note(message) for message in newest[:NEWEST]],
    }


def backstager(person: User | Speaker) -> messages.Backstager:
    """How the list names an account or a speaker."""
    return {"who": f"{person._meta.model_name}:{person.pk}", "name": person.name}


def view_links(floor: Floor) -> QuerySet[ViewLink]:
    """All that were made, the latest first."""
    return floor.view_links.select_related("speaker", "made_by", "revoked_by").order_by("-pk")


def _note(message: BackstageMessage) -> messages.BackstageNote:
    return {
        "number": message.pk,
        "text": message.text,
        "by": _person(message),
        "at": message.at.isoformat(),
        "read_by": [_person(one) for one in message.acknowledgements.all()],
    }


def _person(row: BackstageMessage | Acknowledgement) -> messages.Backstager:
    person = row.by_speaker or row.by
    if person is None:
        raise AssertionError("the database holds one of the two")
    return backstager(person)
