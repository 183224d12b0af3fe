"""Messages backstage as a page shows them to one reader."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import template

from qa import queries

if TYPE_CHECKING:
    from engagements.models import Speaker, User
    from qa.models import Floor

register = template.Library()


@register.simple_tag
def backstage_name(reader: User | Speaker) -> str:
    """By which name the list knows its reader."""
    return queries.backstager(reader)["who"]


@register.simple_tag
def backstage_notes(floor: Floor, reader: str) -> list[dict[str, Any]]:
    """The newest messages, the last one first; `is_due` where the reader has not acknowledged."""
    return [
        {
            **note,
            "at": datetime.fromisoformat(note["at"]),
            "is_due": reader not in {one["who"] for one in (note["by"], *note["read_by"])},
            "readers": ", ".join(one["name"] for one in note["read_by"]),
        }
        for note in queries.backstage(floor.pk)["messages"]
    ]
