"""What waits for a person's approval, for the office's home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from engagements.models import User
from readouts import queries

if TYPE_CHECKING:
    from engagements.rules import Visitor

register = template.Library()


@register.inclusion_tag("readouts/staff/_to_clear.html")
def to_clear(user: Visitor) -> dict[str, Any]:
    """Readouts at whose next step this person approves. One query for who approves nowhere."""
    return {"waiting": queries.to_clear(user) if isinstance(user, User) else []}
